// Columns from the client library's metadata. Private to driver/mysql.
#pragma once

#include <vector>

#include "mysql/client_library.h"
#include "mysql/column.h"
#include "mysql/field.h"

namespace myfabric::mysql {

Field field_of(const MYSQL_FIELD& field);
/// `text_bytes`: see Connection::text_bytes().
Columns columns_of(const MYSQL_FIELD* fields, unsigned count, unsigned text_bytes);

}  // namespace myfabric::mysql
