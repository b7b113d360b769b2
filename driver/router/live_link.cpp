#include "router/live_link.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "base/error.h"
#include "mysql/attempt.h"
#include "mysql/connection.h"
#include "platform/socket.h"
#include "platform/thread.h"
#include "router/destination.h"

namespace myfabric::router {
namespace {

using namespace std::chrono_literals;

constexpr auto long_wait = 1000ms;  // after which the farm is asked whether the wait makes sense
constexpr auto look_every = 200ms;
constexpr auto time_to_stop = 1000ms;

}  // namespace

void LiveLink::attach(std::shared_ptr<const Contact> contact, std::shared_ptr<const Here> here,
                      const std::shared_ptr<topology::Farm>& farm, topology::Mode mode) {
    const std::lock_guard lock(mutex_);
    contact_ = std::move(contact);
    ++servers_;
    here_ = std::move(here);
    if (farm_ != farm) farm_ = farm;
    mode_ = mode;
    broken_ = Broken::no;
}

void LiveLink::detach() noexcept {
    const std::lock_guard lock(mutex_);
    contact_.reset();
}

void LiveLink::aim(std::shared_ptr<const Here> here, topology::Mode mode) {
    const std::lock_guard lock(mutex_);
    here_ = std::move(here);
    mode_ = mode;
}

std::shared_ptr<ServerSession> LiveLink::log_in(const LogIn& log_in, const mysql::Login& login,
                                                const std::shared_ptr<const Here>& place,
                                                const std::shared_ptr<topology::Farm>& farm,
                                                topology::Mode mode) {
    // When the wait is given up, what is begun ends with the thread.
    const auto begun = std::make_shared<std::shared_ptr<ServerSession>>();
    const auto attempt = mysql::Attempt::start([begun, log_in, login] { *begun = log_in(login); });
    {
        const std::lock_guard lock(mutex_);
        pending_ = attempt;
        ++servers_;
        here_ = place;
        farm_ = farm;
        mode_ = mode;
        broken_ = given_up_ = Broken::no;
    }
    const auto end = [this] {
        const std::lock_guard lock(mutex_);
        pending_.reset();
        return given_up_;
    };
    bool done = false;
    try {
        done = attempt->wait();
    } catch (...) {
        end();
        throw;
    }
    const Broken why = end();
    if (done) return std::move(*begun);
    if (why == Broken::replaced)
        throw Error::from_server("08001", 2013,
                                 "the login to " + place->server.address() +
                                     " was given up, as the farm no longer gives this server",
                                 Cause::cannot_connect, true);
    throw Error::from_server(
        why == Broken::connection_timeout ? "HYT01" : "HYT00", 2013,
        "the server " + place->server.address() + " did not answer to the login in time",
        Cause::cannot_connect, true);
}

bool LiveLink::usable() const {
    const std::lock_guard lock(mutex_);
    return contact_ && broken_ == Broken::no && contact_->socket.usable();
}

std::shared_ptr<const Here> LiveLink::here() const {
    const std::lock_guard lock(mutex_);
    return here_;
}

LiveLink::Broken LiveLink::broken() const {
    const std::lock_guard lock(mutex_);
    return broken_;
}

void LiveLink::cancel(std::chrono::milliseconds longest) {
    std::shared_ptr<const Contact> contact;
    {
        const std::lock_guard lock(mutex_);
        contact = contact_;
    }
    if (!contact || contact->thread == 0) return;
    mysql::Login login = contact->login;
    login.database.clear();
    const auto seconds = std::max<unsigned>(
        1, static_cast<unsigned>(std::chrono::ceil<std::chrono::seconds>(longest).count()));
    login.connect_timeout = login.read_timeout = login.write_timeout = seconds;
    const std::string sql = "KILL QUERY " + std::to_string(contact->thread);
    // In its own thread, as a login may take longer than each of its steps.
    const auto attempt =
        mysql::Attempt::start([login, sql] { mysql::Connection(login).execute(sql); });
    if (!attempt->wait(longest))
        throw Error(state::timeout, "the server did not take the wish to stop the statement");
}

void LiveLink::break_link(Broken why) noexcept {
    const std::lock_guard lock(mutex_);
    if (pending_) {
        if (given_up_ == Broken::no) given_up_ = why;
        pending_->give_up();
    }
    if (!has_link()) return;
    if (broken_ == Broken::no) broken_ = why;
    contact_->socket.shut_down();
}

bool LiveLink::is_replaced() const {
    std::shared_ptr<topology::Farm> farm;
    std::string address, group;
    topology::Mode mode;
    {
        const std::lock_guard lock(mutex_);
        if (!farm_ || !here_ || (!has_link() && !pending_)) return false;
        farm = farm_;
        address = here_->server.address();
        group = here_->group;
        mode = mode_;
    }
    try {
        const auto snapshot = farm->look();
        return snapshot && serving(*snapshot, group, mode, address) == Serving::no;
    } catch (...) {
        return false;  // without a snapshot there is no evidence
    }
}

bool LiveLink::look(Clock::time_point now) {
    const std::uint64_t call = calls_.load();
    if (call % 2 == 0) return false;
    const std::uint64_t servers = servers_.load();
    if (call != watched_.call) watched_.call_since = now;
    if (call != watched_.call || servers != watched_.servers) watched_.wait_since = now;
    watched_.call = call;
    watched_.servers = servers;
    // Another call that began meanwhile is not meant.
    const auto goes_on = [&] { return calls_.load() == call && servers_.load() == servers; };
    const std::chrono::seconds query(query_limit_.load());
    const std::chrono::seconds longest(limit_.load());
    if (query.count() && now - watched_.call_since >= query) {
        if (watched_.stopped_call != call) {
            watched_.stopped_call = call;
            watched_.stopped_at = now;
            stop_query(call);
        } else if (now - watched_.stopped_at >= 2 * time_to_stop && calls_.load() == call) {
            break_link(Broken::query_timeout);
        }
    }
    if (longest.count() && now - watched_.wait_since >= longest) {
        if (goes_on()) break_link(Broken::connection_timeout);
    } else if (now - watched_.wait_since >= long_wait && is_replaced() && goes_on()) {
        break_link(Broken::replaced);
    }
    return true;
}

/// KILL QUERY, beside the watch, which has others to look after.
void LiveLink::stop_query(std::uint64_t call) {
    {
        const std::lock_guard lock(mutex_);
        expired_ = true;
        if (query_limit_ == 0 || calls_ != call) {  // it has ended meanwhile
            expired_ = false;
            return;
        }
        stopping_ = true;
    }
    const auto done = [](LiveLink& link) {
        const std::lock_guard lock(link.mutex_);
        link.stopping_ = false;
        link.stopped_.notify_all();
    };
    try {
        platform::quiet_thread([self = shared_from_this(), done] {
            try {
                self->cancel(time_to_stop);
            } catch (...) {
                self->break_link(Broken::query_timeout);
            }
            done(*self);
        }).detach();
    } catch (...) {
        break_link(Broken::query_timeout);
        done(*this);
    }
}

bool LiveLink::end_query_limit() {
    query_limit_ = 0;
    if (!expired_) return false;
    // What is on its way to stop this call must not meet the next one.
    std::unique_lock lock(mutex_);
    stopped_.wait(lock, [this] { return !stopping_; });
    return expired_.exchange(false);
}

Watch::~Watch() {
    if (process_ != platform::process_id()) {
        new (std::nothrow)
            std::thread(std::move(thread_));  // a forked child: it exists in the parent only
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Watch::add(const std::shared_ptr<LiveLink>& link) {
    const std::lock_guard lock(mutex_);
    std::erase_if(links_, [](const auto& known) { return known.expired(); });
    if (std::ranges::any_of(links_, [&](const auto& known) { return known.lock() == link; }))
        return;
    links_.push_back(link);
    if (!thread_.joinable()) thread_ = platform::quiet_thread([this] { run(); });
    changed_.notify_all();
}

void Watch::run() {
    std::unique_lock lock(mutex_);
    std::vector<std::shared_ptr<LiveLink>> looked_at;
    while (!stopping_) {
        std::erase_if(links_, [](const auto& known) { return known.expired(); });
        if (links_.empty()) {
            changed_.wait(lock);
            continue;
        }
        for (const auto& known : links_)
            if (auto link = known.lock()) looked_at.push_back(std::move(link));
        lock.unlock();
        const auto now = LiveLink::Clock::now();
        for (const auto& link : looked_at) link->look(now);
        looked_at.clear();  // the last reference may have been ours
        lock.lock();
        changed_.wait_for(lock, look_every);
    }
}

}  // namespace myfabric::router
