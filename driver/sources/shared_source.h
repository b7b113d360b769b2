// FabricCache=user: what one process of a user has loaded serves the user's others, too.
#pragma once

#include <memory>
#include <string>

#include "topology/source.h"

namespace myfabric::sources {

/// Another source, asked only for what no other process has loaded a moment ago; one process loads
/// while the others wait for it. What was loaded lies in a file of the user's own, named by a
/// digest of the options. Nothing of it is believed that is older than the farm's TTL, of another
/// start of the machine or of another version of the driver. Where there is no folder for it, the
/// source alone.
class SharedSource final : public topology::Source {
public:
    SharedSource(std::unique_ptr<topology::Source> source, const topology::FarmOptions& options,
                 const std::string& folder);

    topology::Topology load() override;
    topology::Topology load_since(Clock::time_point oldest) override;
    bool may_have_changed() override { return source_->may_have_changed(); }
    topology::Reporter* reporter() override { return source_->reporter(); }
    topology::Commands* commands() override { return source_->commands(); }
    bool loads_at_once() const override { return source_->loads_at_once(); }
    bool wants_rest() const override { return source_->wants_rest(); }
    std::string name() const override { return source_->name(); }
    void stop() override;

private:
    /// Of another process, or of this one.
    std::optional<topology::Topology> known(Clock::time_point oldest) const;
    topology::Topology load_and_share();

    const std::unique_ptr<topology::Source> source_;
    const topology::FarmOptions options_;
    const std::string path_;  // empty: there is no folder
};

}  // namespace myfabric::sources
