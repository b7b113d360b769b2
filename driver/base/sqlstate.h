// The one list of SQLSTATEs: ODBC 3.x code, ODBC 2.x code, text of Appendix A.
#pragma once

#include <string_view>

namespace myfabric {

struct SqlState {
    std::string_view code;    // ODBC 3.x
    std::string_view odbc_2;  // what an ODBC 2.x application reads
    std::string_view text;
    bool session_lost = false;  // the session, or its transaction, is gone
};

namespace state {
// clang-format off
inline constexpr SqlState general_warning            {"01000", "01000", "General warning"};
inline constexpr SqlState cursor_conflict            {"01001", "01001", "Cursor operation conflict"};
inline constexpr SqlState disconnect_error           {"01002", "01002", "Disconnect error"};
inline constexpr SqlState null_eliminated            {"01003", "01003", "NULL value eliminated in set function"};
inline constexpr SqlState right_truncated            {"01004", "01004", "String data, right truncated"};
inline constexpr SqlState invalid_connection_key     {"01S00", "01S00", "Invalid connection string attribute"};
inline constexpr SqlState error_in_row               {"01S01", "01S01", "Error in row"};
inline constexpr SqlState option_value_changed       {"01S02", "01S02", "Option value changed"};
inline constexpr SqlState fetch_before_start         {"01S06", "01S06", "Attempt to fetch before the result set returned the first rowset"};
inline constexpr SqlState fractional_truncation      {"01S07", "01S07", "Fractional truncation"};
inline constexpr SqlState wrong_parameter_count      {"07002", "07001", "COUNT field incorrect"};
inline constexpr SqlState not_a_cursor               {"07005", "24000", "Prepared statement not a cursor-specification"};
inline constexpr SqlState restricted_type            {"07006", "07006", "Restricted data type attribute violation"};
inline constexpr SqlState invalid_descriptor_index   {"07009", "S1002", "Invalid descriptor index"};
inline constexpr SqlState invalid_default_parameter  {"07S01", "S1000", "Invalid use of default parameter"};
inline constexpr SqlState unable_to_connect          {"08001", "08001", "Client unable to establish connection", true};
inline constexpr SqlState connection_in_use          {"08002", "08002", "Connection name in use", true};
inline constexpr SqlState not_connected              {"08003", "08003", "Connection not open", true};
inline constexpr SqlState connection_rejected        {"08004", "08004", "Server rejected the connection", true};
inline constexpr SqlState commit_unknown             {"08007", "08007", "Connection failure during transaction", true};
inline constexpr SqlState link_failure               {"08S01", "08S01", "Communication link failure", true};
inline constexpr SqlState column_list_mismatch       {"21S01", "21S01", "Insert value list does not match column list"};
inline constexpr SqlState derived_column_mismatch    {"21S02", "21S02", "Degree of derived table does not match column list"};
inline constexpr SqlState data_right_truncated       {"22001", "22001", "String data, right truncated"};
inline constexpr SqlState indicator_required         {"22002", "22002", "Indicator variable required but not supplied"};
inline constexpr SqlState numeric_out_of_range       {"22003", "22003", "Numeric value out of range"};
inline constexpr SqlState invalid_datetime           {"22007", "22007", "Invalid datetime format"};
inline constexpr SqlState datetime_overflow          {"22008", "22008", "Datetime field overflow"};
inline constexpr SqlState interval_overflow          {"22015", "22015", "Interval field overflow"};
inline constexpr SqlState invalid_character          {"22018", "22005", "Invalid character value for cast specification"};
inline constexpr SqlState invalid_escape_character   {"22019", "22019", "Invalid escape character"};
inline constexpr SqlState integrity_violation        {"23000", "23000", "Integrity constraint violation"};
inline constexpr SqlState invalid_cursor_state       {"24000", "24000", "Invalid cursor state"};
inline constexpr SqlState invalid_transaction_state  {"25000", "25000", "Invalid transaction state"};
inline constexpr SqlState transaction_unknown        {"25S01", "25S01", "Transaction state unknown"};
inline constexpr SqlState transaction_rolled_back    {"25S03", "25S03", "Transaction is rolled back"};
inline constexpr SqlState invalid_authorization      {"28000", "28000", "Invalid authorization specification"};
inline constexpr SqlState invalid_cursor_name        {"34000", "34000", "Invalid cursor name"};
inline constexpr SqlState duplicate_cursor_name      {"3C000", "3C000", "Duplicate cursor name"};
inline constexpr SqlState invalid_catalog            {"3D000", "3D000", "Invalid catalog name"};
inline constexpr SqlState invalid_schema             {"3F000", "3F000", "Invalid schema name"};
inline constexpr SqlState serialization_failure      {"40001", "40001", "Serialization failure", true};
inline constexpr SqlState completion_unknown         {"40003", "40003", "Statement completion unknown", true};
inline constexpr SqlState syntax_error               {"42000", "37000", "Syntax error or access violation"};
inline constexpr SqlState table_exists               {"42S01", "S0001", "Base table or view already exists"};
inline constexpr SqlState table_not_found            {"42S02", "S0002", "Base table or view not found"};
inline constexpr SqlState column_not_found           {"42S22", "S0022", "Column not found"};
inline constexpr SqlState check_option_violation     {"44000", "44000", "WITH CHECK OPTION violation"};
inline constexpr SqlState general_error              {"HY000", "S1000", "General error"};
inline constexpr SqlState memory_allocation          {"HY001", "S1001", "Memory allocation error"};
inline constexpr SqlState invalid_buffer_type        {"HY003", "S1003", "Invalid application buffer type"};
inline constexpr SqlState invalid_sql_type           {"HY004", "S1004", "Invalid SQL data type"};
inline constexpr SqlState not_prepared               {"HY007", "S1010", "Associated statement is not prepared"};
inline constexpr SqlState operation_canceled         {"HY008", "S1008", "Operation canceled"};
inline constexpr SqlState invalid_null_pointer       {"HY009", "S1009", "Invalid use of null pointer"};
inline constexpr SqlState function_sequence          {"HY010", "S1010", "Function sequence error"};
inline constexpr SqlState attribute_cannot_be_set    {"HY011", "S1011", "Attribute cannot be set now"};
inline constexpr SqlState invalid_transaction_code   {"HY012", "S1012", "Invalid transaction operation code"};
inline constexpr SqlState too_many_handles           {"HY014", "S1014", "Limit on the number of handles exceeded"};
inline constexpr SqlState no_cursor_name             {"HY015", "S1015", "No cursor name available"};
inline constexpr SqlState cannot_modify_ird          {"HY016", "S1016", "Cannot modify an implementation row descriptor"};
inline constexpr SqlState automatic_descriptor       {"HY017", "S1017", "Invalid use of an automatically allocated descriptor handle"};
inline constexpr SqlState server_declined_cancel     {"HY018", "S1018", "Server declined cancel request"};
inline constexpr SqlState non_character_in_pieces    {"HY019", "S1019", "Non-character and non-binary data sent in pieces"};
inline constexpr SqlState concatenate_null           {"HY020", "S1020", "Attempt to concatenate a null value"};
inline constexpr SqlState inconsistent_descriptor    {"HY021", "S1021", "Inconsistent descriptor information"};
inline constexpr SqlState invalid_attribute_value    {"HY024", "S1009", "Invalid attribute value"};
inline constexpr SqlState invalid_length             {"HY090", "S1090", "Invalid string or buffer length"};
inline constexpr SqlState invalid_descriptor_field   {"HY091", "S1091", "Invalid descriptor field identifier"};
inline constexpr SqlState invalid_attribute          {"HY092", "S1092", "Invalid attribute/option identifier"};
inline constexpr SqlState invalid_function_type      {"HY095", "S1095", "Function type out of range"};
inline constexpr SqlState invalid_information_type   {"HY096", "S1096", "Information type out of range"};
inline constexpr SqlState column_type_out_of_range   {"HY097", "S1097", "Column type out of range"};
inline constexpr SqlState scope_out_of_range         {"HY098", "S1098", "Scope type out of range"};
inline constexpr SqlState nullable_out_of_range      {"HY099", "S1099", "Nullable type out of range"};
inline constexpr SqlState uniqueness_out_of_range    {"HY100", "S1100", "Uniqueness option type out of range"};
inline constexpr SqlState accuracy_out_of_range      {"HY101", "S1101", "Accuracy option type out of range"};
inline constexpr SqlState invalid_retrieval_code     {"HY103", "S1103", "Invalid retrieval code"};
inline constexpr SqlState invalid_precision          {"HY104", "S1104", "Invalid precision or scale value"};
inline constexpr SqlState invalid_parameter_type     {"HY105", "S1105", "Invalid parameter type"};
inline constexpr SqlState fetch_type_out_of_range    {"HY106", "S1106", "Fetch type out of range"};
inline constexpr SqlState row_value_out_of_range     {"HY107", "S1107", "Row value out of range"};
inline constexpr SqlState invalid_cursor_position    {"HY109", "S1109", "Invalid cursor position"};
inline constexpr SqlState invalid_driver_completion  {"HY110", "S1110", "Invalid driver completion"};
inline constexpr SqlState invalid_bookmark           {"HY111", "S1111", "Invalid bookmark value"};
inline constexpr SqlState not_implemented            {"HYC00", "S1C00", "Optional feature not implemented"};
inline constexpr SqlState timeout                    {"HYT00", "S1T00", "Timeout expired"};
inline constexpr SqlState connection_timeout         {"HYT01", "S1T00", "Connection timeout expired"};
inline constexpr SqlState function_not_supported     {"IM001", "IM001", "Driver does not support this function"};
inline constexpr SqlState data_source_not_found      {"IM002", "IM002", "Data source not found and no default driver specified"};
// clang-format on
}  // namespace state

/// The code an ODBC 2.x application reads for a 3.x `code`; the code itself where nothing differs.
std::string_view odbc_2_state(std::string_view code);

}  // namespace myfabric
