// LOAD DATA LOCAL: a server is sent the file that the statement names, and no other. Private to
// driver/mysql.
#pragma once

#include <string>

#include "mysql/client_library.h"

namespace myfabric::mysql {

/// Of a connection that may send files.
struct LocalFiles {
    NamesLocalFile names;
    std::string statement;  // that runs, until its last result; empty: none
    bool backslash_escapes = true;
};

/// Has the connection answer requests for files so: a server may ask for any file at any time, also
/// within the login. `files` outlives it; null: none is sent.
void guard_local_files(MYSQL* handle, LocalFiles* files);

}  // namespace myfabric::mysql
