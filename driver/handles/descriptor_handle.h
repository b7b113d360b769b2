// The descriptor handle: a descriptor that an application can name.
#pragma once

#include "descriptor/descriptor.h"
#include "handles/handle.h"

namespace myfabric::handles {

class Connection;
class Statement;

class DescriptorHandle : public Handle {
public:
    static constexpr Tag tag_value = Tag::descriptor;
    DescriptorHandle(Connection& connection, descriptor::Kind kind, Statement* owner = nullptr)
        : Handle(tag_value), fields(kind), connection_(connection), owner_(owner) {
        if (!owner) fields.alloc_type = SQL_DESC_ALLOC_USER;
    }

    Mutex& mutex();
    Connection& connection() { return connection_; }
    /// The statement of an implicit descriptor; null for one that the application allocated.
    Statement* owner() { return owner_; }

    descriptor::Descriptor fields;

private:
    Connection& connection_;
    Statement* owner_;
};

}  // namespace myfabric::handles
