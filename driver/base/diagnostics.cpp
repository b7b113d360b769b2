#include "base/diagnostics.h"

#include <new>

namespace myfabric {

void Diagnostics::drop_records() noexcept {
    records_.clear();
}

void Diagnostics::warn(const SqlState& state, std::string message, long long row, int column) {
    if (message.empty()) message = state.text;
    add({std::string(state.code), 0, std::move(message), Origin::driver, row, column});
}

void Diagnostics::add(Record record) {
    records_.push_back(std::move(record));
}

SQLRETURN Diagnostics::fail(std::exception_ptr exception) noexcept {
    try {
        // Sequence of Status Records: errors come before warnings.
        std::vector<Record> errors;
        try {
            std::rethrow_exception(exception);
        } catch (const Error& error) {
            errors = error.records();
        } catch (const std::bad_alloc&) {
            errors = Error(state::memory_allocation).records();
        } catch (const std::exception& other) {
            errors = Error(state::general_error, other.what()).records();
        } catch (...) {
            errors = Error(state::general_error).records();
        }
        records_.insert(records_.begin(), errors.begin(), errors.end());
    } catch (...) {
        // Out of memory while reporting: SQL_ERROR without a record is all that is left.
    }
    return return_code_ = SQL_ERROR;
}

std::string Diagnostics::full_message(const Record& record) const {
    std::string text = "[MyFabric][ODBC Driver]";
    if (record.origin == Origin::server && !server_version_.empty())
        text += "[mysqld-" + server_version_ + "]";
    if (record.origin == Origin::fabric) text += "[Fabric]";
    return text + record.message;
}

}  // namespace myfabric
