// Routing hints in the comments before a statement: /*fabric: group=g mode=readonly*/,
// /*ms=slave*/.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "topology/target.h"

namespace myfabric::sql {

/// Where one statement is to run. What is absent stays as the connection has it.
struct Hint {
    enum class Server : unsigned char { any, master, slave, last_used };

    std::optional<std::string> group;
    std::optional<std::string> tables;  // "db.t1,db.t2"
    std::optional<std::string> key;
    std::optional<topology::Mode> mode;
    std::optional<topology::Scope> scope;
    Server server = Server::any;  // of /*ms=...*/, which `mode` precedes

    bool operator==(const Hint&) const = default;
};

/// The hint before the first word of `sql`, null when there is none; other comments are passed
/// over. Several hints add up. Throws 42000 for a word or value that is none, one that is given
/// twice, and a group together with tables. Costs a look at the first letters when `sql` begins
/// with no comment.
std::optional<Hint> parse_hint(std::string_view sql);

/// The target of a statement with `hint` on a connection whose target is `now`.
topology::Target hinted(const Hint& hint, const topology::Target& now);

}  // namespace myfabric::sql
