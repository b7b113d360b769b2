// LOAD DATA LOCAL INFILE: the file that a statement has the client send. Pure.
#pragma once

#include <string_view>

namespace myfabric::sql {

/// Whether `sql` has a LOAD DATA or LOAD XML statement that names just this local file.
bool names_local_file(std::string_view sql, std::string_view name, bool backslash_escapes);

}  // namespace myfabric::sql
