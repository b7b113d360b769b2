#include "sources/shared_source.h"

#include <thread>
#include <utility>

#include "base/text.h"
#include "platform/shared_file.h"
#include "topology/shard_key.h"
#include "topology/snapshot_text.h"

namespace myfabric::sources {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t size_limit = std::size_t{128} << 20;
constexpr auto between_tries = 2ms;
// With a process that loads: it may be frozen, and what comes after evidence of change waits for
// this load.
constexpr auto patience = 1s;

/// What must stand before a snapshot for its bytes to mean the same here.
std::string head() {
    static const std::string text = "MyFabric " MYFABRIC_VERSION " farm 1 " + platform::boot_id();
    return text;
}

std::string path_in(const std::string& folder, const topology::FarmOptions& options) {
    if (folder.empty()) return {};
    return folder + "/myfabric-farm-" +
           to_lower(topology::to_hex(topology::digest_of(options))).substr(0, 32);
}

}  // namespace

SharedSource::SharedSource(std::unique_ptr<topology::Source> source,
                           const topology::FarmOptions& options, const std::string& folder)
    : source_(std::move(source)), options_(options), path_(path_in(folder, options)) {}

void SharedSource::stop() {
    Source::stop();
    source_->stop();
}

topology::Topology SharedSource::load() {
    return load_since(Clock::now());
}

topology::Topology SharedSource::load_since(Clock::time_point oldest) {
    if (path_.empty()) return source_->load();
    if (std::optional<topology::Topology> found = known(oldest)) return std::move(*found);
    // Who has evidence of change waits for nobody.
    if (oldest != Clock::time_point()) return load_and_share();
    platform::ProcessLock lock(path_ + ".lock");
    const auto end = Clock::now() + patience;
    while (lock.possible() && !lock.try_lock() && Clock::now() < end && !stopped())
        std::this_thread::sleep_for(between_tries);
    if (std::optional<topology::Topology> found = known(oldest)) return std::move(*found);
    return load_and_share();
}

std::optional<topology::Topology> SharedSource::known(Clock::time_point oldest) const {
    const std::optional<std::string> text = platform::read_shared_file(path_, size_limit);
    if (!text || !text->starts_with(head())) return std::nullopt;
    std::optional<topology::Topology> found =
        topology::read_snapshot(std::string_view(*text).substr(head().size()));
    if (!found) return found;
    const auto now = Clock::now();
    const bool fresh = found->loaded() >= oldest && found->loaded() <= now &&
                       now - found->loaded() < topology::fresh_for(*found, options_);
    if (!fresh) found.reset();
    return found;
}

topology::Topology SharedSource::load_and_share() {
    const auto began = Clock::now();
    topology::Topology topology = source_->load();
    topology.load_time.set(began);
    // Without it the others load for themselves.
    platform::replace_shared_file(path_, head() + topology::snapshot_text(topology));
    return topology;
}

}  // namespace myfabric::sources
