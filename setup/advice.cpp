#include "setup/advice.h"

#include <algorithm>

#include "base/text.h"

namespace myfabric::setup {
namespace {

/// Which errors of a server have the cause: the number, or for 0 a part of the message in small
/// letters. {user}, {database}, {place} and {keys} are filled in.
struct Row {
    int native;
    std::string_view part;
    std::string_view cause;
    std::string_view mend;
};

struct ProbeRow {
    Answer answer;
    std::string_view cause;
    std::string_view mend;
};

// The first row that fits counts.
// clang-format off
constexpr Row server_rows[] = {
    {1049, "", "database", "mend Database, or create it on the server: CREATE DATABASE {database}"},
    {1044, "", "database_right", "let an administrator of the server grant it: GRANT ALL ON `{database}`.* TO '{user}'"},
    {1045, "", "user", "mend User and Password"},
    {1698, "", "user", "mend User and Password: this account does not sign in by a password (unix_socket)"},
    {1130, "", "host_not_allowed", "let an administrator of the server allow the user from this machine: CREATE USER '{user}'@'...'"},
    {1129, "", "host_blocked", "let an administrator of the server run FLUSH HOSTS, and find out what made so many errors"},
    {1040, "", "too_many_connections", "close connections of other programs, or raise max_connections on the server"},
    {1203, "", "too_many_connections", "close connections of this user, or raise its MAX_USER_CONNECTIONS"},
    {1226, "", "too_many_connections", "close connections of this user, or raise its MAX_USER_CONNECTIONS"},
    {1820, "", "password_expired", "change the user's password on the server: ALTER USER '{user}' IDENTIFIED BY '...'"},
    {1862, "", "password_expired", "change the user's password on the server: ALTER USER '{user}' IDENTIFIED BY '...'"},
    {3118, "", "account_locked", "let an administrator of the server run ALTER USER '{user}' ACCOUNT UNLOCK"},
    {4151, "", "account_locked", "let an administrator of the server run ALTER USER '{user}' ACCOUNT UNLOCK"},
    {1524, "", "authentication_plugin", "let the account use a plugin that the server has: ALTER USER '{user}' IDENTIFIED VIA mysql_native_password"},
    {1251, "", "authentication_plugin", "let the account use another plugin, mysql_native_password for one"},
    {2059, "", "authentication_plugin", "name the folder of the client library's plugins by Plugin_Dir, or let the account use another plugin"},
    {5012, "", "authentication_plugin", "name the folder of the client library's plugins by Plugin_Dir, or let the account use another plugin"},
    {0, "asks for the authentication plugin", "authentication_plugin", "if the account is to use that plugin, name it by Default_Auth, and by Plugin_Dir the folder that it is in; else let the account use another one, mysql_native_password"},
    {2061, "", "authentication_plugin", "use TLS (SSLMode=REQUIRED): the account's plugin sends its password over TLS only"},
    {0, "key values mismatch", "client_key", "let SSLCert and SSLKey be a pair: the key belongs to another certificate"},
    {0, "no certificate or crl found", "certificate_file", "name by SSLCA a file of certificates in PEM form"},
    {0, "fingerprint", "fingerprint", "mend TLSPeerFP or TLSPeerFPList: the server has another certificate"},
    {0, "mismatch", "certificate_name", "connect by a name that stands in the server's certificate, or set SSLMode=VERIFY_CA"},
    {0, "hostname", "certificate_name", "connect by a name that stands in the server's certificate, or set SSLMode=VERIFY_CA"},
    {0, "host name", "certificate_name", "connect by a name that stands in the server's certificate, or set SSLMode=VERIFY_CA"},
    {0, "validation of ssl server certificate", "certificate_name", "connect by a name that stands in the server's certificate, or set SSLMode=VERIFY_CA"},
    {0, "expired", "certificate", "let the server have a certificate that is valid now"},
    {0, "certificate", "certificate", "name by SSLCA the certificate authority that signed the server's certificate"},
    {0, "tls version", "tls_version", "mend TLSVersions, No_TLS_1_2 and No_TLS_1_3: the server has none of what they leave"},
    {0, "protocol version", "tls_version", "mend TLSVersions, No_TLS_1_2 and No_TLS_1_3: the server has none of what they leave"},
    {0, "cipher", "cipher", "mend SSLCipher: the server has none of these ciphers"},
    {0, "ssl", "tls", "mend SSLMode, SSLCA, SSLCert and SSLKey"},
    {0, "tls", "tls", "mend SSLMode, SSLCA, SSLCert and SSLKey"},
};

constexpr ProbeRow probe_rows[] = {
    {Answer::host_unknown,   "host_unknown", "mend {keys}: no name service knows that host"},
    {Answer::socket_missing, "socket", "mend Socket: a server says where it is by SELECT @@socket; is it running?"},
    {Answer::not_a_socket,   "socket", "mend Socket: name the server's socket file itself; a server says where it is by SELECT @@socket"},
    {Answer::permission,     "permission", "let this user read and write {place}, and search its folders"},
    {Answer::refused,        "server_down", "start the server: nobody listens at {place}; or mend {keys}"},
    {Answer::no_route,       "no_route", "mend the network: this machine has no way to {place}"},
    {Answer::none,           "no_answer", "start that machine, or open the firewall between here and {place}; or mend {keys}"},
    {Answer::silent,         "silent", "look at the server at {place}: it takes connections and says nothing, as one that hangs; or mend {keys}"},
    {Answer::not_a_server,   "not_a_server", "mend {keys}: what answers at {place} does not speak MySQL's protocol"},
};

struct FarmRow {
    std::string_view part;
    std::string_view cause;
};

constexpr FarmRow farm_rows[] = {
    {"farm file", "farm_file"},
    {"has the part", "value"},
    {"which is no host", "value"},
    {"refuses the user", "farm_user"},
    {"no right to see its role", "farm_right"},
    {"replication_group_members' doesn't exist", "not_a_cluster"},
    {"wants a user and password", "farm_user"},
    {"refused the fabric user", "farm_user"},
    {"no right to run", "farm_right"},
    {"has no command", "no_fabric_sql"},
    {"cannot be resolved", "farm_host_unknown"},
    {"unknown server host", "farm_host_unknown"},
    {"refused the connection", "farm_down"},
    {"has not finished the login within", "farm_silent"},
    {"at 'handshake", "not_a_node"},
    {"cannot be reached", "farm_down"},
    {"did not answer in http", "not_a_node"},
    {"has no page", "not_a_node"},
    {"closed the connection without an answer", "not_a_node"},
    {"did not answer within", "farm_silent"},
    {"tls", "farm_tls"},
};
// clang-format on

std::string fill(std::string_view text, std::string_view name, const std::string& value) {
    std::string result(text);
    const std::string mark = "{" + std::string(name) + "}";
    for (std::size_t at = 0; (at = result.find(mark, at)) != std::string::npos; at += value.size())
        result.replace(at, mark.size(), value);
    return result;
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// All records of an error in small letters: the reason may stand in a later one.
std::string words(const Error& error) {
    std::string all;
    for (const Record& record : error.records()) all += to_lower(record.message) + "\n";
    return all;
}

/// What follows the last "; " of a message, by which a source says what to look at.
std::string remedy_in(const std::string& message) {
    const std::size_t at = message.rfind("; ");
    return at == std::string::npos ? std::string() : message.substr(at + 2);
}

bool wants_tls(const dsn::Options& options) {
    return options.force_tls || equal_ignoring_case(options.ssl_mode, "REQUIRED") ||
           to_lower(options.ssl_mode).starts_with("verify") || options.ssl_verify;
}

bool asks_by_tls(const dsn::Options& options) {
    return !(options.fabric_ssl_ca.empty() && options.fabric_ssl_cert.empty() &&
             options.fabric_ssl_key.empty());
}

bool by_file(const dsn::Options& options) {
    return equal_ignoring_case(options.fabric_protocol, "file");
}

}  // namespace

bool needs_probe(const Error& error) {
    // The numbers of servers' own errors are from 1000 on, those of client libraries from 2000 and
    // 5000.
    return error.native() < 1000 || (error.native() >= 2000 && error.native() < 3000) ||
           error.native() >= 5000;
}

Advice advise_server(const Error& error, const Probe& probe, const dsn::Options& options,
                     const Place& place) {
    const std::string text = words(error);
    Advice advice{"server", "mend {keys}, or look into the server's error log"};
    const auto* row = std::ranges::find_if(server_rows, [&](const Row& each) {
        return each.native ? each.native == error.native() : has(text, each.part);
    });
    const auto* seen = std::ranges::find(probe_rows, probe.answer, &ProbeRow::answer);
    if (needs_probe(error) && seen != std::end(probe_rows))
        advice = {seen->cause, std::string(seen->mend)};
    else if (needs_probe(error) && !probe.offers_tls && wants_tls(options))
        advice = {"tls_not_offered",
                  "turn TLS on in the server (ssl_cert, ssl_key), or set SSLMode=PREFERRED"};
    else if (row != std::end(server_rows))
        advice = {row->cause, std::string(row->mend)};
    // The server's word for it says no more.
    if (advice.cause == "tls" && !options.ssl_cipher.empty() && has(text, "handshake failure"))
        advice = {"cipher", "mend SSLCipher: the server has none of these ciphers"};
    if (advice.cause == "user" && options.password.empty())
        advice.mend = "add Password=, or mend User";
    for (const auto& [name, value] :
         {std::pair<std::string_view, std::string>{"user", options.user},
          {"database", options.database},
          {"place", place.name},
          {"keys", place.keys}})
        advice.mend = fill(advice.mend, name, value);
    return advice;
}

Advice advise_farm(const Error& error, const dsn::Options& options) {
    const std::string text = to_lower(error.message());
    const auto* row =
        std::ranges::find_if(farm_rows, [&](const FarmRow& each) { return has(text, each.part); });
    Advice advice{row == std::end(farm_rows) ? "farm" : row->cause, remedy_in(error.message())};
    if (advice.cause == "value" && advice.mend.empty())
        advice.mend = "mend " + error.message().substr(0, error.message().find(' '));
    if (advice.cause == "not_a_cluster")
        advice.mend =
            "mend FabricProtocol: these servers have no Group Replication (nor have MariaDB and "
            "MySQL 5.6); or mend FabricHost";
    if (advice.cause == "farm_silent" && asks_by_tls(options))
        advice.mend =
            "mend FabricHost and FabricPort, or leave FabricSSLCA, FabricSSLCert and FabricSSLKey "
            "out: a node without TLS keeps silent when it is asked by HTTPS";
    // Of the sources of clusters the message itself names the right that is missing.
    if (advice.cause == "farm_right" && has(text, "no right to run"))
        advice.mend = "give the farm's user '" + options.fabric_user +
                      "' the role connector (fabric-sql: CALL manage.grant_connector('" +
                      options.fabric_user + "', '%'))";
    if (advice.cause == "no_fabric_sql")
        advice.mend =
            "load fabric-sql.sql into that server, or mend FabricHost, FabricPort and "
            "FabricProtocol";
    if (advice.cause == "farm_file")
        advice.mend = has(text, "line ") ? "mend the farm file there: " + options.fabric_host
                      : has(text, "permission")
                          ? "let this user read " + options.fabric_host
                          : "mend FabricHost, or write the farm file " + options.fabric_host;
    if (advice.cause == "not_a_node" && has(text, "at 'handshake"))
        advice.mend =
            "mend FabricHost and FabricPort: what answers there does not speak MySQL's protocol";
    if (advice.mend.empty())
        advice.mend = by_file(options) ? "mend FabricHost" : "mend FabricHost and FabricPort";
    return advice;
}

Advice advise_target(const Error& error, const dsn::Options& options) {
    const std::string text = to_lower(error.message());
    if (!options.group.empty() && !options.tables.empty())
        return {"target", "keep one of Group and Tables"};
    if (options.group.empty() && options.tables.empty() && has(text, "neither group"))
        return {"target", "add Group, or Tables and ShardKey"};
    if (has(text, "no group")) return {"group", "mend Group (myfabric status shows the groups)"};
    if (has(text, "no table"))
        return {"table", "mend Tables (myfabric status shows the sharded tables)"};
    if (has(text, "key"))
        return {"shard_key",
                options.shard_key.empty() ? "add ShardKey, or Scope=GLOBAL" : "mend ShardKey"};
    if (has(text, "is no node of a galera cluster"))
        return {"not_a_cluster",
                "mend FabricProtocol, or FabricHost, or turn Galera on in the server (wsrep_on)"};
    if (error.is(state::connection_rejected))
        return {"no_server",
                "let the farm have a server for this mode (myfabric status shows them), or mend "
                "Mode"};
    return {"target", "mend Group, Tables, ShardKey, Scope or Mode"};
}

}  // namespace myfabric::setup
