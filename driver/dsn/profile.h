// Data sources of odbc.ini, and what they and a connection string come to together.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/sqlstate.h"
#include "dsn/connection_string.h"
#include "dsn/options.h"

namespace myfabric::dsn {

/// What a connection is to do, and what is to be said about it.
struct Resolved {
    Options options;
    std::vector<std::pair<const SqlState*, std::string>> warnings;
    Pairs given;              // what the application passed, in its order
    std::string data_source;  // empty for DRIVER=

    Resolved() = default;
    Resolved(const Resolved&) = default;
    Resolved& operator=(const Resolved&) = default;
    ~Resolved() { wipe_values(given); }
};

/// For SQLDriverConnect. The string goes before the section of its DSN; with DRIVER first no
/// section is read; with neither, the section Default is, if there is one. Throws Error 08001 for
/// text that cannot be read or a value that cannot be used, IM002 for an unknown data source.
Resolved from_connection_string(std::string_view text);

/// For SQLConnect. An empty `user` or `password` leaves that of the data source. Throws likewise.
Resolved from_data_source(std::string_view data_source, std::string_view user,
                          std::string_view password);

/// The completed connection string of SQLDriverConnect: what the application passed, so a password
/// only if it was among that.
std::string completed(const Resolved& resolved);

/// Keys and values of a section of odbc.ini, the user's file before the system's; empty when there
/// is no such section.
Pairs read_section(const std::string& section);
/// True when a file has such a section, even an empty one.
bool has_section(const std::string& section);

}  // namespace myfabric::dsn
