#include "topology/farm.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <random>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>

#include "platform/process.h"
#include "platform/thread.h"
#include "topology/command_kind.h"
#include "topology/shard_key.h"

namespace myfabric::topology {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto shortest_ttl = 1s;
constexpr Clock::time_point any_time;
constexpr auto rest_after_failure = 1s;
constexpr auto rest_after_report = 1s;
constexpr auto first_quarantine = 1000ms;
constexpr auto longest_quarantine = 60'000ms;
// Between two looks for those who wait for other servers: so much at least, and so many times what
// a look takes, as the nodes have few workers for everybody.
constexpr auto shortest_rest = 20ms;
constexpr int rest_per_look = 3;

struct Quarantined {
    Clock::time_point until;
    std::chrono::milliseconds length{0};
};

std::string what(std::exception_ptr exception) {
    try {
        std::rethrow_exception(exception);
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "an unknown exception";
    }
}

}  // namespace

/// All that belongs to one process. Loads are numbered: a caller who needs a load that begins after
/// he came waits for a number above that of the load going on.
struct Farm::State {
    State(const FarmOptions& farm_options, const Maker& maker, const Now& clock)
        : options(farm_options), source(maker()), name(source->name()), now(clock) {}

    ~State() {
        {
            const std::lock_guard lock(mutex);
            stopping = true;
        }
        source->stop();
        changed.notify_all();
        if (background.thread.joinable()) background.thread.join();
        {
            const std::lock_guard lock(reports.mutex);
            reports.stopping = true;
        }
        reports.changed.notify_all();
        if (reports.thread.joinable()) reports.thread.join();
    }

    const FarmOptions& options;
    const std::unique_ptr<Source> source;
    const std::string name;
    const Now& now;
    const platform::ProcessId process = platform::process_id();

    std::mutex mutex;
    std::condition_variable changed;
    std::shared_ptr<const Topology> current;
    std::uint64_t version = 0;
    struct Loads {
        std::uint64_t begun = 0;     // number of the newest one
        Clock::time_point began;     // when it did
        std::uint64_t finished = 0;  // the same when none is going on
        FarmCounters counters;
    };
    Loads loads;
    std::exception_ptr failure;  // of the newest load that finished
    std::string last_error;
    std::shared_ptr<Log> log;
    Clock::time_point due;          // when a background refresh may begin
    Clock::time_point retry_after;  // the source failed: no further try on evidence before
    struct Background {
        std::thread thread;
        bool runs = false;            // it has not yet come to its end
        bool refresh = false;         // a load is wished
        unsigned awaiting = 0;        // so many wait for other servers
        bool looking = false;         // for them, whether a load is worth it
        Clock::time_point next_look;  // not before; of the real clock, as it is slept for
    };
    Background background;
    bool outdated = false;  // a command has changed the farm since `current` was loaded
    bool stopping = false;

    struct Reports {
        std::mutex mutex;
        std::condition_variable changed;
        std::deque<Report> queue;                                 // to be made
        std::unordered_map<std::string, Clock::time_point> made;  // when, by uuid
        std::thread thread;
        bool stopping = false;
    };
    Reports reports;

    struct Quarantine {
        std::mutex mutex;
        std::unordered_map<std::string, Quarantined> servers;
        std::minstd_rand jitter{std::random_device{}()};
    };
    Quarantine quarantine;

    bool loading() const { return loads.begun != loads.finished; }
    bool source_is_busy() const { return background.looking || loading(); }

    void count_call() {
        const std::lock_guard lock(mutex);
        ++loads.counters.node_calls;
    }
    void make_reports();
    void note_failed_report(const std::string& uuid, const std::string& why);

    /// When the next load may begin, and how long callers do not wait for one. A farm that answers
    /// slowly is asked less often: its nodes have few workers for everybody.
    void plan_next(bool failed, Clock::duration took, Clock::duration age) {
        const Clock::duration ttl = current ? current->ttl : shortest_ttl;
        due = now() +
              std::max<Clock::duration>(ttl, failed || !source->wants_rest() ? ttl : 10 * took) -
              age;
        if (failed)
            retry_after = now() + std::max<Clock::duration>(rest_after_failure, 2 * took);
        else
            retry_after = {};
    }

    /// A snapshot whose load began at `oldest` or later, if the source gives one.
    void load_since(std::unique_lock<std::mutex>& lock, Clock::time_point oldest) {
        while (current->loaded() < oldest && !stopping) {
            if (now() < retry_after) return;
            if (source_is_busy())
                changed.wait(lock);
            else
                load(lock, oldest);
        }
    }

    /// The newest snapshot. Whoever came when the load `finished` was the last one has not waited
    /// when it still is.
    std::shared_ptr<const Topology> answer(std::uint64_t finished) {
        if (loads.finished == finished) ++loads.counters.cache_hits;
        return current;
    }

    /// What every caller that has a snapshot does past the TTL.
    void look_again(std::unique_lock<std::mutex>& lock) {
        if (now() < due) return;
        due = now() + current->ttl;
        if (!source->loads_at_once())
            refresh_in_background();
        else if (!source_is_busy())
            load(lock, any_time);
    }

    /// The end of a load, without the lock. A failure is reported once, until it ends or is
    /// another. `before` is the last load's failure, `loaded` null when this one failed, too,
    /// or found the same.
    void log_load(Log& to, const std::string& before, const std::string& error,
                  const Topology* loaded, std::uint64_t last_version) const {
        if (error.empty() && !loaded) {
            if (!before.empty())
                to.write(LogLevel::info,
                         "the farm can be read again, version " + std::to_string(last_version) +
                             " stays",
                         {.source = name});
        } else if (loaded) {
            const bool news = last_version == 0 || !before.empty();
            to.write(news ? LogLevel::info : LogLevel::debug,
                     "version " + std::to_string(last_version + 1) +
                         " of the farm: " + std::to_string(loaded->groups.size()) + " groups",
                     {.source = name});
        } else if (error != before) {
            to.write(LogLevel::warning,
                     (last_version ? "the farm could not be read anew, version " +
                                         std::to_string(last_version) + " stays: "
                                   : "the farm cannot be read: ") +
                         error,
                     {.source = name});
        }
    }

    /// One load; `lock` is released while the source works. A snapshot that was loaded at `oldest`
    /// or later, by another process, will do.
    void load(std::unique_lock<std::mutex>& lock, Clock::time_point oldest) {
        const std::uint64_t number = ++loads.begun;
        background.refresh = false;  // this one serves, too
        const std::uint64_t last_version = version;
        const std::exception_ptr before = failure;
        const std::shared_ptr<Log> to = log;
        const auto start = loads.began = now();
        const auto really_began = Clock::now();
        const bool may_be_as_it_was = current && source->loads_at_once();
        lock.unlock();
        std::shared_ptr<Topology> loaded;
        std::exception_ptr thrown;
        bool as_it_was = false;
        try {
            as_it_was = may_be_as_it_was && !source->may_have_changed();
            if (!as_it_was) loaded = std::make_shared<Topology>(source->load_since(oldest));
        } catch (...) {
            thrown = std::current_exception();
        }
        std::string error = thrown ? what(thrown) : std::string();
        if (to)
            log_load(*to, before ? what(before) : std::string(), error, loaded.get(), last_version);
        lock.lock();
        if (loaded && loaded->loaded() == any_time) loaded->load_time.set(start);
        const bool of_others = loaded && loaded->loaded() < start;
        if (!of_others) ++loads.counters.node_calls;
        const Clock::duration age = of_others ? now() - loaded->loaded() : Clock::duration();
        if (as_it_was) {
            current->load_time.set(start);
        } else if (loaded) {
            loaded->ttl = fresh_for(*loaded, options);
            loaded->version = ++version;
            ++loads.counters.refreshes;
            loaded->source = name;
            if (current) keep_disabled_shards(*current, *loaded);
            current = std::move(loaded);
        }
        failure = thrown;
        last_error = std::move(error);
        plan_next(thrown != nullptr, now() - start, age);
        plan_look(thrown != nullptr, Clock::now() - really_began);
        loads.finished = number;
        changed.notify_all();
    }

    /// Returns after a load that began after the call, or when the source has just failed. One
    /// thread loads for all that wait.
    void load_anew(std::unique_lock<std::mutex>& lock) {
        const std::uint64_t needed = loads.begun + 1;
        while (loads.finished < needed && !stopping) {
            if (now() < retry_after) return;
            if (source_is_busy())
                changed.wait(lock);
            else
                load(lock, now());
        }
    }

    /// The first load of all, as often as the options say. Others wait for its outcome.
    void load_first(std::unique_lock<std::mutex>& lock) {
        for (unsigned attempt = 1; !current; ++attempt) {
            if (source_is_busy()) {
                changed.wait(lock, [&] { return !source_is_busy(); });
            } else {
                load(lock, any_time);
            }
            if (current) return;
            const bool again = attempt < options.connection_attempts && !stopping && may_pass();
            if (!again) std::rethrow_exception(failure);
            changed.wait_for(lock, std::chrono::seconds(options.connection_delay),
                             [&] { return stopping || current; });
        }
    }

    bool may_pass() const {
        try {
            std::rethrow_exception(failure);
        } catch (const Unreachable&) {
            return true;
        } catch (...) {
            return false;
        }
    }

    void plan_look(bool failed, Clock::duration took) {
        const Clock::duration rest =
            failed ? std::max<Clock::duration>(rest_after_failure, 2 * took)
                   : std::max<Clock::duration>(shortest_rest,
                                               source->wants_rest() ? rest_per_look * took : took);
        background.next_look = Clock::now() + rest;
    }

    /// For those who wait for other servers: a load, if there is anything new.
    void look_for_news(std::unique_lock<std::mutex>& lock) {
        background.looking = true;
        ++loads.counters.node_calls;
        const auto began = now();
        lock.unlock();
        bool news = false;
        std::string error;
        try {
            news = source->may_have_changed();
        } catch (...) {
            error = what(std::current_exception());
        }
        lock.lock();
        background.looking = false;
        const Clock::duration took = now() - began;
        plan_look(!error.empty(), took);
        if (!error.empty()) {
            // As after a load: callers that came meanwhile do not wait for a silent node once more.
            retry_after = now() + std::max<Clock::duration>(rest_after_failure, 2 * took);
            last_error = std::move(error);
        }
        changed.notify_all();
        if (news && !loading() && !stopping) load(lock, now());
    }

    void refresh_in_background() {
        if (loading()) return;
        background.refresh = true;
        work_in_background();
        changed.notify_all();  // its thread may rest after a failed look
    }

    /// The thread ends when nothing is left to do; the next one takes its place.
    void work_in_background() {
        if (background.runs) return;
        if (background.thread.joinable()) background.thread.join();  // it needs no lock any more
        try {
            background.thread = platform::quiet_thread([this] {
                std::unique_lock lock(mutex);
                while (!stopping && (background.refresh || background.awaiting)) {
                    if (source_is_busy())
                        changed.wait(lock);
                    else if (std::exchange(background.refresh, false))
                        load(lock, any_time);
                    else if (Clock::now() < background.next_look)
                        changed.wait_until(lock, background.next_look);
                    else
                        look_for_news(lock);
                }
                background.runs = false;
            });
            background.runs = true;
        } catch (const std::system_error& error) {
            last_error = std::string("no thread for a refresh: ") + error.what();
        }
    }
};

Farm::Farm(const FarmOptions& options, Maker maker, Now now)
    : options_(options), maker_(std::move(maker)), now_(std::move(now)) {
    state_ = new State(options_, maker_, now_);
}

Farm::~Farm() {
    State* state = state_;
    if (state->process == platform::process_id())
        delete state;  // in a forked child it is the parent's
}

/// In a forked child locks may be held, and threads expected, that exist only in the parent. So the
/// child gets its own state; the parent's is left alone and never freed.
Farm::State& Farm::state() const {
    State* present = state_.load(std::memory_order_acquire);
    if (present->process == platform::process_id()) [[likely]]
        return *present;
    auto own = std::make_unique<State>(options_, maker_, now_);
    if (state_.compare_exchange_strong(present, own.get())) return *own.release();
    return *present;  // another thread of the child was first
}

std::shared_ptr<const Topology> Farm::topology() {
    State& state = this->state();
    std::unique_lock lock(state.mutex);
    const std::uint64_t finished = state.loads.finished;
    if (!state.current)
        state.load_first(lock);
    else if (std::exchange(state.outdated, false))
        state.load_anew(lock);
    else
        state.look_again(lock);
    return state.answer(finished);
}

std::shared_ptr<const Topology> Farm::topology(std::chrono::seconds max_age) {
    State& state = this->state();
    std::unique_lock lock(state.mutex);
    const std::uint64_t finished = state.loads.finished;
    if (!state.current) {
        state.load_first(lock);
    } else if (std::exchange(state.outdated, false)) {
        state.load_anew(lock);
    } else {
        const auto now = now_();
        if (now - state.current->loaded() > std::max(max_age, state.current->ttl)) [[unlikely]]
            state.load_since(lock, now);
        state.look_again(lock);
    }
    return state.answer(finished);
}

std::shared_ptr<const Topology> Farm::look() {
    State& state = this->state();
    std::unique_lock lock(state.mutex);
    if (!state.current) return nullptr;
    const auto now = now_();
    if (state.source->loads_at_once())
        state.look_again(lock);
    else if (now - state.current->loaded() >= state.current->ttl &&
             (!state.failure || now >= state.due))
        state.refresh_in_background();
    return state.current;
}

std::shared_ptr<const Topology> Farm::topology_since(Clock::time_point oldest) {
    State& state = this->state();
    std::unique_lock lock(state.mutex);
    if (!state.current) {
        state.load_first(lock);
    } else {
        state.load_since(lock, oldest);
        state.look_again(lock);
    }
    return state.current;
}

std::shared_ptr<const Topology> Farm::refresh(const Topology&) {
    State& state = this->state();
    std::unique_lock lock(state.mutex);
    if (!state.current) {
        state.load_first(lock);
    } else {
        state.load_anew(lock);
    }
    return state.current;
}

std::shared_ptr<const Topology> Farm::newer_than(const Topology& seen, Clock::duration longest) {
    State& state = this->state();
    std::unique_lock lock(state.mutex);
    if (!state.current) state.load_first(lock);
    const auto has_come = [&] { return state.current.get() != &seen; };
    if (!has_come()) {
        ++state.background.awaiting;
        state.work_in_background();
        state.changed.wait_for(lock, longest, [&] { return has_come() || state.stopping; });
        --state.background.awaiting;
    }
    return state.current;
}

/// One report after the other, until the farm is closed.
void Farm::State::make_reports() {
    std::unique_lock lock(reports.mutex);
    while (true) {
        reports.changed.wait(lock, [this] { return reports.stopping || !reports.queue.empty(); });
        if (reports.stopping) return;
        const Report report = std::move(reports.queue.front());
        reports.queue.pop_front();
        lock.unlock();
        count_call();
        try {
            source->reporter()->report(report);
        } catch (...) {
            note_failed_report(report.uuid, what(std::current_exception()));
        }
        lock.lock();
    }
}

void Farm::State::note_failed_report(const std::string& uuid, const std::string& why) {
    const std::string error = "the report about server " + uuid + " failed: " + why;
    std::unique_lock lock(mutex);
    last_error = error;
    const std::shared_ptr<Log> to = log;
    lock.unlock();
    if (to) to->write(LogLevel::warning, error, {.source = name});
}

void Farm::report(const Report& report) noexcept {
    try {
        State& state = this->state();
        if (!state.source->reporter()) return;
        const std::lock_guard lock(state.reports.mutex);
        const auto now = now_();
        const auto [last, fresh] = state.reports.made.try_emplace(report.uuid, now);
        if (!fresh && now - last->second < rest_after_report) return;
        last->second = now;
        state.reports.queue.push_back(report);
        if (!state.reports.thread.joinable())
            state.reports.thread = platform::quiet_thread([&state] { state.make_reports(); });
        state.reports.changed.notify_one();
    } catch (...) {
        // Without memory or threads there is nothing more to report.
    }
}

Reply Farm::execute(const std::string& command, const std::vector<Value>& arguments) {
    State& state = this->state();
    Commands* const commands = state.source->commands();
    if (!commands)
        throw Error(state::not_implemented,
                    "the farm's source " + state.name + " has no commands, so not " + command);
    const bool changes = command_kind(command) != CommandKind::reads;
    state.count_call();
    try {
        Reply reply = commands->execute(command, arguments);
        const std::lock_guard lock(state.mutex);
        state.outdated |= changes;
        return reply;
    } catch (...) {
        // It may have run nevertheless; no caller has to wait to learn that.
        const std::lock_guard lock(state.mutex);
        if (changes) state.due = now_();
        throw;
    }
}

void Farm::log_to(const std::shared_ptr<Log>& log) {
    State& state = this->state();
    const std::lock_guard lock(state.mutex);
    if (!state.log) state.log = log;
}

std::string Farm::last_error() const {
    State& state = this->state();
    const std::lock_guard lock(state.mutex);
    return state.last_error;
}

FarmCounters Farm::counters() const {
    State& state = this->state();
    const std::lock_guard lock(state.mutex);
    return state.loads.counters;
}

std::string Farm::name() const {
    return state().name;
}

void Farm::quarantine(const std::string& address) {
    State& state = this->state();
    const std::lock_guard lock(state.quarantine.mutex);
    Quarantined& server = state.quarantine.servers[address];
    const auto now = now_();
    if (now < server.until) return;  // several connections saw the same failure
    if (now > server.until + longest_quarantine) server.length = 0ms;  // that was another story
    server.length = std::clamp<std::chrono::milliseconds>(server.length * 2, first_quarantine,
                                                          longest_quarantine);
    std::uniform_real_distribution<double> around(0.8, 1.2);
    server.until = now + std::chrono::duration_cast<Clock::duration>(
                             server.length * around(state.quarantine.jitter));
}

bool Farm::is_quarantined(const std::string& address) const {
    State& state = this->state();
    const std::lock_guard lock(state.quarantine.mutex);
    const auto found = state.quarantine.servers.find(address);
    return found != state.quarantine.servers.end() && now_() < found->second.until;
}

void Farm::works_again(const std::string& address) {
    State& state = this->state();
    const std::lock_guard lock(state.quarantine.mutex);
    state.quarantine.servers.erase(address);
}

std::shared_ptr<const Topology> Farm::last() const {
    State& state = this->state();
    const std::lock_guard lock(state.mutex);
    return state.current;
}

void Farm::begin_with(std::shared_ptr<const Topology> snapshot) {
    State& state = this->state();
    const std::lock_guard lock(state.mutex);
    const auto due = snapshot->loaded() + snapshot->ttl;
    if (state.current || state.source->loads_at_once() || now_() >= due) return;
    state.version = snapshot->version;
    state.current = std::move(snapshot);
    state.due = due;
}

}  // namespace myfabric::topology
