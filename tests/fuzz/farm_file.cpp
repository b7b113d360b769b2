// A farm file. What was read can be written, and what was written is read as the same.
#include "sources/farm_file.h"

#include <cstdint>
#include <stdexcept>
#include <string>

#include "base/error.h"

using namespace myfabric;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    topology::Topology farm;
    try {
        farm = sources::parse_farm({reinterpret_cast<const char*>(data), size});
    } catch (const std::runtime_error&) {
        return 0;
    }
    const std::string text = sources::farm_text(farm);
    const std::string again = sources::farm_text(sources::parse_farm(text));
    if (text != again) __builtin_trap();
    return 0;
}
