#include "dsn/programs.h"

namespace myfabric::dsn {
namespace {

constexpr Program rows[] = {
    {"soffice.bin", "UnsignedAs", "wider",
     "LibreOffice does not look at the sign of a column: it shows TINYINT UNSIGNED 200 as -56, and "
     "a large BIGINT UNSIGNED ends it"},
    {"tclsh", "UnsignedAs", "wider",
     "Tcl's tdbc::odbc reads INT UNSIGNED as a signed integer, and ends when a value is refused"},
    {"tclsh8.6", "UnsignedAs", "wider", "likewise"},
    {"R", "UnsignedAs", "wider",
     "RODBC reads INT UNSIGNED as a signed integer: it shows 4294967295 as 0"},
    {"R", "Server_Name", "MySQL",
     "RODBC quotes names by \" for any other server: sqlSave and sqlFetch end in 42000"},
};

}  // namespace

std::span<const Program> programs() {
    return rows;
}

Pairs keys_for(std::string_view name) {
    Pairs pairs;
    for (const Program& row : rows)
        if (row.name == name) pairs.emplace_back(row.key, row.value);
    return pairs;
}

}  // namespace myfabric::dsn
