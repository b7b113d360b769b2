#include "setup/check.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/error.h"
#include "base/text.h"
#include "dsn/profile.h"
#include "router/settings.h"
#include "setup/advice.h"
#include "setup/ini_files.h"
#include "setup/library_file.h"
#include "setup/manager.h"
#include "setup/probe.h"
#include "setup/register.h"
#include "setup/target.h"
#include "topology/names.h"

namespace myfabric::setup {
namespace {

using Json = nlohmann::ordered_json;

/// Keys that name files, which are looked at before anybody tries to use them.
constexpr std::string_view file_keys[] = {
    "SSLCA",  "SSLCert",     "SSLKey",        "SSLCRL",
    "RSAKey", "FabricSSLCA", "FabricSSLCert", "FabricSSLKey",
};

class Report {
public:
    Report(std::string data_source, bool json, std::ostream& out) : json_(json), out_(out) {
        answer_ = {{"ok", true}, {"data_source", std::move(data_source)}, {"steps", Json::array()}};
    }

    void ok(const std::string& step, const std::string& text) { add("ok", step, text, {}); }
    void note(const std::string& step, const std::string& text) { add("note", step, text, {}); }
    void failed(const std::string& step, const std::string& text, const Advice& advice) {
        answer_["ok"] = false;
        add("failed", step, text, advice);
        todo_ = advice.mend;
    }
    void end() {
        answer_["todo"] = todo_.empty() ? Json(nullptr) : Json(todo_);
        if (json_) {
            out_ << answer_.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
        } else if (!todo_.empty()) {
            out_ << "To do   " << todo_ << "\n";
        } else {
            out_ << "All is right.\n";
        }
    }

private:
    void add(const std::string& status, const std::string& step, const std::string& text,
             const Advice& advice) {
        Json one = {{"step", step}, {"status", status}, {"text", text}};
        if (!advice.cause.empty()) one["cause"] = advice.cause;
        if (!advice.mend.empty()) one["mend"] = advice.mend;
        answer_["steps"].push_back(std::move(one));
        if (json_) return;
        std::string head = status == "failed" ? "FAILED" : status;
        head.resize(8, ' ');
        out_ << head << step << ": " << text << "\n" << std::flush;
    }

    const bool json_;
    std::ostream& out_;
    Json answer_;
    std::string todo_;
};

class Walk {
public:
    Walk(const std::string& data_source, Report& report)
        : given_(data_source),
          by_text_(data_source.find('=') != std::string::npos),
          where_(by_text_ ? "the connection string" : "[" + data_source + "]"),
          report_(report) {}

    bool run() {
        try {
            by_text_ ? read_text() : read_section();
            look_at_files();
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

    [[noreturn]] void fail(const std::string& step, const std::string& text, const Advice& advice) {
        report_.failed(step, text, advice);
        throw Failed{};
    }

    void read_text() {
        try {
            pairs_ = dsn::parse_connection_string(given_);
        } catch (const Error& error) {
            fail("keys", error.message(),
                 {"connection_string", "mend the connection string there"});
        }
        if (const std::string* named = dsn::first_value(pairs_, "DSN")) need_section(*named);
        resolve_keys([&] { return dsn::from_connection_string(given_); });
        report_.ok("keys",
                   "the connection string can be read, keys: " + std::to_string(pairs_.size()));
        tell_warnings();
    }

    void read_section() {
        need_section(given_);
        resolve_keys([&] { return dsn::from_data_source(given_, "", ""); });
        const std::string file = file_of_section(given_);
        report_.ok("odbc.ini", "[" + given_ + "] is there, keys: " + std::to_string(pairs_.size()) +
                                   (file.empty() ? "" : ", in " + file));
        tell_warnings();
        struct stat status {};
        if (!resolved_.options.password.empty() && stat(file.c_str(), &status) == 0 &&
            (status.st_mode & S_IROTH))
            report_.note("odbc.ini", file +
                                         " holds a password and everybody can read it: chmod 640 " +
                                         file + " for the system's file, 600 for yours");
    }

    void need_section(const std::string& name) {
        const dsn::Pairs section = dsn::read_section(name);
        for (const auto& pair : section)
            if (!dsn::first_value(pairs_, pair.first)) pairs_.push_back(pair);
        if (!section.empty()) return;
        const std::string what = "no data source [" + name + "] in " + describe_ini_files();
        const std::vector<std::string> unread = unread_files_with(name);
        const std::string similar = similar_section(name);
        if (dsn::has_section(name))
            fail("odbc.ini", "the data source [" + name + "] is empty",
                 {"no_keys", "write keys into it, or run myfabric new"});
        if (!similar.empty())
            fail("odbc.ini", what, {"no_data_source", "say " + similar + ", which is there"});
        for (const std::string& file : ini_files())
            if (access(file.c_str(), R_OK) != 0 && errno == EACCES)
                fail("odbc.ini", what, {"ini_permission", "let this user read " + file});
        if (!unread.empty())
            fail("odbc.ini", what,
                 {"ini_not_read", "it is in " + unread.front() +
                                      ", which is not read: set ODBCINI=" + unread.front() +
                                      ", or write it into " + ini_files().front()});
        fail("odbc.ini", what, {"no_data_source", "write this section, or run myfabric new"});
    }

    template <class Read>
    void resolve_keys(Read&& read) {
        try {
            resolved_ = read();
        } catch (const Error& error) {
            fail(step_of_keys(), error.message(), {"value", "mend that key of " + where_});
        }
    }

    std::string step_of_keys() const { return by_text_ ? "keys" : "odbc.ini"; }

    void tell_warnings() {
        for (const auto& [state, sentence] : resolved_.warnings)
            report_.note(step_of_keys(), sentence);
    }

    void look_at_files() {
        for (const std::string_view name : file_keys) {
            const dsn::Option* option = dsn::find_option(name);
            if (!option) continue;
            const std::string file = dsn::option_value(resolved_.options, *option);
            if (file.empty() || access(file.c_str(), R_OK) == 0) continue;
            const bool there = errno != ENOENT && errno != ENOTDIR;
            fail("files", std::string(name) + "=" + file + ": " + std::strerror(errno),
                 {there ? "file_permission" : "file_missing",
                  there ? "let this user read " + file : "mend " + std::string(name)});
        }
    }

    void load_driver() {
        const std::string* named = dsn::first_value(pairs_, "Driver");
        if (!named || named->empty()) {
            if (!by_text_)
                fail("driver", where_ + " does not say which",
                     {"no_driver", "add Driver=" + std::string(driver_name)});
            report_.note("driver", "the text names no Driver, programs need Driver={" +
                                       std::string(driver_name) + "}");
            pairs_.insert(pairs_.begin(), {"Driver", driver_name});
            named = &pairs_.front().second;
        }
        const std::string name = *named;
        std::string path = name;
        if (path.find('/') == std::string::npos) {
            const auto registration = registered(path);
            if (!registration)
                fail("driver", "[" + path + "] is not in " + registry_file(), not_registered(path));
            path = registration->driver;
            if (path.empty())
                fail("driver", "[" + name + "] of " + registry_file() + " names no library",
                     {"driver_not_registered", "run myfabric install"});
        }
        if (const LibraryFault fault = library_fault(path))
            fail("driver", fault.what, {fault.cause, fault.mend});
        if (!is_our_driver(path))
            fail("driver", name + " is another driver: " + path,
                 {"other_driver", "write Driver=" + std::string(driver_name) + " into " + where_ +
                                      "; its other keys may stay"});
        if (asks_node())
            if (const LibraryFault fault = node_part_fault(path))
                fail("driver", fault.what, {fault.cause, fault.mend});
        report_.ok("driver", name + " is " + path + " and loads");
    }

    bool asks_node() const {
        const dsn::Options& options = resolved_.options;
        return !options.fabric_host.empty() &&
               topology::parse_protocol(options.fabric_protocol) == topology::Protocol::xmlrpc;
    }

    Advice not_registered(const std::string& name) const {
        if (access(registry_file().c_str(), R_OK) != 0 && errno == EACCES)
            return {"registry_permission", "let this user read " + registry_file()};
        if (registered(driver_name))
            return {"driver_name", "write Driver=" + std::string(driver_name) + " into " + where_};
        return {"driver_not_registered",
                name == driver_name ? "run myfabric install"
                                    : "write Driver=" + std::string(driver_name) + " into " +
                                          where_ + ", and run myfabric install"};
    }

    void ask_farm() {
        try {
            topology_ = load_topology(resolved_.options);
        } catch (const Error& error) {
            fail("farm", error.message(), advise_farm(error, resolved_.options));
        }
        report_.ok("farm", topology_->source + " is a " + describe(*topology_));
        for (const auto& [group, servers] : topology_->groups)
            for (const topology::Server& server : servers)
                if (!server.note.empty())
                    report_.note("farm", server.address() + " is " +
                                             topology::status_name(server.status) + ": " +
                                             server.note);
    }

    void resolve() {
        try {
            destination_ = destination(resolved_.options, topology_.get());
        } catch (const Error& error) {
            fail("target", error.message(), advise_target(error, resolved_.options));
        }
        if (destination_.route)
            report_.ok("target", describe(*destination_.route) + " in mode " +
                                     std::string(topology::mode_name(destination_.route->mode)));
    }

    /// Every server that could be chosen must let the user in, not only the first.
    void log_in() {
        mysql::Login login;
        try {
            login = router::login(resolved_.options);
        } catch (const Error& error) {
            fail("server", error.message(), {"value", "mend these keys of " + where_});
        }
        if (!login.connect_timeout) login.connect_timeout = 10;
        for (const topology::Server& server : destination_.servers) {
            if (destination_.route) {
                login.host = server.host;
                login.port = server.port;
                login.socket.clear();
            }
            try {
                mysql::Connection connection(login);
                report_.ok("server", place(login) + " lets '" + login.user + "' in; it is " +
                                         connection.server_version());
            } catch (const Error& error) {
                refused(login, error);
            }
        }
    }

    [[noreturn]] void refused(const mysql::Login& login, const Error& error) {
        std::string text = in_one_line(place(login), error);
        Probe probe{Answer::server, "", true};
        if (needs_probe(error)) {
            const std::string socket = by_socket(login) ? login.socket : "";
            probe = probe_server(login.host, login.port, socket, std::chrono::seconds(5));
            if (probe.answer == Answer::refusal)
                text += "; the server says: " + probe.detail;
            else if (probe.answer != Answer::server && text.find(probe.detail) == std::string::npos)
                text += "; looked at without the client library: " + probe.detail;
        }
        const std::string keys = destination_.route ? "the farm's entry for it"
                                 : by_socket(login) ? "Socket"
                                                    : "Server and Port";
        fail("server", text, advise_server(error, probe, resolved_.options, {place(login), keys}));
    }

    /// The address once, and the reason, which may stand in a later record.
    static std::string in_one_line(const std::string& place, const Error& error) {
        std::string text = error.message().find(place) == std::string::npos ? place + ": " : "";
        text += error.message();
        for (std::size_t i = 1; i < error.records().size(); ++i)
            if (text.find(error.records()[i].message) == std::string::npos)
                text += ": " + error.records()[i].message;
        return text;
    }

    static bool by_socket(const mysql::Login& login) {
        const bool local = login.host.empty() || equal_ignoring_case(login.host, "localhost");
        return local && !login.socket.empty();
    }

    static std::string place(const mysql::Login& login) {
        if (by_socket(login)) return login.socket;
        return (login.host.empty() ? "localhost" : login.host) + ":" + std::to_string(login.port);
    }

    void go_through_manager() {
        std::string target = given_;
        if (by_text_ && !dsn::first_value(dsn::parse_connection_string(given_), "DSN") &&
            !dsn::first_value(dsn::parse_connection_string(given_), "Driver"))
            target = "Driver={" + std::string(driver_name) + "};" + given_;
        try {
            const std::string answer = ask_through_manager(
                target, "SELECT CONCAT(CURRENT_USER(), ' on ', @@hostname, ':', @@port)");
            report_.ok("query", "through the driver manager, SELECT answers: " + answer);
        } catch (const Error& error) {
            const dsn::Options& options = resolved_.options;
            const Advice known = advise_server(error, {Answer::server, "", true}, options, {});
            if (!needs_probe(error) && known.cause != "server")
                fail("query", std::string(error.state()) + " " + error.message(), known);
            if (!options.init_statement.empty() && error.native() >= 1000 && error.native() < 2000)
                fail("query", std::string(error.state()) + " " + error.message(),
                     {"init_statement", "mend InitStmt: " + options.init_statement});
            fail("query", std::string(error.state()) + " " + error.message(),
                 {"query", "the steps before were right, so look at the keys of " + where_ +
                               " that change the session"});
        }
    }

    const std::string given_;
    const bool by_text_;
    const std::string where_;
    Report& report_;
    dsn::Pairs pairs_;
    dsn::Resolved resolved_;
    decltype(load_topology(dsn::Options{})) topology_;
    Destination destination_;
};

}  // namespace

bool check(const std::string& data_source, bool json, std::ostream& out) {
    // A connection string may hold a password.
    const bool by_text = data_source.find('=') != std::string::npos;
    Report report(by_text ? "a connection string" : data_source, json, out);
    const bool right = Walk(data_source, report).run();
    report.end();
    return right;
}

}  // namespace myfabric::setup
