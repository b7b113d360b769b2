#include "router/sessions.h"

#include <algorithm>
#include <utility>

namespace myfabric::router {
namespace {

std::string loss(const Session& session) {
    return "leaving " + session.address + " loses its " + session.unrestorable.names();
}

}  // namespace

std::vector<std::string> ParkedSessions::park(Session session, unsigned most) {
    std::vector<std::string> losses;
    if (session.usable() && !session.on->in_transaction()) {
        session.parked_at = Clock::now();
        parked_.push_back(std::move(session));
    } else if (session.unrestorable.any()) {
        losses.push_back(loss(session));
    }
    while (parked_.size() > most) {
        auto oldest = std::ranges::find_if(
            parked_, [](const Session& parked) { return !parked.unrestorable.any(); });
        if (oldest == parked_.end()) {
            oldest = parked_.begin();
            losses.push_back(loss(*oldest));
        }
        parked_.erase(oldest);
    }
    return losses;
}

std::optional<Session> ParkedSessions::take(const std::string& address,
                                            std::chrono::seconds longest) {
    const auto oldest = Clock::now() - longest;
    std::erase_if(parked_, [&](const Session& parked) {
        if (parked.usable()) return parked.parked_at < oldest && !parked.unrestorable.any();
        lost_ |= parked.unrestorable;
        return true;
    });
    const auto found = std::ranges::find(parked_, address, &Session::address);
    if (found == parked_.end()) return std::nullopt;
    std::optional<Session> taken = std::move(*found);
    parked_.erase(found);
    return taken;
}

bool ParkedSessions::has(const std::string& address) const {
    return std::ranges::find(parked_, address, &Session::address) != parked_.end();
}

bool ParkedSessions::any_unrestorable() const {
    return std::ranges::any_of(parked_,
                               [](const Session& parked) { return parked.unrestorable.any(); });
}

std::vector<std::string> ParkedSessions::addresses() const {
    std::vector<std::string> found;
    for (const Session& parked : parked_) found.push_back(parked.address);
    return found;
}

void ParkedSessions::close(const std::string& address) {
    std::erase_if(parked_, [&](const Session& parked) { return parked.address == address; });
}

void ParkedSessions::clear() {
    parked_.clear();
    lost_ = {};
}

void ParkedSessions::abandon() noexcept {
    for (const Session& parked : parked_) parked.on->abandon();
}

}  // namespace myfabric::router
