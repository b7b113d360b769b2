// The errors that the application sees after a failure: PRODUCT's failure section in words.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "router/failover.h"
#include "router/live_link.h"

namespace myfabric::router {

/// 40001, or 40003 where a rollback does not take everything back.
Error transaction_lost(const std::string& why, bool untransactional);

/// What next_step() decided on, after `error` on the server `from`. `gone` names what the session
/// had, or is empty; `attempt` servers were tried.
Error failure_report(Next next, const Error& error, const std::string& from,
                     const std::string& gone, unsigned attempt);

/// The application's own limit, or SQLCancel, has ended the wait: HYT00, HYT01, HY008.
Error wait_ended(LiveLink::Broken why, const Error& error, const std::string& from);

/// How far a command went whose results could not be read to the end.
struct LostResult {
    bool in_transaction = false;
    bool untransactional = false;  // the transaction wrote what no rollback takes back
    bool may_have_ended_it = false;
    bool has_more_statements = false;
};
/// 08S01; inside a transaction 40001; of several statements 40003, as those after it may have run.
Error result_lost(const LostResult& lost, const Error& error, const std::string& from);

/// `names` went with the link to `from`.
Error state_lost(const std::string& whose, const std::string& names);

/// No session could be had: `records` say why of each server that was tried, `why_not` why others
/// were not, or is empty. `what` is what was wanted.
Error unreachable(const SqlState& state, const std::string& what, unsigned attempts,
                  std::vector<Record> records, const std::string& why_not);

}  // namespace myfabric::router
