// Commands go to plain links by one call of the system, past the client library, whose way there
// costs more than all else of a short statement. Private to driver/mysql.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "mysql/client_library.h"

namespace myfabric::mysql {

/// Sends a command, `body` after its number; false: the connection has an error. The library does
/// it without `directly`, for other links, and where something is wrong, so that it says what.
/// `statement`: whose command it is, or null.
bool send_command(MYSQL* handle, bool directly, enum_server_command command, std::string_view body,
                  MYSQL_STMT* statement = nullptr);

/// A command that does not wait for the answer to the one before it.
struct QueuedCommand {
    enum_server_command number;
    std::string_view body;
};

/// Whether these can be sent one after the other before the first is answered: directly, and so
/// short that the link takes all of them.
bool can_send_ahead(const MYSQL* handle, std::span<const QueuedCommand> commands) noexcept;
/// The same for as many bytes.
bool can_send_ahead(const MYSQL* handle, std::size_t bytes) noexcept;
/// Sends them by one call of the system; false: the connection has an error.
bool send_ahead(MYSQL* handle, std::span<const QueuedCommand> commands);
/// For the answer to the next of several commands that were sent ahead: packets count anew.
void expect_next_answer(MYSQL* handle) noexcept;
/// The session was reset by such a command: its prepared statements are gone.
void forget_statements(MYSQL* handle) noexcept;

}  // namespace myfabric::mysql
