// SQLBrowseConnect: connecting level by level, as the application learns what there is.
#pragma once

#include <string>

#include "handles/connection.h"

namespace myfabric::handles {

/// Takes the attributes of one call; those of earlier calls are remembered. SQL_NEED_DATA: `answer`
/// names the next level's, first the server and the user, then the databases that the user may
/// see. SQL_SUCCESS: it is connected, and `answer` is the whole string. Throws as
/// Connection::connect() does; nothing is remembered or open then.
SQLRETURN browse_connect(Connection& connection, const std::string& attributes,
                         std::string& answer);

}  // namespace myfabric::handles
