#include "mysql/attempt.h"

#include <utility>

#include "mysql/client_thread.h"
#include "platform/thread.h"

namespace myfabric::mysql {

std::shared_ptr<Attempt> Attempt::start(std::function<void()> body) {
    auto attempt = std::make_shared<Attempt>();
    platform::quiet_thread([attempt, body = std::move(body)]() mutable {
        const ClientThread library;
        std::exception_ptr error;
        try {
            body();
        } catch (...) {
            error = std::current_exception();
        }
        body = nullptr;  // what only the work needed ends before anybody hears of it
        const std::lock_guard lock(attempt->mutex_);
        attempt->error_ = std::move(error);
        attempt->done_ = true;
        attempt->changed_.notify_all();
    }).detach();
    return attempt;
}

bool Attempt::wait(std::chrono::nanoseconds longest) {
    std::unique_lock lock(mutex_);
    const auto over = [this] { return done_ || given_up_; };
    if (longest.count() == 0)
        changed_.wait(lock, over);
    else
        changed_.wait_for(lock, longest, over);
    if (done_ && error_) std::rethrow_exception(std::exchange(error_, nullptr));
    return done_;
}

void Attempt::give_up() noexcept {
    const std::lock_guard lock(mutex_);
    given_up_ = true;
    changed_.notify_all();
}

}  // namespace myfabric::mysql
