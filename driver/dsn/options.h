// The connection keys: their values, and the one table that names, documents and checks them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/secret.h"

namespace myfabric::dsn {

/// What a connection is made with. Times are in seconds; default_options() gives the table's
/// defaults.
struct Options {
    // The farm
    std::string fabric_host;
    unsigned fabric_port = 0;     // 0: by protocol
    std::string fabric_protocol;  // xmlrpc, mysql, file, replication, galera, group_replication
    std::string fabric_weights;
    std::string fabric_addresses;
    std::string fabric_user;
    std::string fabric_password;
    std::string fabric_ssl_ca;
    std::string fabric_ssl_cert;
    std::string fabric_ssl_key;
    bool fabric_ssl_verify = false;
    unsigned fabric_connection_timeout = 0;
    unsigned fabric_connection_attempts = 0;
    unsigned fabric_connection_delay = 0;
    unsigned fabric_ttl = 0;   // 0: as the source says
    std::string fabric_cache;  // process, user
    unsigned fabric_max_age = 5;
    std::string group;
    std::string tables;
    std::string shard_key;
    std::string scope;  // LOCAL, GLOBAL; empty: LOCAL when there is a shard key
    std::string mode;   // READONLY, READWRITE, AUTO
    unsigned max_lag = 0;
    unsigned read_your_writes_timeout = 0;
    unsigned attempts = 0;
    unsigned attempt_delay = 0;
    unsigned parked_servers = 0;
    unsigned parked_timeout = 0;
    bool fabric_admin = false;
    std::string report_errors;  // no, error, failure
    bool fabric_calls = false;

    // The server
    std::string server;
    unsigned port = 0;
    std::string socket;
    std::string user;
    std::string password;
    std::string database;
    std::string charset;
    std::string init_statement;
    bool tcp_only = false;
    std::string ssl_mode;
    std::string ssl_ca, ssl_capath, ssl_cert, ssl_key, ssl_cipher, ssl_crl, ssl_crlpath;
    bool ssl_verify = false;
    bool force_tls = false;
    std::string tls_versions;
    std::string tls_key_passphrase, tls_peer_fingerprint;
    std::string tls_peer_fingerprint_list;  // a file
    bool no_tls_1_2 = false;
    bool no_tls_1_3 = false;
    unsigned connect_timeout = 0;
    unsigned read_timeout = 0;
    unsigned write_timeout = 0;
    unsigned stream_timeout = 0;
    std::string default_auth;
    std::string plugin_dir;
    std::string server_public_key;  // a file
    bool get_server_public_key = false;
    bool clear_text_plugin = false;
    bool local_infile = false;
    bool use_my_cnf = false;
    std::string attributes;  // "k=v,k2=v2", for performance_schema

    // The driver
    std::uint32_t option_bits = 0;  // the peers' numeric bitmap as it was given
    bool found_rows = false;
    bool multi_statements = false;
    bool compress = false;
    bool ignore_space = false;
    bool interactive = false;
    unsigned max_long_size = 0;
    std::string server_name;  // what SQL_DBMS_NAME says; empty: the server's product
    std::string unsigned_as;  // "same" or "wider"
    bool wrap_integers = false;
    bool binary_as_bytes = false;
    bool display_bytes = false;
    bool trim_nul = false;
    bool pool_reset = false;
    bool zero_date_to_min = false;
    bool min_date_to_zero = false;
    bool no_bigint = false;
    bool full_column_names = false;
    bool no_binary_result = false;
    bool cut_dates = false;
    bool bigint_as_text = false;
    bool null_is_current = false;
    bool any_schema = false;
    bool pad_space = false;
    bool auto_is_null = false;
    bool expired_password = false;
    bool prepare_direct = false;
    bool defer_prepare = false;
    unsigned prepared_statements = 0;
    bool plain_reader = true;
    std::string log;
    std::string log_level;
    std::string log_format;  // text, json
    bool trace_comment = false;

    Options() = default;
    Options(const Options&) = default;
    Options& operator=(const Options&) = default;
    ~Options() { wipe_secrets(); }
    void wipe_secrets() noexcept {
        for (std::string* secret : {&password, &fabric_password, &tls_key_passphrase})
            wipe(*secret);
    }
    bool operator==(const Options&) const = default;
};

enum class Part : unsigned char { farm, server, driver };

/// What a key does in this version. `always`: what it asks for is how the driver behaves anyway, so
/// it is accepted silently. `no`: any value but the default is 01S00 with the reason.
enum class Applies : unsigned char { yes, always, no };

/// Null where a key is accepted without being kept.
using Member =
    std::variant<std::monostate, std::string Options::*, unsigned Options::*, bool Options::*>;

struct Detail {
    std::string_view choices;  // "READWRITE=2=3 AUTO=4": the values and other spellings of each
    unsigned maximum = ~0u;    // of a number
    bool secret = false;       // never shown
    bool inverse = false;      // a boolean that is kept negated
    bool host = false;         // a host name or address
    std::uint32_t bit = 0;     // of the numeric OPTION key
    Applies applies = Applies::yes;
    std::string_view why;  // why it does not apply; empty: not in this version
};

struct Option {
    std::string_view name;
    std::string_view aliases;  // separated by blanks
    Member member;
    std::string_view default_value;
    std::string_view caption;  // shown by the setup dialog and in the documentation
    Part part = Part::server;
    Detail detail;
};

/// Every key, in the order of the documentation.
std::span<const Option> option_table();
/// The row of a key or of one of its other names, in any case; null for an unknown key.
const Option* find_option(std::string_view key);
/// True for keys that belong to the driver manager or the installer: they are not the driver's.
bool is_manager_key(std::string_view key);

/// Options with the defaults of the table.
const Options& default_options();
/// Checks `value` and keeps it. Returns the sentence of an 01S00 warning when the key has no effect
/// here. Throws Error 08001 naming key, value and what is allowed.
std::optional<std::string> set_option(Options& options, const Option& option,
                                      std::string_view value);
/// The value as text ("1" and "0" for booleans), also of secrets; empty when it is not kept.
std::string option_value(const Options& options, const Option& option);
/// The value of a key as messages show it: not whole unless it is a number, or a word where one is
/// expected, since it may be a password in the wrong place.
enum class Value : unsigned char { number, word };
std::string shown_value(std::string_view value, Value expected);
/// The sentence for a key that is not in the table.
std::string unknown_key(std::string_view key);
/// 0/1, yes/no, true/false, on/off in any case; null for anything else.
std::optional<bool> parse_boolean(std::string_view value);

}  // namespace myfabric::dsn
