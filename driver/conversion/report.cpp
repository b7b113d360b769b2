#include "conversion/report.h"

#include <string>

#include "base/error.h"
#include "base/text.h"

namespace myfabric::conversion {

Record record_of(Outcome outcome, std::string_view what, long long row, int column) {
    const SqlState& state = *state_of(outcome);
    Record record;
    record.state = state.code;
    record.message = std::string(what) + ": " + to_lower(state.text.substr(0, 1)) +
                     std::string(state.text.substr(1));
    record.row = row;
    record.column = column;
    return record;
}

std::string_view remedy_of(Outcome outcome, const results::Column& column, results::Format format,
                           Cell cell) {
    if (outcome == Outcome::replaced)
        return "; characters that the character set of the key Charset does not have became '?': "
               "read SQL_C_WCHAR, or leave Charset out for UTF-8";
    const bool integer =
        column.kind >= results::Kind::tinyint && column.kind <= results::Kind::bigint;
    if (outcome != Outcome::out_of_range || !integer || cell.empty()) return {};
    if (column.is_unsigned)
        return "; the column is unsigned: ask for an unsigned or wider C type, or set the key "
               "UnsignedAs=wider (described by the next wider type) or WrapIntegers=1 (keeps the "
               "bits)";
    const bool negative = format == results::Format::text
                              ? cell.front() == '-'
                              : (static_cast<unsigned char>(cell.back()) & 0x80) != 0;
    if (!negative) return {};
    return "; the value is negative: ask for a signed C type, or set the key WrapIntegers=1, which "
           "keeps its bits";
}

void report(Outcome outcome, std::string_view what, long long row, int column,
            Diagnostics& diagnostics, std::string_view remedy) {
    Record record = record_of(outcome, what, row, column);
    record.message += remedy;
    if (!is_warning(outcome)) throw Error(std::vector<Record>{std::move(record)});
    diagnostics.add(std::move(record));
}

}  // namespace myfabric::conversion
