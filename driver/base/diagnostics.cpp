#include "base/diagnostics.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <new>

namespace myfabric {

namespace {

/// "Sequence of Status Records": by rows. What is of no row comes before them when it is an error;
/// a warning of that kind sums the rows up.
long long place(const Record& record) {
    if (record.row >= 1) return record.row;
    return record.state.starts_with("01") ? std::numeric_limits<long long>::max() : 0;
}

}  // namespace

void Diagnostics::drop_records() noexcept {
    records_.clear();
    late_.clear();
    about_.reset();
}

void Diagnostics::begin_late(std::shared_ptr<const void> about, LateWarning::Compose into_record) {
    if (!late_.empty()) compose();
    about_ = std::move(about);
    into_record_ = into_record;
}

void Diagnostics::compose() const {
    records_.reserve(records_.size() + late_.size());
    for (const LateWarning& warning : late_)
        records_.push_back(into_record_(warning, about_.get()));
    late_.clear();
    std::ranges::stable_sort(records_, {}, place);
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
        std::rethrow_exception(exception);
    } catch (Error& error) {
        return fail(std::move(error));
    } catch (const std::bad_alloc&) {
        return fail(Error(state::memory_allocation));
    } catch (const std::exception& other) {
        return fail(Error(state::general_error, other.what()));
    } catch (...) {
        return fail(Error(state::general_error));
    }
}

SQLRETURN Diagnostics::fail(Error error) noexcept {
    try {
        // Sequence of Status Records: errors come before warnings.
        std::vector<Record> records = std::move(error).records();
        std::ranges::move(records_, std::back_inserter(records));
        records_ = std::move(records);
    } catch (...) {
        // Out of memory while reporting: SQL_ERROR without a record is all that is left.
    }
    return return_code_ = SQL_ERROR;
}

std::string Diagnostics::full_message(const Record& record) const {
    constexpr std::size_t longest_prefix = 48;  // without the version
    std::string text;
    text.reserve(longest_prefix + server_version_.size() + record.message.size());
    text += "[MyFabric][ODBC Driver]";
    if (record.origin == Origin::server && !server_version_.empty())
        text.append("[mysqld-").append(server_version_).append("]");
    if (record.origin == Origin::fabric) text += "[Fabric]";
    return text += record.message;
}

}  // namespace myfabric
