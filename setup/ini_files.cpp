#include "setup/ini_files.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "setup/similar.h"

namespace myfabric::setup {
namespace {

std::string variable(const char* name, const std::string& otherwise) {
    const char* value = std::getenv(name);
    return value && *value ? value : otherwise;
}

std::string home() {
    const passwd* entry = getpwuid(getuid());
    return variable("HOME", entry ? entry->pw_dir : "");
}

/// Why a file is not read; empty when it is.
std::string trouble(const std::string& file) {
    if (access(file.c_str(), R_OK) != 0)
        return errno == ENOENT ? "not there" : std::strerror(errno);
    std::error_code ignored;
    return std::filesystem::is_regular_file(file, ignored) ? "" : "not a file";
}

bool has(const std::string& file, const std::string& name) {
    const std::vector<std::string> all = sections_of(file);
    return std::ranges::any_of(all, [&](const auto& s) { return equal_ignoring_case(s, name); });
}

}  // namespace

std::vector<std::string> ini_files() {
    return {variable("ODBCINI", home() + "/.odbc.ini"),
            variable("ODBCSYSINI", "/etc") + "/odbc.ini"};
}

std::string describe_ini_files() {
    std::string text;
    for (const std::string& file : ini_files()) {
        const std::string why = trouble(file);
        text += (text.empty() ? "" : " or ") + file + (why.empty() ? "" : " (" + why + ")");
    }
    return text;
}

std::vector<std::string> sections_of(const std::string& file) {
    std::vector<std::string> names;
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) {
        const std::string_view text = trim(line);
        if (text.size() < 3 || text.front() != '[' || text.back() != ']') continue;
        const std::string name(trim(text.substr(1, text.size() - 2)));
        if (!equal_ignoring_case(name, "ODBC") && !equal_ignoring_case(name, "ODBC Data Sources"))
            names.push_back(name);
    }
    return names;
}

std::vector<std::string> unread_files_with(const std::string& name) {
    std::vector<std::string> found;
    const std::vector<std::string> read = ini_files();
    for (const std::string& file :
         {home() + "/.odbc.ini", std::string("/etc/odbc.ini"),
          std::string("/usr/local/etc/odbc.ini"), std::string("/etc/unixODBC/odbc.ini"),
          home() + "/Library/ODBC/odbc.ini"})
        if (std::ranges::find(read, file) == read.end() && has(file, name)) found.push_back(file);
    return found;
}

std::string similar_section(const std::string& name) {
    std::vector<std::string> all;
    for (const std::string& file : ini_files())
        for (std::string& section : sections_of(file)) all.push_back(std::move(section));
    return most_similar(name, all);
}

std::string file_of_section(const std::string& name) {
    for (const std::string& file : ini_files())
        if (has(file, name)) return file;
    return "";
}

}  // namespace myfabric::setup
