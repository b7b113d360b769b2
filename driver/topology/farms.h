// The farms that a process uses.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "topology/farm.h"

namespace myfabric::topology {

/// The farms in use, one per set of options. Owned by the ODBC environment. Thread-safe. What its
/// farms knew in the end is there for the process's next object of this class, as long as it is
/// fresh: driver managers free the environment with each last connection.
class Farms {
public:
    using Maker = std::shared_ptr<Farm> (*)(const FarmOptions&);

    explicit Farms(Maker maker) : maker_(maker) {}
    ~Farms();
    /// Throws as the maker does.
    std::shared_ptr<Farm> farm(const FarmOptions& options);

private:
    const Maker maker_;
    std::mutex mutex_;
    std::map<FarmOptions, std::shared_ptr<Farm>> farms_;
};

}  // namespace myfabric::topology
