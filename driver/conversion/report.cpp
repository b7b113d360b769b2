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

void report(Outcome outcome, std::string_view what, long long row, int column,
            Diagnostics& diagnostics) {
    Record record = record_of(outcome, what, row, column);
    if (!is_warning(outcome)) throw Error(std::vector<Record>{std::move(record)});
    diagnostics.add(std::move(record));
}

}  // namespace myfabric::conversion
