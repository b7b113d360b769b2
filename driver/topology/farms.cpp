#include "topology/farms.h"

#include <chrono>
#include <string>
#include <utility>

namespace myfabric::topology {
namespace {

/// The last snapshots of farms that are not in use now, by a digest of their options: those have
/// passwords in them.
struct Remembered {
    std::mutex mutex;
    std::map<std::string, std::shared_ptr<const Topology>> snapshots;
};

Remembered& remembered() {
    static Remembered& store = *new Remembered;  // for as long as the process lives
    return store;
}

}  // namespace

std::shared_ptr<Farm> Farms::farm(const FarmOptions& options) {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<Farm>& farm = farms_[options];
    if (farm) return farm;
    farm = maker_(options);
    // The lock may be held by a thread that a fork() left behind.
    Remembered& store = remembered();
    const std::unique_lock own(store.mutex, std::try_to_lock);
    if (!own) return farm;
    if (const auto known = store.snapshots.find(digest_of(options)); known != store.snapshots.end())
        farm->begin_with(known->second);
    return farm;
}

Farms::~Farms() {
    Remembered& store = remembered();
    const std::unique_lock own(store.mutex, std::try_to_lock);
    if (!own) return;
    std::erase_if(store.snapshots, [](const auto& known) {
        return std::chrono::steady_clock::now() >= known.second->loaded() + known.second->ttl;
    });
    for (const auto& [options, farm] : farms_)
        if (auto snapshot = farm ? farm->last() : nullptr)
            store.snapshots[digest_of(options)] = std::move(snapshot);
}

}  // namespace myfabric::topology
