// What an application asks a farm for: a group, or tables and a shard key; with mode and scope.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace myfabric::topology {

enum class Mode : unsigned char { read_only = 1, read_write = 2, automatic = 4 };
enum class Scope : unsigned char { local, global };

/// What the application asked for; kept as given, so that it can be resolved again at any time.
struct Target {
    std::string group;
    std::vector<std::string> tables;  // "db.table", or "table" in the current database
    std::optional<std::string> key;
    std::optional<Scope> scope;  // absent: local when there is a key, else global
    Mode mode = Mode::read_write;

    bool operator==(const Target&) const = default;
};

/// READONLY, RO, 1; READWRITE, RW, 2, 3; AUTO, 4; without regard to case. Empty: READWRITE.
/// Throws Error 08001 for any other text.
Mode parse_mode(std::string_view text);
/// "READONLY", "READWRITE", "AUTO".
std::string_view mode_name(Mode mode);

/// LOCAL or GLOBAL without regard to case. Throws Error 08001 for any other text.
Scope parse_scope(std::string_view text);
/// "LOCAL", "GLOBAL".
std::string_view scope_name(Scope scope);

/// "db.t1, t2" as a list. Names without a database get `current_database`, or stay as they are for
/// resolve() when that is empty. Backticks around a part are taken away. Throws Error 08001 for a
/// name that is none.
std::vector<std::string> parse_tables(std::string_view text,
                                      std::string_view current_database = {});

}  // namespace myfabric::topology
