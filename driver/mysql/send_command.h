// Commands go to plain links by one call of the system, past the client library, whose way there
// costs more than all else of a short statement. Private to driver/mysql.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mysql/client_library.h"

namespace myfabric::mysql {

/// Sends a command, `body` after its number; false: the connection has an error. The library does
/// it without `directly`, for other links, and where something is wrong, so that it says what.
/// `statement`: whose command it is, or null.
bool send_command(MYSQL* handle, bool directly, enum_server_command command, std::string_view body,
                  MYSQL_STMT* statement = nullptr);

/// Whether these texts can be sent one after the other before the first is answered: directly, and
/// so short that the link takes all of them.
bool can_send_ahead(const MYSQL* handle, const std::vector<std::string>& texts) noexcept;
/// For the answer to the next of several commands that were sent ahead: packets count anew.
void expect_next_answer(MYSQL* handle) noexcept;

}  // namespace myfabric::mysql
