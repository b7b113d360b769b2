#include "router/settings.h"

#include <map>

#include "base/character_set.h"
#include "base/error.h"
#include "base/text.h"
#include "platform/process.h"

namespace myfabric::router {
namespace {

/// What performance_schema.session_connect_attrs shows of the connection: what `text` says, "{k=v,
/// k2=v2}", the braces being optional, and who connects, where it does not say that.
std::map<std::string, std::string> attributes(std::string_view text) {
    text = trim(text);
    if (text.starts_with('{') && text.ends_with('}')) text = text.substr(1, text.size() - 2);
    std::map<std::string, std::string> result;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        const std::string_view pair = text.substr(begin, end - begin);
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const std::string_view key = trim(pair.substr(0, equals));
        if (!key.empty()) result.emplace(key, trim(pair.substr(std::min(equals + 1, pair.size()))));
        begin = end + 1;
    }
    result.emplace("program_name", platform::program_name());
    result.emplace("_connector_name", "myfabric-odbc");
    result.emplace("_connector_version", MYFABRIC_VERSION);
    return result;
}

std::string ssl_mode(const dsn::Options& options) {
    std::string mode = options.ssl_mode;
    if (options.force_tls && (mode.empty() || mode == "DISABLED" || mode == "PREFERRED"))
        mode = "REQUIRED";
    // Asking for verification is the stronger wish of the two.
    if (options.ssl_verify && mode != "VERIFY_CA") mode = "VERIFY_IDENTITY";
    return mode;
}

/// "TLSv1.2,TLSv1.3" from that, from "1.2,1.3", or from bits: 1 is 1.1, 2 is 1.2, 4 is 1.3.
std::string tls_versions(const dsn::Options& options) {
    constexpr std::string_view known[] = {"TLSv1.1", "TLSv1.2", "TLSv1.3"};
    const bool left_out[] = {false, options.no_tls_1_2, options.no_tls_1_3};
    const std::string_view asked = trim(options.tls_versions);
    const bool bits = asked.size() == 1 && asked[0] >= '1' && asked[0] <= '7';
    if (asked.empty() && !options.no_tls_1_2 && !options.no_tls_1_3) return {};
    std::string list;
    for (int i = 0; i < 3; ++i) {
        const std::string_view number = known[i].substr(4);
        const bool wanted = asked.empty() ? i > 0
                            : bits        ? ((asked[0] - '0') >> i) & 1
                                          : asked.find(number) != std::string_view::npos;
        if (!wanted || left_out[i]) continue;
        if (!list.empty()) list += ',';
        list += known[i];
    }
    if (list.empty())
        throw Error(state::unable_to_connect,
                    "no TLS version is left by TLSVersions=" + std::string(asked) +
                        ", No_TLS_1_2 and No_TLS_1_3: use TLSv1.1, TLSv1.2 or TLSv1.3");
    return list;
}

}  // namespace

mysql::Login login(const dsn::Options& options) {
    mysql::Login login;
    login.host = options.server;
    if (options.tcp_only && (login.host.empty() || equal_ignoring_case(login.host, "localhost")))
        login.host = "127.0.0.1";
    login.port = options.port;
    login.socket = options.tcp_only ? std::string{} : options.socket;
    login.user = options.user;
    login.password = options.password;
    login.database = options.database;
    login.connect_timeout = options.connect_timeout;
    login.read_timeout = options.read_timeout;
    login.write_timeout = options.write_timeout;
    login.ssl_mode = ssl_mode(options);
    login.ssl_ca = options.ssl_ca;
    login.ssl_capath = options.ssl_capath;
    login.ssl_cert = options.ssl_cert;
    login.ssl_key = options.ssl_key;
    login.ssl_cipher = options.ssl_cipher;
    login.ssl_crl = options.ssl_crl;
    login.ssl_crlpath = options.ssl_crlpath;
    login.tls_versions = tls_versions(options);
    login.tls_key_passphrase = options.tls_key_passphrase;
    // As openssl shows it, or without the colons.
    login.tls_peer_fingerprint = options.tls_peer_fingerprint;
    std::erase(login.tls_peer_fingerprint, ':');
    login.tls_peer_fingerprint_list = options.tls_peer_fingerprint_list;
    login.found_rows = options.found_rows;
    login.multi_statements = options.multi_statements;
    login.compress = options.compress;
    login.ignore_space = options.ignore_space;
    login.interactive = options.interactive;
    login.clear_text_plugin = options.clear_text_plugin;
    login.get_server_public_key = options.get_server_public_key;
    login.plugin_dir = options.plugin_dir;
    login.default_auth = options.default_auth;
    login.server_public_key = options.server_public_key;
    if (options.use_my_cnf) login.option_group_file = "yes";
    login.plain_reader = options.plain_reader;
    login.prepared_statements = options.prepared_statements;
    login.expired_password = options.expired_password;
    login.attributes = attributes(options.attributes);
    login.reading = {.wider_unsigned = options.unsigned_as == "wider",
                     .wrap_integers = options.wrap_integers,
                     .bytes_as_text = options.binary_as_bytes,
                     .zero_date_to_min = options.zero_date_to_min,
                     .no_bigint = options.no_bigint,
                     .full_names = options.full_column_names,
                     .text_results = options.no_binary_result,
                     .display_bytes = options.display_bytes,
                     .narrow = CharacterSet::find(options.charset)};
    return login;
}

std::string variables(const dsn::Options& options) {
    std::string text;
    if (options.pad_space) text += ", sql_mode=CONCAT(@@sql_mode, ',PAD_CHAR_TO_FULL_LENGTH')";
    if (options.auto_is_null) text += ", sql_auto_is_null=1";
    return text;
}

topology::FarmOptions farm_options(const dsn::Options& options) {
    topology::FarmOptions farm;
    farm.hosts = options.fabric_host;
    farm.port = options.fabric_port;
    farm.protocol = topology::parse_protocol(options.fabric_protocol);
    farm.user = options.fabric_user;
    farm.password = options.fabric_password;
    farm.ssl_ca = options.fabric_ssl_ca;
    farm.ssl_cert = options.fabric_ssl_cert;
    farm.ssl_key = options.fabric_ssl_key;
    farm.ssl_verify = options.fabric_ssl_verify;
    // Servers that are asked themselves are entered as the application enters them.
    if (topology::may_ask_servers(farm.protocol)) {
        farm.weights = options.fabric_weights;
        farm.addresses = options.fabric_addresses;
        if (farm.user.empty()) {
            farm.user = options.user;
            farm.password = options.password;
        }
        if (farm.ssl_ca.empty() && farm.ssl_cert.empty() && farm.ssl_key.empty()) {
            farm.ssl_mode = ssl_mode(options);
            farm.ssl_ca = options.ssl_ca;
            farm.ssl_cert = options.ssl_cert;
            farm.ssl_key = options.ssl_key;
        }
    }
    farm.connection_timeout = options.fabric_connection_timeout;
    farm.connection_attempts = options.fabric_connection_attempts;
    farm.connection_delay = options.fabric_connection_delay;
    farm.ttl = options.fabric_ttl;
    farm.among_processes = equal_ignoring_case(options.fabric_cache, "user");
    return farm;
}

}  // namespace myfabric::router
