#include "conversion/report.h"

#include <string>

#include "base/error.h"
#include "base/text.h"

namespace myfabric::conversion {
namespace {

/// "column 'a': string data, right truncated".
std::string sentence(std::string_view what, const SqlState& state) {
    return std::string(what) + ": " + to_lower(state.text.substr(0, 1)) +
           std::string(state.text.substr(1));
}

/// Which key of the DSN helps a program that the value `cell` of `column` is out of range for, as
/// the rest of a sentence; empty where none does.
std::string_view remedy_of(Outcome outcome, const results::Column& column, results::Format format,
                           Cell cell) {
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

std::string name_of(const results::Column& column) {
    return "column '" + column.name + "'";
}

}  // namespace

Record record_of(Outcome outcome, std::string_view what, long long row, int column) {
    const SqlState& state = *state_of(outcome);
    Record record;
    record.state = state.code;
    record.message = sentence(what, state);
    record.row = row;
    record.column = column;
    return record;
}

void report(Outcome outcome, std::string_view what, long long row, int column,
            Diagnostics& diagnostics) {
    Record record = record_of(outcome, what, row, column);
    if (!is_warning(outcome)) throw Error(std::vector<Record>{std::move(record)});
    diagnostics.add(std::move(record));
}

Record late_record(const LateWarning& warning, const void* about) {
    const auto& columns = *static_cast<const results::Columns*>(about);
    const auto outcome = static_cast<Outcome>(warning.what);
    Record record =
        record_of(outcome, name_of(columns[static_cast<std::size_t>(warning.column) - 1]),
                  warning.row, warning.column);
    if (outcome == Outcome::replaced)
        record.message +=
            "; characters that the character set of the key Charset does not have became '?': "
            "read SQL_C_WCHAR, or leave Charset out for UTF-8";
    return record;
}

Record error_of_cell(Outcome outcome, const results::Columns& columns, unsigned column,
                     std::size_t row, results::Format format, Cell cell) {
    const results::Column& described = columns[column];
    Record record = record_of(outcome, name_of(described), static_cast<long long>(row) + 1,
                              static_cast<int>(column) + 1);
    record.message += remedy_of(outcome, described, format, cell);
    return record;
}

}  // namespace myfabric::conversion
