// What all handles have in common: a tag, the lock that guards them, diagnostics.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstdint>

#include "base/diagnostics.h"
#include "base/mutex.h"

namespace myfabric::handles {

enum class Tag : std::uint32_t {
    environment = 0x4d664e56,
    connection = 0x4d664442,
    statement = 0x4d665354,
    descriptor = 0x4d664453,
    freed = 0,
};

/// The address of a handle is what the application holds; the tag shows whether it is one of ours.
class Handle {
public:
    explicit Handle(Tag tag) : tag_(tag) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { tag_ = Tag::freed; }

    Tag tag() const { return tag_; }
    Diagnostics& diagnostics() { return diagnostics_; }

private:
    volatile Tag tag_;  // written in the destructor for those who still hold the handle
    Diagnostics diagnostics_;
};

/// `raw` as a handle of type H; null when it is null or of another kind.
template <class H>
H* checked(SQLHANDLE raw) {
    auto* handle = static_cast<Handle*>(raw);
    return handle && handle->tag() == H::tag_value ? static_cast<H*>(handle) : nullptr;
}

}  // namespace myfabric::handles
