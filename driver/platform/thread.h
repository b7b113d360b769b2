// Threads that the driver starts itself, and the signals, which belong to the application.
#pragma once

#include <signal.h>

#include <thread>
#include <utility>

namespace myfabric::platform {

/// While it lives, this thread and those that it starts receive no signals.
class SignalsBlocked {
public:
    SignalsBlocked() noexcept;
    ~SignalsBlocked();
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
    sigset_t before_;
};

/// Starts a thread that receives none of the application's signals. Throws std::system_error.
template <class Body>
std::thread quiet_thread(Body&& body) {
    const SignalsBlocked blocked;
    return std::thread(std::forward<Body>(body));
}

/// While it lives, writing to a socket that the other side has closed raises no SIGPIPE in this
/// thread. A SIGPIPE that was pending before stays so.
class SigpipeBlocked {
public:
    SigpipeBlocked() noexcept;
    ~SigpipeBlocked();
    SigpipeBlocked(const SigpipeBlocked&) = delete;
    SigpipeBlocked& operator=(const SigpipeBlocked&) = delete;

private:
    sigset_t sigpipe_;
    sigset_t before_;
    bool was_pending_;
};

/// While it lives, a library may make the process ignore SIGPIPE; at its end the application's own
/// handler, if it has one, is in force again.
class SigpipeHandlerKept {
public:
    SigpipeHandlerKept() noexcept;
    ~SigpipeHandlerKept();
    SigpipeHandlerKept(const SigpipeHandlerKept&) = delete;
    SigpipeHandlerKept& operator=(const SigpipeHandlerKept&) = delete;

private:
    struct sigaction before_ {};
};

}  // namespace myfabric::platform
