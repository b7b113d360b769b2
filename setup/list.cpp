#include "setup/list.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/text.h"
#include "dsn/profile.h"
#include "setup/ini_files.h"
#include "setup/library_file.h"
#include "setup/register.h"

namespace myfabric::setup {
namespace {

/// A name of odbcinst.ini, or a library.
bool is_ours(const std::string& driver) {
    if (driver.find('/') != std::string::npos) return is_our_driver(driver);
    if (equal_ignoring_case(driver, driver_name)) return true;
    const auto registration = registered(driver);
    return registration && is_our_driver(registration->driver);
}

std::string value(const dsn::Pairs& section, const char* key) {
    const dsn::Option* wanted = dsn::find_option(key);
    for (const auto& [name, text] : section)
        if (wanted ? dsn::find_option(name) == wanted : equal_ignoring_case(name, key)) return text;
    return "";
}

std::string leads_to(const dsn::Pairs& section) {
    const std::string node = value(section, "FabricHost");
    if (!node.empty()) {
        const std::string group = value(section, "Group"), tables = value(section, "Tables");
        const std::string key = value(section, "ShardKey");
        std::string text = !group.empty() ? "group " + group : tables;
        if (group.empty() && !key.empty()) text += ", key " + key;
        return text + " of " + node;
    }
    const std::string socket = value(section, "Socket"), server = value(section, "Server");
    if (server.empty() && !socket.empty()) return socket;
    const std::string port = value(section, "Port");
    // What is no number may be a password in the wrong key.
    const bool is_number = port.find_first_not_of("0123456789") == std::string::npos;
    return (server.empty() ? "localhost" : server) + ":" +
           (port.empty() ? "3306"
            : is_number  ? port
                         : "?");
}

}  // namespace

std::vector<DataSource> data_sources() {
    std::vector<DataSource> found;
    for (const std::string& file : ini_files())
        for (const std::string& name : sections_of(file)) {
            const dsn::Pairs section = dsn::read_section(name);
            const std::string driver = value(section, "Driver");
            const auto same = [&](const DataSource& each) {
                return equal_ignoring_case(each.name, name);
            };
            if (!is_ours(driver) || std::ranges::any_of(found, same)) continue;
            found.push_back({name, file, driver, leads_to(section), value(section, "Description")});
        }
    return found;
}

void list(bool json, std::ostream& out) {
    const std::vector<DataSource> sources = data_sources();
    if (json) {
        nlohmann::ordered_json answer = nlohmann::ordered_json::array();
        for (const DataSource& source : sources)
            answer.push_back({{"name", source.name},
                              {"file", source.file},
                              {"driver", source.driver},
                              {"leads_to", source.leads_to},
                              {"description", source.description}});
        out << answer.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
        return;
    }
    std::size_t name = 0, to = 0;
    for (const DataSource& source : sources) {
        name = std::max(name, source.name.size());
        to = std::max(to, source.leads_to.size());
    }
    for (const DataSource& source : sources)
        out << source.name << std::string(name - source.name.size() + 2, ' ') << source.leads_to
            << std::string(to - source.leads_to.size() + 2, ' ') << source.file << "\n";
    if (sources.empty())
        out << "no data source of this driver in " << describe_ini_files()
            << "; myfabric new makes one\n";
}

}  // namespace myfabric::setup
