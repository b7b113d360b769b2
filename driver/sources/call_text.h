// Fabric's MySQL protocol as text: a command as a CALL, and its result sets as a reply. Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "results/column.h"
#include "topology/values.h"

namespace myfabric::sources {

/// Who listens: a Fabric node has a parser of its own, fabric-sql lives on a MySQL server.
enum class Dialect : unsigned char { node, sql };

/// By the version that a server greets with: nodes call themselves "1.5.5-fabric".
Dialect dialect_of(std::string_view server_version);

/// "CALL group.lookup_servers('g',NULL)". `escape` is for texts between single quotes
/// (Dialect::sql). Throws Error 42000 for what is no command's name, 22018 for a text that a node
/// cannot take.
std::string encode_sql_call(Dialect dialect, const std::string& command,
                            const std::vector<topology::Value>& arguments,
                            const std::function<std::string(std::string_view)>& escape);

/// One value as the column's type says; a text that does not fit its type stays a text. Booleans
/// are marked by the type (nodes) or known by the column's name (fabric-sql).
topology::Value decode_cell(Dialect dialect, const results::Column& column, std::string_view text);

/// Moves the row in which every reply says how it went from `sets` into the reply. Throws
/// MalformedReply when there is none.
topology::Reply decode_sql_reply(std::vector<topology::ResultSet> sets);

/// The number of arguments that a stored procedure wants, by the message of error 1318; 0: unknown.
std::size_t wanted_arguments(std::string_view message);

}  // namespace myfabric::sources
