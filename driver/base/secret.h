// Passwords are overwritten before their memory is given back, so that no later core or heap has
// them. What a client library, a driver manager and the application keep is theirs.
#pragma once

#include <string>
#include <utility>

namespace myfabric {

/// Overwrites all that `text` has memory for, and empties it.
void wipe(std::string& text) noexcept;

/// Wipes a text that this is made of when it goes out of scope.
class Secret {
public:
    explicit Secret(std::string text) : text_(std::move(text)) {}
    ~Secret() { wipe(text_); }
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;

    const std::string& text() const { return text_; }
    /// For one who wipes it himself.
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

}  // namespace myfabric
