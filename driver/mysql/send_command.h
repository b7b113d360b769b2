// Commands go to plain links by one call of the system, past the client library, whose way there
// costs more than all else of a short statement. Private to driver/mysql.
#pragma once

#include <string_view>

#include "mysql/client_library.h"

namespace myfabric::mysql {

/// Sends a command, `body` after its number; false: the connection has an error. The library does
/// it without `directly`, for other links, and where something is wrong, so that it says what.
/// `statement`: whose command it is, or null.
bool send_command(MYSQL* handle, bool directly, enum_server_command command, std::string_view body,
                  MYSQL_STMT* statement = nullptr);

}  // namespace myfabric::mysql
