// The packets by which a server describes the columns of rows, as they lie in a buffer. Pure,
// without the client library.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace myfabric::mysql {

/// What the packet after a description says, and where both end.
struct DescribedEnd {
    unsigned columns = 0;
    unsigned warnings = 0;
    unsigned status = 0;       // of the session
    unsigned next_packet = 0;  // the number of the packet that follows
    std::size_t size = 0;      // bytes of description and end

    bool operator==(const DescribedEnd&) const = default;
};

/// The packets that describe columns, the first with their number, if `packets` begin with them and
/// the packet after them is there as well; else empty. Up to 250 columns.
std::string_view description_in(std::string_view packets) noexcept;

/// The end, if `packets` begin with what description_in() has found once.
std::optional<DescribedEnd> end_of_known(std::string_view packets, std::string_view known) noexcept;

}  // namespace myfabric::mysql
