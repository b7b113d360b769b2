// LOAD DATA LOCAL: a server is sent the file that the statement names, and no other. Private to
// driver/mysql.
#pragma once

#include <string_view>

#include "mysql/client_library.h"

namespace myfabric::mysql {

/// Has the connection answer requests for files so. A server may ask for any file at any time, also
/// within the login.
void guard_local_files(MYSQL* handle);

/// Whether `sql` is a statement that has the client send the file `name`. Pure.
bool names_local_file(std::string_view sql, std::string_view name);

/// The statement that this thread runs, while it lives.
class RunningStatement {
public:
    explicit RunningStatement(std::string_view sql) noexcept;
    ~RunningStatement();
    RunningStatement(const RunningStatement&) = delete;
    RunningStatement& operator=(const RunningStatement&) = delete;
};

}  // namespace myfabric::mysql
