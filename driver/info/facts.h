// What SQLGetInfo has to know about a connection.
#pragma once

#include <string>

namespace myfabric::info {

struct Facts {
    bool odbc_2 = false;
    std::string data_source_name, user, database, server_name;
    bool multi_statements = false;
    bool mariadb = false;
    std::string server_version;          // as the server greets
    unsigned server_version_number = 0;  // 10000 * major + 100 * minor + patch; 0: not connected
    bool read_only = false;
    std::string product;  // what SQL_DBMS_NAME says; empty: the server's own
};

}  // namespace myfabric::info
