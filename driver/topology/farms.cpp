#include "topology/farms.h"

#include <openssl/evp.h>

#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "base/secret.h"

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

std::string digest(const FarmOptions& options) {
    const std::string* const parts[] = {&options.hosts,    &options.user,     &options.password,
                                        &options.ssl_ca,   &options.ssl_cert, &options.ssl_key,
                                        &options.ssl_mode, &options.weights,  &options.addresses};
    std::string text;
    std::size_t most = 200;
    for (const std::string* part : parts) most += part->size() + 24;
    text.reserve(most);  // growing would leave copies of the password
    for (const std::string* part : parts) {
        text += std::to_string(part->size());
        text += ':';
        text += *part;
    }
    for (const unsigned part :
         {options.port, static_cast<unsigned>(options.protocol),
          static_cast<unsigned>(options.ssl_verify), options.connection_timeout,
          options.connection_attempts, options.connection_delay, options.ttl})
        text += "," + std::to_string(part);
    std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), sum.data(), &size, EVP_sha256(), nullptr);
    wipe(text);
    return {sum.begin(), sum.begin() + size};
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
    if (const auto known = store.snapshots.find(digest(options)); known != store.snapshots.end())
        farm->begin_with(known->second);
    return farm;
}

Farms::~Farms() {
    Remembered& store = remembered();
    const std::unique_lock own(store.mutex, std::try_to_lock);
    if (!own) return;
    std::erase_if(store.snapshots, [](const auto& known) {
        return std::chrono::steady_clock::now() >= known.second->loaded + known.second->ttl;
    });
    for (const auto& [options, farm] : farms_)
        if (auto snapshot = farm ? farm->last() : nullptr)
            store.snapshots[digest(options)] = std::move(snapshot);
}

}  // namespace myfabric::topology
