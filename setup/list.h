// "myfabric list": the data sources of odbc.ini that this driver serves.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace myfabric::setup {

struct DataSource {
    std::string name;
    std::string file;
    std::string driver;       // as it is written
    std::string leads_to;     // "db1:3306", "group east of node1"
    std::string description;  // the key Description
};

/// Those of the user's file, then those of the system's that the user's does not have.
std::vector<DataSource> data_sources();

void list(bool json, std::ostream& out);

}  // namespace myfabric::setup
