// One HTTP POST by libcurl, bounded in time and size.
#pragma once

#include <atomic>

#include "sources/node_functions.h"

namespace myfabric::node {

/// See sources::NodeFunctions::post. Throws Error HY000, HY001 for what libcurl cannot do here.
sources::HttpResponse post(const sources::HttpOptions& options, const sources::HttpRequest& request,
                           const std::atomic<bool>& stopped);

}  // namespace myfabric::node
