// Connection strings: what was read can be written and is read as the same.
#include "dsn/connection_string.h"

#include <cstdint>

#include "base/error.h"
#include "dsn/options.h"

using namespace myfabric;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    dsn::Pairs pairs;
    try {
        pairs = dsn::parse_connection_string({reinterpret_cast<const char*>(data), size});
    } catch (const Error&) {
        return 0;
    }
    if (dsn::parse_connection_string(dsn::write_connection_string(pairs)) != pairs)
        __builtin_trap();
    dsn::Options options = dsn::default_options();
    for (const auto& [key, value] : pairs) {
        const dsn::Option* option = dsn::find_option(key);
        if (!option) continue;
        try {
            dsn::set_option(options, *option, value);
        } catch (const Error&) {
        }
    }
    return 0;
}
