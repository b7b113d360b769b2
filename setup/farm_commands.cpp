#include "setup/farm_commands.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include "base/error.h"
#include "dsn/profile.h"
#include "mysql/link.h"
#include "router/settings.h"
#include "setup/print.h"
#include "setup/target.h"
#include "setup/terminal.h"
#include "sources/farm_file.h"
#include "sources/make_source.h"
#include "topology/command_kind.h"

namespace myfabric::setup {
namespace {

topology::FarmOptions need_farm(const dsn::Options& options) {
    if (options.fabric_host.empty())
        throw Error(state::unable_to_connect,
                    "the data source has no FabricHost, so it knows no farm; add FabricHost=");
    return router::farm_options(options);
}

/// Logs in to a server, to tell why that fails, if it does.
void probe(const dsn::Options& options, Member& member) {
    mysql::Login login = router::login(options);
    login.host = member.server.host;
    login.port = member.server.port;
    login.socket.clear();
    login.database.clear();
    if (!login.connect_timeout) login.connect_timeout = 5;
    try {
        const mysql::Connection connection(login);
        member.carried = platform::carried(mysql::socket_of(connection)).value_or(member.carried);
        member.why_not = "";
    } catch (const Error& error) {
        member.why_not = error.message();
    }
}

}  // namespace

dsn::Options read_target(const std::string& data_source) {
    return data_source.find('=') != std::string::npos
               ? dsn::from_connection_string(data_source).options
               : dsn::from_data_source(data_source, "", "").options;
}

void complete_password(dsn::Options& options, bool ask) {
    const bool missing = !options.fabric_user.empty() && options.fabric_password.empty();
    if (!ask && !missing) return;
    if (!isatty(STDIN_FILENO)) {
        if (!ask) return;  // there may be none
        throw Error(state::invalid_authorization,
                    "the password of FabricUser cannot be asked for: the standard input is no "
                    "terminal; write FabricPassword= in the data source");
    }
    {
        const HiddenTyping hidden;
        std::cerr << "Password of the farm's user '" << options.fabric_user << "': " << std::flush;
        std::getline(std::cin, options.fabric_password);
    }
    std::cerr << "\n";
}

void execute(const dsn::Options& options, const std::string& command,
             const std::vector<std::string>& arguments, bool admin, bool json, std::ostream& out) {
    const topology::FarmOptions farm = need_farm(options);
    if (topology::command_kind(command) == topology::CommandKind::administers && !admin &&
        !options.fabric_admin)
        throw Error(state::syntax_error,
                    command +
                        " changes the farm; say --admin, or add FabricAdmin=1 to the data "
                        "source");
    // As text, all of them, as a node's own shell does: some commands take nothing else.
    const std::vector<topology::Value> values(arguments.begin(), arguments.end());
    const topology::Reply reply = sources::make_farm(farm)->execute(command, values);
    json ? print_json(reply.result_sets, out) : print_tables(reply.result_sets, out);
}

void export_farm(const dsn::Options& options, const std::string& path, std::ostream& out) {
    const std::string text =
        sources::farm_text(*sources::make_farm(need_farm(options))->topology());
    if (path.empty()) {
        out << text;
        return;
    }
    const std::string fresh = path + ".new." + std::to_string(getpid());
    std::ofstream file(fresh, std::ios::binary);
    file << text;
    file.close();
    if (!file || std::rename(fresh.c_str(), path.c_str()) != 0) {
        const std::string why = std::strerror(errno);
        std::remove(fresh.c_str());
        throw Error(state::general_error, "the farm file " + path + " cannot be written: " + why);
    }
}

bool status(const dsn::Options& options, bool log_in, bool json, std::ostream& out) {
    const std::shared_ptr<topology::Farm> farm = sources::make_farm(need_farm(options));
    const std::shared_ptr<const topology::Topology> topology = farm->topology();
    bool all_serve = true;
    std::vector<Member> members;
    for (const auto& [group, servers] : topology->groups)
        for (const topology::Server& server : servers) {
            Member& member = members.emplace_back(Member{group, server, std::nullopt, {}});
            if (!log_in) continue;
            probe(options, member);
            all_serve &= member.why_not->empty() || server.status == topology::Status::faulty ||
                         server.status == topology::Status::spare;
        }
    std::ranges::sort(members, {}, [](const Member& member) {
        return std::pair(member.group, member.server.address());
    });
    json ? print_json(*topology, members, farm->counters(), out)
         : print_tables(*topology, members, out);
    return all_serve;
}

}  // namespace myfabric::setup
