// The boundary of the client library: the driver's exceptions become FabricError.
#pragma once

#include <myfabric/fabric.h>

#include <exception>
#include <string>

namespace myfabric::library {

/// Throws the exception that is being handled as FabricError about `command`.
[[noreturn]] void rethrow(const std::string& command);

template <class Body>
auto guarded(const std::string& command, Body&& body) {
    try {
        return body();
    } catch (const FabricError&) {
        throw;
    } catch (...) {
        rethrow(command);
    }
}

template <class Body>
auto guarded(Body&& body) {
    return guarded(std::string(), std::forward<Body>(body));
}

/// Throws a FabricError for an argument that cannot be meant.
[[noreturn]] void refuse(const std::string& sentence);

}  // namespace myfabric::library
