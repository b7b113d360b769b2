// A value, or the error for which there is none: what fails in the ordinary course of things is
// returned so, as throwing costs more than a statement that succeeds.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "base/error.h"

namespace myfabric {

/// The value of what has none.
struct Done {};

/// `T` is movable, and cheap to make.
template <class T>
class [[nodiscard]] Outcome {
public:
    Outcome() = default;
    template <class U>
    requires std::is_convertible_v<U&&, T> Outcome(U&& value) : value_(std::forward<U>(value)) {}
    Outcome(Error error) : error_(std::make_unique<Error>(std::move(error))) {}

    bool failed() const { return error_ != nullptr; }
    /// Of one that failed().
    const Error& error() const& { return *error_; }
    Error&& error() && { return std::move(*error_); }
    /// Of one that has not.
    T& value() { return value_; }
    /// The value. Throws the error.
    T take() && {
        if (failed()) [[unlikely]]
            throw std::move(*error_);
        return std::move(value_);
    }

private:
    T value_{};
    std::unique_ptr<Error> error_;
};

}  // namespace myfabric
