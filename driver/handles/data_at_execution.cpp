// Statement: data at execution by SQLParamData and SQLPutData. Texts and bytes that the server
// takes as they are go to it part by part; nothing of them is kept here.
#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "conversion/parameter_value.h"
#include "handles/statement.h"

namespace myfabric::handles {

using conversion::CType;
using conversion::Group;

namespace {

/// Longest command for one part; a part that is longer goes in several.
constexpr std::size_t longest_part = 512 * 1024;

SQLLEN terminated_length(SQLSMALLINT c_type, const void* data) {
    if (c_type == SQL_C_WCHAR) {
        const auto* const text = static_cast<const SQLWCHAR*>(data);
        std::size_t units = 0;
        while (text[units]) ++units;
        return static_cast<SQLLEN>(units * sizeof(SQLWCHAR));
    }
    return static_cast<SQLLEN>(std::char_traits<char>::length(static_cast<const char*>(data)));
}

}  // namespace

SQLRETURN Statement::wait_for_data(bool direct, std::size_t set) {
    at_execution_ = {};
    at_execution_.active = true;
    at_execution_.direct = direct;
    at_execution_.set = set;
    at_execution_.parameters = plan_.waiting(set);
    return SQL_NEED_DATA;
}

std::size_t Statement::marker_of(std::size_t number) const {
    const auto& all = data_plan().parameters();
    return static_cast<std::size_t>(
        std::ranges::find(all, number, &execution::BoundParameter::number) - all.begin());
}

SQLRETURN Statement::parameter_data(SQLPOINTER* value) {
    if (outputs_.active()) return next_output(value);
    if (!at_execution_.active) throw Error(state::function_sequence, "no parameter waits for data");
    if (at_execution_.taking) {
        const std::size_t number = at_execution_.parameters[at_execution_.next - 1].number;
        execution::CollectedPart& part = collected_[number];
        if (!part.any)
            throw Error(state::function_sequence,
                        "SQLPutData was not called for the last parameter");
        if (part.sent) send_part(part, marker_of(number), {}, true);
    }
    if (at_execution_.next < at_execution_.parameters.size()) {
        const execution::WaitingParameter& waiting = at_execution_.parameters[at_execution_.next++];
        at_execution_.taking = true;
        if (value) *value = waiting.token;
        return SQL_NEED_DATA;
    }
    const DataAtExecution done = std::exchange(at_execution_, {});
    if (changes_.active) {
        change_row();
        const SQLRETURN result = continue_changes();
        return at_execution_.active ? parameter_data(value) : result;
    }
    if (array_.active) {
        update_plan();
        SQLRETURN result = run_set(done.set);
        if (set_pauses(result)) return result;
        result = resume_sets();
        return at_execution_.active ? parameter_data(value) : result;  // names the next set's first
    }
    try {
        update_plan();
        const SQLRETURN result = run(done.direct);
        sent_to_ = nullptr;
        return result;
    } catch (...) {
        forget_sent();
        throw;
    }
}

/// Whether parts may go to the server as they come: no conversion but that to UTF-8.
bool Statement::goes_straight(const execution::BoundParameter& parameter) const {
    if (fabric_call_ || positioned_ || changes_.active) return false;
    const Group to = conversion::sql_row(parameter.sql_type).group;
    switch (parameter.c_type) {
        case CType::character:
        case CType::wide_character:
            return to == Group::character;
        case CType::binary:
            return to == Group::binary || to == Group::character;
        default:
            return false;
    }
}

void Statement::put_data(SQLPOINTER data, SQLLEN length) {
    if (!at_execution_.active || !at_execution_.taking)
        throw Error(state::function_sequence, "SQLParamData has not named a parameter");
    const std::size_t number = at_execution_.parameters[at_execution_.next - 1].number;
    execution::CollectedPart& part = collected_[number];
    const std::size_t marker = marker_of(number);
    const execution::BoundParameter& parameter = data_plan().parameters()[marker];
    if (length == SQL_NULL_DATA) {
        if (part.any) throw Error(state::concatenate_null);
        part.is_null = part.any = true;
        return;
    }
    if (part.is_null) throw Error(state::concatenate_null);
    if (length == SQL_DEFAULT_PARAM) throw Error(state::invalid_default_parameter);
    if (!data && length != 0)
        throw Error(state::invalid_null_pointer, "SQLPutData was given no data");
    const SQLLEN fixed = conversion::c_type_size(parameter.c_type);
    if (fixed) {
        if (part.any) throw Error(state::non_character_in_pieces);
        length = fixed;
    } else if (length == SQL_NTS && parameter.c_type != CType::binary) {
        length = terminated_length(parameter.c_code, data);
    } else if (length < 0) {
        throw Error(state::invalid_length, "the length is " + std::to_string(length));
    }
    const std::string_view bytes(static_cast<const char*>(data), static_cast<std::size_t>(length));
    if (!part.any) part.sent = goes_straight(parameter);
    if (part.sent)
        send_part(part, marker, bytes, false);
    else
        part.bytes.append(bytes);
    part.any = true;
}

/// Sends what is complete. A character of UTF-16 may be split between two parts.
void Statement::send_part(execution::CollectedPart& part, std::size_t marker,
                          std::string_view bytes, bool last) {
    const execution::BoundParameter& parameter = plan_.parameters()[marker];
    const bool wide = parameter.c_type == CType::wide_character;
    if (last && (!wide || part.bytes.empty())) return;
    std::string converted;
    if (wide) {
        std::string joined;
        if (!part.bytes.empty()) {
            joined = std::move(part.bytes);
            joined += bytes;
            bytes = joined;
        }
        std::vector<SQLWCHAR> units(bytes.size() / sizeof(SQLWCHAR));
        std::copy_n(bytes.data(), units.size() * sizeof(SQLWCHAR),
                    reinterpret_cast<char*>(units.data()));
        if (!last && !units.empty() && (units.back() & 0xFC00) == 0xD800) units.pop_back();
        const std::size_t used = units.size() * sizeof(SQLWCHAR);
        part.bytes.assign(last ? std::string_view() : bytes.substr(used));
        converted = utf16_to_utf8(units.data(), units.size());
        bytes = converted;
        if (bytes.empty() && part.any) return;
    }
    const auto type = parameter.c_type == CType::binary ? results::Parameter::Type::binary
                                                        : results::Parameter::Type::text;
    const auto send = [&](const std::shared_ptr<mysql::Connection>& connection) {
        if (sent_to_ && sent_to_ != connection.get())
            throw Error(state::link_failure,
                        "the link was lost to the server that had taken the data of the parameters "
                        "so far; execute the statement again");
        mysql::Prepared& prepared = prepared_on(connection);
        sent_to_ = connection.get();
        do {
            const std::string_view now = bytes.substr(0, longest_part);
            prepared.send_long_data(marker, now, type);
            bytes.remove_prefix(now.size());
        } while (!bytes.empty());
    };
    connection_.backend().run(reading(), send);
}

void Statement::forget_sent() {
    if (!std::exchange(sent_to_, nullptr)) return;
    prepared_.reset();  // it will be prepared again when it is needed
    prepared_connection_.reset();
}

bool Statement::cancel_data_at_execution() {
    const bool output = outputs_.active();
    if (output) drop_results();
    if (!at_execution_.active) return output;
    at_execution_ = {};
    array_ = {};
    changes_ = {};
    collected_.clear();
    forget_sent();
    return true;
}

}  // namespace myfabric::handles
