#include "setup/check.h"

#include <cstdlib>
#include <memory>
#include <ostream>

#include "base/error.h"
#include "base/text.h"
#include "dsn/profile.h"
#include "router/settings.h"
#include "setup/manager.h"
#include "setup/register.h"
#include "setup/target.h"

namespace myfabric::setup {
namespace {

std::string ini_files() {
    const char* user_file = std::getenv("ODBCINI");
    const char* folder = std::getenv("ODBCSYSINI");
    return std::string(user_file ? user_file : "~/.odbc.ini") + " or " +
           (folder ? folder : "/etc") + "/odbc.ini";
}

/// What to mend when a server refuses.
std::string remedy(const Error& error, const std::string& host_keys) {
    if (error.is(state::invalid_authorization)) return "mend User and Password";
    if (error.is(state::timeout)) return "is there a firewall in between? mend " + host_keys;
    return "is it running, and can this machine reach it? mend " + host_keys;
}

class Walk {
public:
    Walk(const std::string& data_source, std::ostream& out)
        : data_source_(data_source), out_(out) {}

    bool run() {
        try {
            read_keys();
            load_driver();
            if (!resolved_.options.fabric_host.empty()) ask_farm();
            resolve();
            log_in();
            go_through_manager();
            return true;
        } catch (const Failed&) {
            return false;
        }
    }

private:
    struct Failed {};

    void ok(const std::string& text) { out_ << "ok      " << text << "\n" << std::flush; }
    void note(const std::string& text) { out_ << "note    " << text << "\n" << std::flush; }
    [[noreturn]] void fail(const std::string& text, const std::string& mend) {
        out_ << "FAILED  " << text << ": " << mend << "\n" << std::flush;
        throw Failed{};
    }

    void read_keys() {
        section_ = dsn::read_section(data_source_);
        if (section_.empty())
            fail("odbc.ini: no data source [" + data_source_ + "]",
                 "add this section to " + ini_files());
        try {
            resolved_ = dsn::from_data_source(data_source_, "", "");
        } catch (const Error& error) {
            fail("odbc.ini: " + error.message(), "mend that key of [" + data_source_ + "]");
        }
        ok("odbc.ini: [" + data_source_ + "] is there, keys: " + std::to_string(section_.size()));
        for (const auto& [state, sentence] : resolved_.warnings) note("odbc.ini: " + sentence);
    }

    void load_driver() {
        const std::string* named = dsn::first_value(section_, "Driver");
        if (!named || named->empty())
            fail("driver: [" + data_source_ + "] does not say which",
                 "add Driver=" + std::string(driver_name));
        std::string path = *named;
        if (path.find('/') == std::string::npos) {
            const auto registration = registered(path);
            if (!registration)
                fail("driver: [" + path + "] is not in " + registry_file(), "run myfabric install");
            path = registration->driver;
        }
        const std::string why_not = why_not_loadable(path);
        if (!why_not.empty())
            fail("driver: " + why_not, "install what is missing, then run myfabric install");
        ok("driver: " + *named + " is " + path + " and loads");
    }

    void ask_farm() {
        try {
            topology_ = load_topology(resolved_.options);
        } catch (const Error& error) {
            // A source's own message says what to look at.
            fail("farm: " + error.message(), error.is(state::invalid_authorization)
                                                 ? "mend FabricUser and FabricPassword"
                                                 : "mend FabricHost, FabricPort or FabricProtocol");
        }
        ok("farm: " + topology_->source + " is a " + describe(*topology_));
    }

    void resolve() {
        try {
            destination_ = destination(resolved_.options, topology_.get());
        } catch (const Error& error) {
            fail("target: " + error.message(), "mend Group, Tables, ShardKey or Mode");
        }
        if (destination_.route)
            ok("target: " + describe(*destination_.route) + " in mode " +
               std::string(topology::mode_name(destination_.route->mode)));
    }

    /// Every server that could be chosen must let the user in, not only the first.
    void log_in() {
        mysql::Login login;
        try {
            login = router::login(resolved_.options);
        } catch (const Error& error) {
            fail("server: " + error.message(), "mend these keys of [" + data_source_ + "]");
        }
        for (const topology::Server& server : destination_.servers) {
            if (destination_.route) {
                login.host = server.host;
                login.port = server.port;
                login.socket.clear();
            }
            try {
                mysql::Connection connection(login);
                ok("server: " + place(login) + " lets '" + login.user + "' in; it is " +
                   connection.server_version());
            } catch (const Error& error) {
                fail("server: " + place(login) + ": " + error.message(),
                     remedy(error, destination_.route ? "the farm's entry for it"
                                                      : "Server, Port and Socket"));
            }
        }
    }

    static std::string place(const mysql::Login& login) {
        const bool local = login.host.empty() || equal_ignoring_case(login.host, "localhost");
        if (local && !login.socket.empty()) return login.socket;
        return (login.host.empty() ? "localhost" : login.host) + ":" + std::to_string(login.port);
    }

    void go_through_manager() {
        try {
            const std::string answer = ask_through_manager(
                data_source_, "SELECT CONCAT(CURRENT_USER(), ' on ', @@hostname, ':', @@port)");
            ok("query: through the driver manager, SELECT answers: " + answer);
        } catch (const Error& error) {
            fail("query: " + std::string(error.state()) + " " + error.message(),
                 "the steps before were right, so look at the keys of [" + data_source_ +
                     "] that change the session, as InitStmt and Database");
        }
    }

    const std::string data_source_;
    std::ostream& out_;
    dsn::Pairs section_;
    dsn::Resolved resolved_;
    std::shared_ptr<const topology::Topology> topology_;
    Destination destination_;
};

}  // namespace

bool check(const std::string& data_source, std::ostream& out) {
    return Walk(data_source, out).run();
}

}  // namespace myfabric::setup
