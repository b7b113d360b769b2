#include "platform/thread.h"

#include <pthread.h>

#include <cerrno>

namespace myfabric::platform {

SignalsBlocked::SignalsBlocked() noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
}

SignalsBlocked::~SignalsBlocked() {
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

SigpipeBlocked::SigpipeBlocked() noexcept {
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
}

SigpipeBlocked::~SigpipeBlocked() {
    const timespec at_once{};
    if (!was_pending_)
        while (sigtimedwait(&sigpipe_, nullptr, &at_once) < 0 && errno == EINTR) {
        }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

SigpipeHandlerKept::SigpipeHandlerKept() noexcept {
    sigaction(SIGPIPE, nullptr, &before_);
}

SigpipeHandlerKept::~SigpipeHandlerKept() {
    const bool has_handler = (before_.sa_flags & SA_SIGINFO) || before_.sa_handler != SIG_DFL;
    if (has_handler) sigaction(SIGPIPE, &before_, nullptr);
}

}  // namespace myfabric::platform
