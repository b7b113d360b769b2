// A farm's description that another process left in a file. What was read can be written, and is
// read as the same.
#include <cstdint>
#include <string>

#include "topology/snapshot_text.h"

using namespace myfabric::topology;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto farm = read_snapshot({reinterpret_cast<const char*>(data), size});
    if (!farm) return 0;
    const std::string text = snapshot_text(*farm);
    const auto again = read_snapshot(text);
    if (!again || again->groups != farm->groups || again->maps.size() != farm->maps.size())
        __builtin_trap();
    return 0;
}
