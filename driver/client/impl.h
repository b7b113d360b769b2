// What stands behind the library's classes, and the step from the driver's values to the library's.
#pragma once

#include <myfabric/fabric.h>

#include <memory>
#include <mutex>
#include <vector>

#include "fabric/farm.h"
#include "router/route.h"

namespace myfabric {

/// The farm that the copies of a Fabric share. Thread-safe.
struct Fabric::Impl {
    explicit Impl(fabric::FarmOptions options) : options_(std::move(options)) {}

    std::shared_ptr<fabric::Farm> farm() {
        const std::lock_guard lock(mutex_);
        if (!farm_) farm_ = std::make_shared<fabric::Farm>(options_);
        return farm_;
    }
    std::shared_ptr<const fabric::Topology> topology() {
        std::shared_ptr<const fabric::Topology> snapshot = farm()->topology();
        const std::lock_guard lock(mutex_);
        loaded_ = true;
        return snapshot;
    }
    bool loaded() const {
        const std::lock_guard lock(mutex_);
        return loaded_;
    }
    void forget() noexcept {
        std::shared_ptr<fabric::Farm> old;  // ends outside of the lock
        const std::lock_guard lock(mutex_);
        old.swap(farm_);
        loaded_ = false;
    }

private:
    const fabric::FarmOptions options_;
    mutable std::mutex mutex_;
    std::shared_ptr<fabric::Farm> farm_;
    bool loaded_ = false;
};

namespace client {

ServerInfo server_info(const fabric::Server& server);
/// Throws FabricError for a number that is no mode.
router::Mode routing_mode(int mode);
std::vector<ResultSet> result_sets(std::vector<fabric::ResultSet> sets);

}  // namespace client
}  // namespace myfabric
