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
#include "results/parameter.h"

namespace myfabric::mysql {

class BulkValues;
class PreparedWire;

class Prepared {
public:
    /// Whether only a query that reads is executed: a text that the server takes for another than
    /// it was prepared for does no harm.
    enum class Kind : unsigned char { reads, writes };

    /// Prepares `sql` on the server. Throws Error.
    Prepared(Connection& connection, std::string_view sql, Kind kind = Kind::writes);
    /// The same, and executes it in the same round trip: executed() follows at once. Only where
    /// connection.can_execute_at_once().
    Prepared(Connection& connection, std::string_view sql, Kind kind,
             std::span<const results::Parameter> values);
    ~Prepared();
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;

    const std::string& sql() const { return sql_; }
    std::size_t parameter_count() const;
    /// The result columns as they were when the statement was prepared; empty for a statement
    /// without a result.
    const results::Columns& columns() const;
    /// False when the session was reset, or ended, after the statement had been prepared.
    bool usable() const;

    /// Sends part of a text or binary parameter ahead of execute() (index from 0).
    void send_long_data(std::size_t index, std::string_view part,
                        results::Parameter::Type type = results::Parameter::Type::binary);
    /// Executes; `values.size()` must be parameter_count(). A parameter that was sent in parts
    /// keeps what was sent. The results stream; they must not outlive this object. Throws Error
    /// HY007 when the session was reset after the statement had been prepared.
    std::unique_ptr<results::Results> execute(std::span<const results::Parameter> values);
    using Answer = Outcome<std::unique_ptr<results::Results>>;
    /// The same; null, with the counts in `counts`, when there is nothing else to read. What the
    /// server says of the execution is not thrown.
    Answer execute(std::span<const results::Parameter> values, results::Counts& counts);

    /// What the execution gives that the constructor has begun, or else one with `values` that is
    /// begun now; as execute().
    Answer executed(std::span<const results::Parameter> values, results::Counts& counts);

    /// Whether execute_bulk() is possible: client library and server both have to know it.
    static bool knows_bulk(const Connection& connection);
    /// Executes with rows 0 to `rows` - 1 in one command; the counts are those of all rows.
    void execute_bulk(BulkValues& values, std::size_t rows, results::Counts& counts);

private:
    /// Takes over a statement that has just been prepared.
    void own(Connection& connection, NativeStatement* statement, Kind kind);
    std::unique_ptr<results::Results> take_answer(results::Counts& counts);
    /// False: it failed, as the wire says.
    bool send(std::span<const results::Parameter> values);
    void make_ready();
    void make_link_ready();

    std::string sql_;
    std::unique_ptr<PreparedWire> wire_;
    bool unanswered_ = false;  // an execution is on its way
};

}  // namespace myfabric::mysql
