#include "mysql/prepared_wire.h"
#include "mysql/send_command.h"

#if MYFABRIC_CONNECTOR_C

namespace myfabric::mysql {
namespace {

/// Whether commands are sent and answers read beside the library.
bool directly(const Connection& connection) {
    return StatementGate::reads_in_place(connection);
}

}  // namespace

struct PreparedWire::Binds {};

PreparedWire::PreparedWire(Connection& connection, MYSQL_STMT* statement)
    : connection_(connection),
      statement_(statement),
      request_(mysql_stmt_param_count(statement)),
      rows_(statement, directly(connection)) {
    described_.take(statement->fields, mysql_stmt_field_count(statement),
                    StatementGate::text_bytes(connection), connection.reading());
}

PreparedWire::~PreparedWire() {
    StatementGate::close_later(connection_, reinterpret_cast<NativeStatement*>(statement_));
}

bool PreparedWire::send_part(std::size_t index, std::string_view part,
                             results::Parameter::Type type) {
    constexpr std::size_t head = 6;
    CommandBuffer buffer;
    char* at = buffer.begin(head + part.size());
    at = put<2>(put<4>(at, statement_->stmt_id), index);
    if (!part.empty()) std::memcpy(at, part.data(), part.size());
    const std::string_view body = buffer.until(at + part.size());
    request_.sent_ahead(index, type);
    MYSQL* handle = raw(connection_);
    return !handle->methods->db_command(handle, COM_STMT_SEND_LONG_DATA, body.data(), body.size(),
                                        1, statement_);
}

bool PreparedWire::execute(std::span<const results::Parameter> values) {
    MYSQL* handle = raw(connection_);
    head_ = {};
    if (send_command(handle, directly(connection_), COM_STMT_EXECUTE, request_.make(id(), values),
                     statement_)) {
        try {
            StatementGate::hold_condition(connection_);
        } catch (...) {
            request_.answered(false);
            throw;
        }
        head_ = read_answer_head(handle, directly(connection_), described_.description());
    }
    const bool done = head_.kind != AnswerHead::Kind::failed;
    request_.answered(done);
    return done;
}

bool PreparedWire::answered() {
    MYSQL* handle = raw(connection_);
    expect_next_answer(handle);
    head_ = read_answer_head(handle, directly(connection_), described_.description());
    const bool done = head_.kind != AnswerHead::Kind::failed;
    request_.answered(done);
    return done;
}

bool PreparedWire::execute_bulk(std::string_view body) {
    request_.forget_types();
    MYSQL* handle = raw(connection_);
    return send_command(handle, directly(connection_), COM_STMT_BULK_EXECUTE, body, statement_) &&
           read_answer_head(handle, directly(connection_), {}).kind != AnswerHead::Kind::failed;
}

std::uint32_t PreparedWire::id() const {
    return static_cast<std::uint32_t>(statement_->stmt_id);
}

bool PreparedWire::next_result() {
    return mysql_next_result(raw(connection_)) == 0;  // -1 may be a lost link
}

results::SharedColumns PreparedWire::open_rows(bool first) {
    MYSQL* handle = raw(connection_);
    // The server has put output values into its parameters, and takes the next for their types.
    if (handle->server_status & SERVER_PS_OUT_PARAMS) request_.forget_types();
    ColumnCache& description = first ? described_ : following_;
    if (!first || head_.kind != AnswerHead::Kind::as_known) {
        // MariaDB leaves the description out while it is the one that it sent last for the
        // statement.
        if (handle->fields)
            description.take(handle->fields, handle->field_count,
                             StatementGate::text_bytes(connection_), connection_.reading());
        description.described_by(first ? head_.description : std::string_view());
    }
    if (description.fields().size() != handle->field_count) return nullptr;
    rows_.open(description);
    return description.columns();
}

Error PreparedWire::failure() {
    if (!mysql_errno(raw(connection_)))
        StatementGate::fail_malformed(connection_,
                                      "the server gave a result whose columns it never described");
    return StatementGate::failure(connection_);
}

}  // namespace myfabric::mysql

#endif
