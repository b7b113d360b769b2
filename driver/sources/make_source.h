// From a farm's options to the source that describes it: one row of a table for each protocol.
#pragma once

#include <memory>

#include "topology/farms.h"
#include "topology/source.h"

namespace myfabric::sources {

/// Throws Error 08001 for options that cannot work.
std::unique_ptr<topology::Source> make_source(const topology::FarmOptions& options);

/// A farm that is in no registry. Throws as make_source() does.
std::shared_ptr<topology::Farm> make_farm(const topology::FarmOptions& options);

}  // namespace myfabric::sources
