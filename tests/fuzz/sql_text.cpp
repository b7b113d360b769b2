// The application's SQL text, which is read for verbs, escapes and hints.
#include <cstdint>
#include <string>

#include "base/error.h"
#include "sql/escapes.h"
#include "sql/hints.h"
#include "sql/insert_values.h"
#include "sql/lexer.h"

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
    return 0;
}
