// The insides of the library's classes, and the step from the driver's values to the library's.
#pragma once

#include <myfabric/fabric.h>

#include <memory>
#include <mutex>
#include <vector>

#include "router/route.h"
#include "sources/make_source.h"

namespace myfabric {

/// The farm that the copies of a Fabric share. Thread-safe.
struct Fabric::Impl {
    explicit Impl(topology::FarmOptions options) : options_(std::move(options)) {}

    std::shared_ptr<topology::Farm> farm() {
        const std::lock_guard lock(mutex_);
        if (!farm_) farm_ = sources::make_farm(options_);
        return farm_;
    }
    std::shared_ptr<const topology::Topology> topology() {
        std::shared_ptr<const topology::Topology> snapshot = farm()->topology();
        const std::lock_guard lock(mutex_);
        loaded_ = true;
        return snapshot;
    }
    bool loaded() const {
        const std::lock_guard lock(mutex_);
        return loaded_;
    }
    void forget() noexcept {
        std::shared_ptr<topology::Farm> old;  // ends outside of the lock
        const std::lock_guard lock(mutex_);
        old.swap(farm_);
        loaded_ = false;
    }

private:
    const topology::FarmOptions options_;
    mutable std::mutex mutex_;
    std::shared_ptr<topology::Farm> farm_;
    bool loaded_ = false;
};

namespace library {

ServerInfo server_info(const topology::Server& server);
/// Throws FabricError for a number that is no mode.
topology::Mode routing_mode(int mode);
std::vector<ResultSet> result_sets(std::vector<topology::ResultSet> sets);

}  // namespace library
}  // namespace myfabric
