#include "dsn/programs.h"

namespace myfabric::dsn {
namespace {

constexpr std::string_view allocates_display =
    "PHP allocates as many bytes for a text as are displayed: of a longer one it shows what lies "
    "behind the buffer";

constexpr Program rows[] = {
    {"soffice.bin", "UnsignedAs", "wider",
     "LibreOffice does not look at the sign of a column: it shows TINYINT UNSIGNED 200 as -56, and "
     "a large BIGINT UNSIGNED ends it"},
    {"tclsh*", "UnsignedAs", "wider",
     "Tcl's tdbc::odbc reads INT UNSIGNED as a signed integer, and ends when a value is refused"},
    {"R", "UnsignedAs", "wider",
     "RODBC reads INT UNSIGNED as a signed integer: it shows 4294967295 as 0"},
    {"R", "Server_Name", "MySQL",
     "RODBC quotes names by \" for any other server: sqlSave and sqlFetch end in 42000"},
    {"php*", "DisplayBytes", "1", allocates_display},
    {"apache2", "DisplayBytes", "1", "PHP as its module: likewise"},
    {"httpd", "DisplayBytes", "1", "PHP as its module: likewise"},
    {"perl*", "DisplayBytes", "1",
     "DBD::ODBC allocates as many bytes for a text as are displayed, and refuses longer ones"},
    {"ruby*", "DisplayBytes", "1",
     "ruby-odbc allocates as many bytes for a text as are displayed, and cuts longer ones"},
};

bool is_named(std::string_view name, std::string_view pattern) {
    return pattern.ends_with('*') ? name.starts_with(pattern.substr(0, pattern.size() - 1))
                                  : name == pattern;
}

}  // namespace

std::span<const Program> programs() {
    return rows;
}

Pairs keys_for(std::string_view name) {
    Pairs pairs;
    for (const Program& row : rows)
        if (is_named(name, row.name)) pairs.emplace_back(row.key, row.value);
    return pairs;
}

}  // namespace myfabric::dsn
