// The body of the command that executes a prepared statement: the counterpart of binary_row.h.
// Pure, without the client library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "mysql/command_buffer.h"
#include "results/parameter.h"

namespace myfabric::mysql {

/// A type as the binary protocol writes it in front of the values; that of a text for NULL.
std::uint16_t wire_code(results::Parameter::Type type);

/// The number of the statement that was prepared last, for servers that know it: MariaDB 10.2.
inline constexpr std::uint32_t last_prepared = 0xffffffff;

/// Makes COM_STMT_EXECUTE's body, and remembers which types the server knows of the parameters.
class ExecuteRequest {
public:
    explicit ExecuteRequest(std::size_t parameters);

    std::size_t parameters() const { return markers_.size(); }
    /// Parameter `index` is sent ahead, so that it is left out of the next command.
    void sent_ahead(std::size_t index, results::Parameter::Type type);
    bool is_sent_ahead(std::size_t index) const { return markers_[index].sent_ahead; }
    void nothing_sent_ahead();

    /// The body for one value a parameter. NULL keeps the type of the value before it. It lives
    /// until the next is made.
    std::string_view make(std::uint32_t statement, std::span<const results::Parameter> values);
    /// Whether the server took the command: then it knows the types from now on.
    void answered(bool well);
    /// The server may have forgotten the types.
    void forget_types() { types_known_ = false; }

private:
    struct Marker {
        results::Parameter::Type type = results::Parameter::Type::text;
        bool sent_ahead = false;
    };

    CommandBuffer buffer_;
    std::vector<Marker> markers_;
    bool any_sent_ahead_ = false;
    bool types_known_ = false;
};

}  // namespace myfabric::mysql
