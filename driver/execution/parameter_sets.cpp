#include "execution/parameter_sets.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "execution/executor.h"

namespace myfabric::execution {

namespace {

constexpr std::size_t most_at_once = 4096;

bool is_ignored(const descriptor::Descriptor& apd, std::size_t set) {
    return apd.array_status_ptr && apd.array_status_ptr[set] == SQL_PARAM_IGNORE;
}

void processed(const descriptor::Descriptor& ipd, std::size_t sets) {
    if (ipd.rows_processed_ptr) *ipd.rows_processed_ptr = sets;
}

void status(const descriptor::Descriptor& ipd, std::size_t set, std::size_t count,
            SQLUSMALLINT value) {
    if (ipd.array_status_ptr) std::fill_n(ipd.array_status_ptr + set, count, value);
}

}  // namespace

void ParameterSets::begin(const descriptor::Descriptor& apd, descriptor::Descriptor& ipd,
                          bool in_transaction) {
    *this = {};
    active_ = true;
    in_transaction_ = in_transaction;
    sets_ = apd.array_size;
    status(ipd, 0, sets_, SQL_PARAM_UNUSED);
    processed(ipd, 0);
}

ParameterSets::Step ParameterSets::next(const ParameterPlan& plan,
                                        const descriptor::Descriptor& apd,
                                        descriptor::Descriptor& ipd) {
    while (next_ < sets_ && is_ignored(apd, next_)) processed(ipd, ++next_);
    if (next_ >= sets_) return {};
    if (plan.any_waiting(next_)) return {Step::Kind::needs_data, next_};
    const std::size_t wanted = std::min(at_once_, most_at_once);
    std::size_t count = 0;
    while (next_ + count < sets_ && count < wanted && !is_ignored(apd, next_ + count)) ++count;
    return {count > 1 ? Step::Kind::run_many : Step::Kind::run_one, next_,
            std::max<std::size_t>(count, 1)};
}

void ParameterSets::done(std::size_t set, std::size_t count, long long affected,
                         descriptor::Descriptor& ipd) {
    next_ = set + count;
    run_ += count;
    if (affected > 0) affected_ += affected;
    at_once_ = count == 1 ? at_once_ * 4 : std::max(at_once_, count * 4);
    processed(ipd, next_);
    status(ipd, set, count, SQL_PARAM_SUCCESS);
}

/// No set is reported successful that was rolled back with the transaction.
void ParameterSets::take_back(const Error& error, std::size_t sets,
                              const descriptor::Descriptor& ipd) const {
    const bool with_the_link =
        error.is(state::serialization_failure) && error.cause() == Cause::session_lost;
    if (!with_the_link && !(in_transaction_ && error.cause() == Cause::transaction)) return;
    if (SQLUSMALLINT* status = ipd.array_status_ptr)
        std::replace(status, status + sets, SQLUSMALLINT{SQL_PARAM_SUCCESS},
                     SQLUSMALLINT{SQL_PARAM_ERROR});
}

void ParameterSets::failed(std::size_t set, const Error& error, descriptor::Descriptor& ipd) {
    next_ = set + 1;
    processed(ipd, next_);
    status(ipd, set, 1, SQL_PARAM_ERROR);
    ++run_;
    ++failed_;
    for (Record record : error.records()) {
        record.row = static_cast<long long>(set + 1);
        errors_.push_back(std::move(record));
    }
    if (!concerns_session(error.cause())) return;
    take_back(error, set, ipd);
    std::vector<Record> errors = std::move(errors_);
    *this = {};
    throw Error(std::move(errors));
}

void ParameterSets::failed_together(std::size_t set, std::size_t count, const Error& error,
                                    descriptor::Descriptor& ipd) {
    if (!concerns_session(error.cause())) {
        at_once_ = count / 8;
        return;
    }
    status(ipd, set, count, SQL_PARAM_DIAG_UNAVAILABLE);
    take_back(error, set, ipd);
    *this = {};
    throw error;
}

void ParameterSets::report_failures(Diagnostics& diagnostics) {
    for (Record& record : errors_) diagnostics.add(std::move(record));
    errors_.clear();
}

ParameterSets::Finished ParameterSets::finish() {
    Finished finished{failed_ && failed_ == run_, affected_, std::move(errors_)};
    *this = {};
    return finished;
}

}  // namespace myfabric::execution
