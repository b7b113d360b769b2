// A statement prepared on the server, executed by the binary protocol.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
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

/// The values of several rows, by parameter, for one bulk execution. Reused between executions.
class BulkValues {
public:
    BulkValues();
    ~BulkValues();
    BulkValues(const BulkValues&) = delete;
    BulkValues& operator=(const BulkValues&) = delete;

    /// Makes room for `rows` rows of `parameters` values and forgets those of before.
    void begin(std::size_t parameters, std::size_t rows);
    /// Puts one value. False when its type does not go together with the values above it: the bulk
    /// has to end before this row.
    bool put(std::size_t row, std::size_t parameter, const Parameter& value);

    /// The arrays of one parameter, for whoever fills all rows at once: numbers, or places and
    /// lengths of texts and bytes; `nulls[row]` is is_null or 0.
    struct Arrays {
        std::int64_t* numbers;
        void** places;
        unsigned long* lengths;
        char* nulls;
    };
    static constexpr char is_null = 1;
    Arrays arrays(std::size_t parameter, Parameter::Type type);
    void has_null(std::size_t parameter);

private:
    friend class Prepared;
    struct Values;
    std::unique_ptr<std::vector<Values>> parameters_;
};

class Prepared {
public:
    /// Prepares `sql` on the server. Throws Error.
    Prepared(Connection& connection, std::string_view sql);
    ~Prepared();
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;

    const std::string& sql() const { return sql_; }
    std::size_t parameter_count() const;
    /// The result columns as they were when the statement was prepared; empty for a statement
    /// without a result.
    const Columns& columns() const { return columns_; }
    /// False when the session was reset, or ended, after the statement had been prepared.
    bool usable() const;

    /// Sends part of a text or binary parameter ahead of execute() (index from 0).
    void send_long_data(std::size_t index, std::string_view part,
                        Parameter::Type type = Parameter::Type::binary);
    /// Forgets what was sent in parts, for all parameters.
    void drop_long_data();
    /// Executes; `values.size()` must be parameter_count(). A parameter that was sent in parts
    /// keeps what was sent. The results stream; they must not outlive this object. Throws Error
    /// HY007 when the session was reset after the statement had been prepared.
    std::unique_ptr<Results> execute(std::span<const Parameter> values);
    /// The same; null, with the counts in `counts`, when there is nothing else to read.
    std::unique_ptr<Results> execute(std::span<const Parameter> values, Counts& counts);

    /// Whether execute_bulk() is possible: client library and server both have to know it.
    static bool knows_bulk(const Connection& connection);
    /// Executes with rows 0 to `rows` - 1 in one command; the counts are those of all rows.
    void execute_bulk(const BulkValues& values, std::size_t rows, Counts& counts);

private:
    struct Implementation;
    void send(std::span<const Parameter> values);

    std::unique_ptr<Implementation> implementation_;
    std::string sql_;
    Columns columns_;
};

}  // namespace myfabric::mysql
