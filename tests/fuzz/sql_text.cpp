// The application's SQL text, which is read for verbs, escapes and hints.
#include <cstdint>
#include <string>

#include "base/error.h"
#include "sql/dynamic_function.h"
#include "sql/escapes.h"
#include "sql/farm_call_text.h"
#include "sql/hints.h"
#include "sql/insert_values.h"
#include "sql/lexer.h"
#include "sql/local_file.h"
#include "sql/parameter_targets.h"
#include "sql/pieces.h"
#include "sql/row_change_text.h"
#include "sql/set_text.h"

using namespace myfabric;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const bool backslashes = data[0] & 1;
    const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
    try {
        const std::string sql = sql::translate_escapes(text, backslashes);
        sql::asks_function_value(text, backslashes);
        sql::analyse(sql, backslashes);
        if (const auto row = sql::values_row(sql)) sql::with_rows(sql, *row, 3);
        sql::changed_table(sql);
    } catch (const Error&) {
    }
    try {
        sql::parse_hint(text);
    } catch (const Error&) {
    }
    try {
        if (sql::is_fabric_call(text)) sql::parse_fabric_call(text);
    } catch (const Error&) {
    }
    sql::calls_only_builtins(text);
    sql::parameter_targets(text);
    sql::called_procedure(text);
    sql::dynamic_function(text, data[0] & 2);
    sql::set_text(text);
    sql::names_local_file(text, "file", backslashes);
    sql::unquoted(text);
    // The pieces are parts of the text, one after the other.
    const char* at = text.data();
    for (const sql::Piece& piece : sql::pieces(text, backslashes)) {
        if (piece.text.data() < at ||
            piece.text.data() + piece.text.size() > text.data() + text.size())
            __builtin_trap();
        at = piece.text.data() + piece.text.size();
    }
    if (const auto positioned = sql::positioned(text, backslashes)) static_cast<void>(positioned);
    return 0;
}
