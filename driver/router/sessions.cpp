#include "router/sessions.h"

#include <algorithm>
#include <utility>

namespace myfabric::router {
namespace {

std::string loss(const Session& session) {
    return "leaving " + session.address + " loses its " + session.unrestorable.names();
}

}  // namespace

std::optional<std::string> ParkedSessions::park(std::unique_ptr<Session> session) {
    if (session->usable() && !session->on->in_transaction()) {
        session->parked_at = Clock::now();
        parked_.push_back(std::move(session));
    } else if (session->unrestorable.any()) {
        return loss(*session);
    }
    return std::nullopt;
}

std::vector<std::string> ParkedSessions::keep(unsigned most) {
    std::vector<std::string> losses;
    while (parked_.size() > most) {
        const auto oldest =
            std::ranges::min_element(parked_, {}, [](const std::unique_ptr<Session>& parked) {
                return std::pair(parked->unrestorable.any(), parked->parked_at);
            });
        if ((*oldest)->unrestorable.any()) losses.push_back(loss(**oldest));
        parked_.erase(oldest);
    }
    return losses;
}

void ParkedSessions::end_old(std::chrono::seconds longest) {
    const auto oldest = Clock::now() - longest;
    std::erase_if(parked_, [&](const std::unique_ptr<Session>& parked) {
        if (!parked->unrestorable.any()) return parked->parked_at < oldest;
        // To look at every link would take longer than going back.
        if (parked->usable()) return false;
        lost_ |= parked->unrestorable;
        return true;
    });
}

std::unique_ptr<Session> ParkedSessions::take(const std::string& address) {
    const auto found = std::ranges::find(
        parked_, address, [](const auto& parked) -> const std::string& { return parked->address; });
    if (found == parked_.end()) return nullptr;
    std::unique_ptr<Session> taken = std::move(*found);
    parked_.erase(found);
    if (taken->usable()) return taken;
    lost_ |= taken->unrestorable;
    return nullptr;
}

Session* ParkedSessions::on(const topology::Server& server) const {
    const auto found = std::ranges::find_if(parked_, [&](const std::unique_ptr<Session>& parked) {
        return parked->here && parked->here->server.port == server.port &&
               parked->here->server.host == server.host;
    });
    return found == parked_.end() ? nullptr : found->get();
}

std::optional<std::string> ParkedSessions::exchange(const Session& parked,
                                                    std::unique_ptr<Session>& present) {
    const auto place = std::ranges::find(parked_, &parked, &std::unique_ptr<Session>::get);
    std::swap(*place, present);
    Session& left = **place;
    if (left.usable() && !left.on->in_transaction()) {
        left.parked_at = Clock::now();
        return std::nullopt;
    }
    const bool loses = left.unrestorable.any();
    std::optional<std::string> told = loses ? std::optional(loss(left)) : std::nullopt;
    parked_.erase(place);
    return told;
}

bool ParkedSessions::any_unrestorable() const {
    return std::ranges::any_of(
        parked_, [](const std::unique_ptr<Session>& parked) { return parked->unrestorable.any(); });
}

std::vector<std::string> ParkedSessions::addresses() const {
    std::vector<std::string> found;
    for (const auto& parked : parked_) found.push_back(parked->address);
    return found;
}

void ParkedSessions::close(const std::string& address) {
    std::erase_if(parked_, [&](const auto& parked) { return parked->address == address; });
}

void ParkedSessions::clear() {
    parked_.clear();
    lost_ = {};
}

void ParkedSessions::abandon() noexcept {
    for (const auto& parked : parked_) {
        parked->on->abandon();
        parked->contact.reset();
    }
}

}  // namespace myfabric::router
