// Keeps a password from going over the net in clear text where there is no TLS.
// Private to driver/mysql.
#pragma once

#include "mysql/client_library.h"

namespace myfabric::mysql {

/// To be called before connecting with TLS wanted but not sure. Connector/C's plugin
/// caching_sha2_password takes a connection for secret as soon as TLS is wanted, even when the
/// server does not offer it, and then sends the password as it is. Does nothing for libmysqlclient.
void guard_password(MYSQL* handle);

}  // namespace myfabric::mysql
