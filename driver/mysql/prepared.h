// A statement prepared on the server, executed by the binary protocol.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "mysql/connection.h"

namespace myfabric::mysql {

/// A date or time as the binary protocol knows it.
struct Moment {
    unsigned year = 0, month = 0, day = 0;
    unsigned hour = 0, minute = 0, second = 0;  // hour may exceed 23 for a TIME
    unsigned microsecond = 0;
    bool negative = false;  // TIME only
};

/// One parameter value. `bytes` must live until execute() has returned.
struct Parameter {
    enum class Type : std::uint8_t {
        null,
        signed_integer,
        unsigned_integer,
        real,
        text,
        binary,
        date,
        time,
        datetime,
    };
    Type type = Type::null;
    union {
        std::int64_t integer = 0;
        std::uint64_t unsigned_integer;
        double real;
    };
    std::string_view bytes;  // text (UTF-8) or binary
    Moment moment;
};

class Prepared {
public:
    /// Prepares `sql` on the server. Throws Error.
    Prepared(Connection& connection, std::string_view sql);
    ~Prepared();
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;

    std::size_t parameter_count() const;
    /// The result columns; empty for a statement without a result.
    const Columns& columns() const { return columns_; }

    /// Sends part of a text or binary parameter ahead of execute() (index from 0).
    void send_long_data(std::size_t index, std::string_view part);
    /// Forgets what was sent in parts, for all parameters.
    void drop_long_data();
    /// Executes; `values.size()` must be parameter_count(). A parameter that was sent in parts
    /// keeps what was sent. The results stream; they must not outlive this object. Throws Error
    /// HY007 when the session was reset after the statement had been prepared.
    std::unique_ptr<Results> execute(std::span<const Parameter> values);

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
    Columns columns_;
};

}  // namespace myfabric::mysql
