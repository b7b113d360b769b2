// LOAD DATA LOCAL: a server is sent the file that the statement names, and no other. Private to
// driver/mysql.
#pragma once

#include <string_view>

#include "mysql/client_library.h"

namespace myfabric::mysql {

/// Has the connection answer requests for files so. A server may ask for any file at any time, also
/// within the login.
void guard_local_files(MYSQL* handle);

/// The statement that this thread runs, while it lives, and what says which file it names; null:
/// none.
class RunningStatement {
public:
    RunningStatement(std::string_view sql, NamesLocalFile names, bool backslash_escapes) noexcept;
    ~RunningStatement();
    RunningStatement(const RunningStatement&) = delete;
    RunningStatement& operator=(const RunningStatement&) = delete;
};

}  // namespace myfabric::mysql
