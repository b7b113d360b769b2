// An optional part, allocated when it is first written.
#pragma once

#include <memory>
#include <utility>

namespace myfabric {

/// A T that is made when it is first written to. Copies are deep.
template <class T>
class Lazy {
public:
    Lazy() = default;
    Lazy(const Lazy& other) : made_(other.made_ ? std::make_unique<T>(*other.made_) : nullptr) {}
    Lazy(Lazy&&) noexcept = default;
    Lazy& operator=(Lazy other) noexcept {
        made_ = std::move(other.made_);
        return *this;
    }

    const T& get() const {
        static const T none{};
        return made_ ? *made_ : none;
    }
    T& writable() {
        if (!made_) made_ = std::make_unique<T>();
        return *made_;
    }

private:
    std::unique_ptr<T> made_;
};

}  // namespace myfabric
