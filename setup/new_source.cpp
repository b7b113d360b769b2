#include "setup/new_source.h"

#include <odbcinst.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <ostream>

#include "base/error.h"
#include "base/text.h"
#include "dsn/profile.h"
#include "router/settings.h"
#include "setup/advice.h"
#include "setup/check.h"
#include "setup/data_source.h"
#include "setup/ini_files.h"
#include "setup/register.h"
#include "setup/target.h"
#include "setup/terminal.h"
#include "topology/names.h"

namespace myfabric::setup {
namespace {

class Questions {
public:
    Questions(std::istream& in, std::ostream& prompts) : dialog_(in, prompts) {}

    std::string ask_name() {
        for (;;) {
            std::string name = dialog_.ask("Name of the data source", "shop");
            if (!SQLValidDSN(name.c_str()))
                dialog_.say("a name has up to 32 characters and none of []{}(),;?*=!@\\");
            else if (!dsn::has_section(name) ||
                     dialog_.ask_yes("[" + name + "] is there already; replace it?", false))
                return name;
        }
    }

    /// The keys, tried as far as the answers allow.
    dsn::Pairs ask_keys() {
        dialog_.say(
            "What does it lead to?\n"
            "  1  one server\n"
            "  2  a farm that a file describes\n"
            "  3  a farm that a node or fabric-sql describes\n"
            "  4  servers that know their primary themselves: replication, Galera, Group "
            "Replication");
        for (;;) {
            const std::string kind = dialog_.ask("Number", "1");
            if (kind == "1") return ask_until_right([&] { ask_server(); });
            if (kind == "2" || kind == "3") return ask_until_right([&] { ask_farm(kind == "2"); });
            if (kind == "4") return ask_until_right([&] { ask_cluster(); });
            dialog_.say("1, 2, 3 or 4?");
        }
    }

    bool for_everybody() {
        for (;;) {
            const std::string whose =
                dialog_.ask("For this user, or for the system? (user or system)", "user");
            if (whose == "user" || whose == "system") return whose == "system";
        }
    }

private:
    template <class Ask>
    dsn::Pairs ask_until_right(Ask&& ask) {
        for (;;) {
            pairs_.clear();
            try {
                ask();
                return pairs_;
            } catch (const Error& error) {
                dialog_.say("That does not work: " + error.message());
                if (!advice_.mend.empty()) dialog_.say("To do: " + advice_.mend);
                advice_ = {};
                if (!dialog_.ask_yes("Ask again?", true)) return pairs_;
            }
        }
    }

    /// Asks for one key until its value can be used; the answer before is the default.
    std::string key(const std::string& name, const std::string& question,
                    const std::string& otherwise = {}) {
        const dsn::Option& option = *dsn::find_option(name);
        for (;;) {
            const std::string before = dsn::option_value(answers_, option);
            const std::string value =
                option.detail.secret
                    ? dialog_.ask_secret(question)
                    : dialog_.ask(question, before.empty() || before == option.default_value
                                                ? otherwise
                                                : before);
            try {
                dsn::set_option(answers_, option, value);
            } catch (const Error& error) {
                dialog_.say(error.message());
                continue;
            }
            if (!value.empty() && value != option.default_value) pairs_.emplace_back(name, value);
            return value;
        }
    }

    void ask_login() {
        key("User", "User");
        key("Password", "Password");
        key("Database", "Database");
    }

    void ask_server() {
        const std::string server = dialog_.ask("Server, or the path of its socket", "localhost");
        if (server.starts_with('/')) {
            dsn::set_option(answers_, *dsn::find_option("Socket"), server);
            pairs_.emplace_back("Socket", server);
        } else {
            dsn::set_option(answers_, *dsn::find_option("Server"), server);
            pairs_.emplace_back("Server", server);
            key("Port", "Port", "3306");
        }
        ask_login();
        key("SSLMode", "TLS: PREFERRED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY or DISABLED",
            "PREFERRED");
        if (to_lower(answers_.ssl_mode).starts_with("verify"))
            key("SSLCA", "File of the certificate authority");
        try_server(answers_.server, answers_.port, "Server and Port");
    }

    void ask_farm(bool file) {
        if (file) {
            set("FabricProtocol", "file");
            key("FabricHost", "The farm file", "/etc/myfabric/farm.json");
        } else {
            key("FabricHost", "Node, host or host:port, several separated by commas");
            key("FabricProtocol",
                "Protocol: xmlrpc (a node) or mysql (a node's MySQL port, fabric-sql)", "xmlrpc");
            key("FabricPort", "Port (0: the protocol's own)", "0");
            key("FabricUser", "The farm's own user", "connector");
            key("FabricPassword", "Its password");
        }
        const auto topology = loaded_topology();
        ask_target(*topology);
        ask_login();
        try_servers(*topology);
    }

    /// There is one group, and the user of the data source asks the servers about it.
    void ask_cluster() {
        key("FabricHost", "Some of the servers, host or host:port, separated by commas");
        key("FabricProtocol", "What they run: replication, galera or group_replication",
            "replication");
        ask_login();
        const auto topology = loaded_topology();
        for (const auto& [group, servers] : topology->groups)
            for (const topology::Server& server : servers)
                dialog_.say("  " + server.address() + " is " +
                            std::string(topology::status_name(server.status)) +
                            (server.note.empty() ? "" : ": " + server.note));
        key("Mode", "Mode: READWRITE, READONLY or AUTO", "READWRITE");
        try_servers(*topology);
    }

    std::shared_ptr<const topology::Topology> loaded_topology() {
        try {
            auto topology = load_topology(answers_);
            dialog_.say("It is a " + describe(*topology) + ".");
            return topology;
        } catch (const Error& error) {
            advice_ = advise_farm(error, answers_);
            throw;
        }
    }

    void try_servers(const topology::Topology& topology) {
        Destination found;
        try {
            found = destination(answers_, &topology);
        } catch (const Error& error) {
            advice_ = advise_target(error, answers_);
            throw;
        }
        for (const topology::Server& server : found.servers)
            try_server(server.host, server.port, "the farm's entry for it");
    }

    void ask_target(const topology::Topology& topology) {
        std::vector<std::string> groups, tables;
        for (const auto& [name, servers] : topology.groups) groups.push_back(name);
        for (const auto& [name, table] : topology.tables) tables.push_back(table.name);
        std::ranges::sort(groups);
        std::ranges::sort(tables);
        dialog_.say("Groups: " + joined(groups));
        if (!tables.empty()) dialog_.say("Sharded tables: " + joined(tables));
        dsn::set_option(answers_, *dsn::find_option("Tables"), "");
        const std::string group =
            key("Group", tables.empty() ? "Group" : "Group (nothing: by table and key)",
                tables.empty() && !groups.empty() ? groups.front() : "");
        if (group.empty()) {
            key("Tables", "Tables, as db.table", tables.empty() ? "" : tables.front());
            key("ShardKey", "Shard key to start with (nothing: the global group)");
        }
        key("Mode", "Mode: READWRITE, READONLY or AUTO", "READWRITE");
        try {
            destination(answers_, &topology);
        } catch (const Error& error) {
            advice_ = advise_target(error, answers_);
            throw;
        }
    }

    void set(const std::string& name, const std::string& value) {
        dsn::set_option(answers_, *dsn::find_option(name), value);
        pairs_.emplace_back(name, value);
    }

    void try_server(const std::string& host, unsigned port, const std::string& keys) {
        mysql::Login login = router::login(answers_);
        if (answers_.socket.empty() || !answers_.fabric_host.empty()) {
            login.host = host;
            login.port = port;
            login.socket.clear();
        }
        if (!login.connect_timeout) login.connect_timeout = 10;
        const std::string place =
            login.socket.empty() ? login.host + ":" + std::to_string(login.port) : login.socket;
        try {
            const mysql::Connection connection(login);
            dialog_.say(place + " lets '" + login.user + "' in; it is " +
                        connection.server_version() + ".");
        } catch (const Error& error) {
            Probe probe{Answer::server, "", true};
            if (needs_probe(error))
                probe = probe_server(login.host, login.port, login.socket, std::chrono::seconds(5));
            advice_ = advise_server(error, probe, answers_, {place, keys});
            throw;
        }
    }

    static std::string joined(const std::vector<std::string>& names) {
        constexpr std::size_t most = 20;
        std::string text;
        for (std::size_t i = 0; i < names.size() && i < most; ++i)
            text += (i ? ", " : "") + names[i];
        if (names.size() > most) text += " and " + std::to_string(names.size() - most) + " more";
        return text.empty() ? "none" : text;
    }

    Dialog dialog_;
    dsn::Options answers_ = dsn::default_options();
    dsn::Pairs pairs_;
    Advice advice_;
};

}  // namespace

bool new_source(std::istream& in, std::ostream& prompts, std::ostream& out) {
    Questions questions(in, prompts);
    const std::string name = questions.ask_name();
    dsn::Pairs pairs = questions.ask_keys();
    const bool system = questions.for_everybody();
    const std::string file = ini_files()[system ? 1 : 0];
    SQLSetConfigMode(system ? ODBC_SYSTEM_DSN : ODBC_USER_DSN);
    pairs.insert(pairs.begin(), {"DSN", name});
    try {
        configure_data_source(ODBC_ADD_DSN, driver_name, pairs);
    } catch (const Refused& refused) {
        throw Error(state::general_error, refused.what());
    }
    // It may hold passwords; the system's file is read by programs of many users.
    if (!system) chmod(file.c_str(), S_IRUSR | S_IWUSR);
    out << "wrote [" << name << "] into " << file << "\n";
    return check(name, false, out);
}

}  // namespace myfabric::setup
