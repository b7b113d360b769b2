// The ini files of data sources: which are read, and what is wrong with them.
#pragma once

#include <string>
#include <vector>

namespace myfabric::setup {

/// The files that unixODBC reads data sources from, the user's first.
std::vector<std::string> ini_files();

/// "/home/a/.odbc.ini (not there) or /etc/odbc.ini"
std::string describe_ini_files();

/// Other files, of installations of unixODBC from elsewhere, that have a section `name`: they are
/// not read.
std::vector<std::string> unread_files_with(const std::string& name);

/// The section of `file` that is spelled nearly as `name`; empty when there is none.
std::string similar_section(const std::string& name);

/// The file that the section `name` is read from; empty when there is none.
std::string file_of_section(const std::string& name);

/// Names of sections in a file, in its order, without those of the driver manager.
std::vector<std::string> sections_of(const std::string& file);

}  // namespace myfabric::setup
