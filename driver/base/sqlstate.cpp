#include "base/sqlstate.h"

#include <algorithm>

namespace myfabric {
namespace {

// clang-format off
constexpr const SqlState* all[] = {
    &state::general_warning, &state::cursor_conflict, &state::disconnect_error, &state::null_eliminated,
    &state::right_truncated, &state::invalid_connection_key, &state::error_in_row,
    &state::option_value_changed, &state::fetch_before_start, &state::fractional_truncation,
    &state::wrong_parameter_count,
    &state::not_a_cursor, &state::restricted_type, &state::invalid_descriptor_index,
    &state::invalid_default_parameter, &state::unable_to_connect, &state::connection_in_use,
    &state::not_connected, &state::connection_rejected, &state::commit_unknown,
    &state::link_failure, &state::column_list_mismatch,
    &state::derived_column_mismatch, &state::data_right_truncated,
    &state::indicator_required, &state::numeric_out_of_range, &state::invalid_datetime,
    &state::datetime_overflow, &state::interval_overflow, &state::invalid_character,
    &state::invalid_escape_character, &state::integrity_violation, &state::invalid_cursor_state,
    &state::invalid_transaction_state, &state::transaction_rolled_back,
    &state::invalid_authorization, &state::invalid_cursor_name, &state::duplicate_cursor_name,
    &state::invalid_catalog, &state::invalid_schema, &state::serialization_failure,
    &state::completion_unknown, &state::syntax_error, &state::table_exists,
    &state::table_not_found, &state::column_not_found,
    &state::check_option_violation, &state::general_error,
    &state::memory_allocation, &state::invalid_buffer_type, &state::invalid_sql_type,
    &state::not_prepared, &state::operation_canceled, &state::invalid_null_pointer,
    &state::function_sequence, &state::attribute_cannot_be_set, &state::invalid_transaction_code,
    &state::too_many_handles, &state::no_cursor_name, &state::cannot_modify_ird,
    &state::automatic_descriptor, &state::server_declined_cancel,
    &state::non_character_in_pieces, &state::concatenate_null, &state::inconsistent_descriptor,
    &state::invalid_attribute_value, &state::invalid_length, &state::invalid_descriptor_field,
    &state::invalid_attribute, &state::invalid_function_type, &state::invalid_information_type,
    &state::column_type_out_of_range, &state::scope_out_of_range, &state::nullable_out_of_range,
    &state::uniqueness_out_of_range, &state::accuracy_out_of_range,
    &state::invalid_retrieval_code, &state::invalid_precision, &state::invalid_parameter_type,
    &state::fetch_type_out_of_range, &state::row_value_out_of_range,
    &state::invalid_cursor_position, &state::invalid_driver_completion,
    &state::invalid_bookmark, &state::not_implemented,
    &state::timeout, &state::connection_timeout, &state::function_not_supported,
    &state::data_source_not_found,
};
// clang-format on

const SqlState* find(std::string_view code) {
    const auto* found = std::ranges::find(all, code, [](const SqlState* s) { return s->code; });
    return found == std::end(all) ? nullptr : *found;
}

}  // namespace

std::string_view odbc_2_state(std::string_view code) {
    const SqlState* found = find(code);
    return found ? found->odbc_2 : code;
}

}  // namespace myfabric
