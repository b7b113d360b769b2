// CALL fabric....: statements that the driver answers itself.
#pragma once

#include <memory>
#include <span>

#include "handles/connection.h"
#include "mysql/prepared.h"
#include "statement/fabric_call.h"

namespace myfabric::handles {

/// Runs `call`; `parameters` are the values of its `?`, in order. Null when the call is not the
/// driver's on this connection. Throws 42000 (arguments), HY024, HYC00, 25000 (in a transaction).
std::unique_ptr<mysql::Results> answer_fabric_call(Connection& connection,
                                                   const statement::FabricCall& call,
                                                   std::span<const mysql::Parameter> parameters);

}  // namespace myfabric::handles
