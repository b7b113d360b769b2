#include "router/failure_report.h"

#include <algorithm>
#include <utility>

namespace myfabric::router {
namespace {

Error after(const Error& error, const SqlState& state, const std::string& text) {
    Error report(state, text, error.native());
    report.also(error.records());
    return report;
}

/// The different messages of `records`, one after the other.
std::string reasons_of(const std::vector<Record>& records) {
    std::string text;
    for (auto record = records.begin(); record != records.end(); ++record)
        if (std::ranges::find(records.begin(), record, record->message, &Record::message) == record)
            text += (text.empty() ? "" : "; ") + record->message;
    return text;
}

}  // namespace

Error transaction_lost(const std::string& why, bool untransactional) {
    if (untransactional)
        return Error(state::completion_unknown,
                     why +
                         "; the transaction was rolled back, but for what it did to tables of an "
                         "engine without transactions");
    return Error(state::serialization_failure,
                 why + "; the transaction was rolled back, run it again");
}

Error failure_report(Next next, const Error& error, const std::string& from,
                     const std::string& gone, unsigned attempt) {
    const std::string with_it = gone.empty() ? "" : ", and with it " + gone;
    switch (next) {
        case Next::transaction_lost:
            return after(error, state::serialization_failure,
                         "the transaction on " + from +
                             " was rolled back because the server failed or changed its role" +
                             with_it + "; run it again");
        case Next::commit_unknown:
            return after(error, state::commit_unknown,
                         "the link to " + from + " was lost during COMMIT" + with_it +
                             "; whether it took effect is unknown");
        case Next::outcome_unknown:
            return after(
                error, state::completion_unknown,
                (lost(error.cause())
                     ? "the link to " + from + " was lost before the server answered" + with_it
                     : from + " failed or changed its role in the midst of it" + with_it) +
                    "; whether the statement took effect, whole or in part, is unknown");
        case Next::state_lost:
            return after(
                error, state::link_failure,
                "the link to " + from + " was lost" + with_it + "; the connection is usable again");
        default:
            if (!lost(error.cause()))
                return after(error, state::link_failure,
                             from + " takes no writes now, and the farm gave no other server in " +
                                 std::to_string(attempt) + " attempts; the statement did not run");
            return after(error, state::link_failure,
                         "the statement failed on " + std::to_string(attempt) + " servers");
    }
}

Error wait_ended(LiveLink::Broken why, const Error& error, const std::string& from) {
    const bool cancelled = why == LiveLink::Broken::cancelled;
    const SqlState& state = cancelled                                ? state::operation_canceled
                            : why == LiveLink::Broken::query_timeout ? state::timeout
                                                                     : state::connection_timeout;
    return after(error, state,
                 cancelled ? "the statement was cancelled, and the link to " + from +
                                 " dropped, as it did not answer"
                           : from +
                                 " did not answer in time; the link to it was dropped, and whether "
                                 "the statement took effect is unknown");
}

Error result_lost(const LostResult& lost, const Error& error, const std::string& from) {
    const auto report = [&](const SqlState& state, const char* outcome) {
        return after(error, state,
                     "the link to " + from + " was lost before all results were read" + outcome);
    };
    if (lost.in_transaction && lost.may_have_ended_it)
        return report(state::commit_unknown,
                      "; whether the statement ended the transaction is unknown");
    if (lost.in_transaction && !lost.untransactional)
        return report(state::serialization_failure,
                      "; the transaction was rolled back, run it again");
    if (lost.in_transaction || lost.has_more_statements)
        return report(state::completion_unknown, "; what took effect is unknown");
    return report(state::link_failure, "; the connection is usable again");
}

Error state_lost(const std::string& whose, const std::string& names) {
    return Error(state::link_failure,
                 whose + " was lost, and with it " + names + "; the connection is usable again");
}

Error unreachable(const SqlState& state, const std::string& what, unsigned attempts,
                  std::vector<Record> records, const std::string& why_not) {
    // A server that lives and takes no more logins says so itself.
    const auto full = std::ranges::find(records, Cause::turned_away, &Record::cause);
    if (full != records.end()) {
        std::rotate(records.begin(), full, full + 1);
        return Error(std::move(records));
    }
    // Many programs show the first record only, so it has each server's reason.
    const bool too_late = std::ranges::all_of(
        records, [](const Record& record) { return record.state == state::timeout.code; });
    Error error(too_late ? state::timeout : state,
                what + (attempts > 1 ? " after " + std::to_string(attempts) + " attempts" : "") +
                    (why_not.empty() ? "" : "; " + why_not) + ": " + reasons_of(records),
                records.front().native);
    error.also(records);
    return error;
}

}  // namespace myfabric::router
