#include "base/text.h"
#include "dsn/options.h"

namespace myfabric::dsn {
namespace {

using O = Options;
constexpr Part farm = Part::farm, server = Part::server, driver = Part::driver;
constexpr unsigned port_maximum = 65535;
// Client libraries keep milliseconds in 32 bits.
constexpr unsigned seconds_maximum = 2'000'000;
constexpr std::monostate not_kept;

constexpr Detail no(std::string_view why = {}) {
    return {.applies = Applies::no, .why = why};
}
constexpr Detail no_bit(std::uint32_t bit, std::string_view why = {}) {
    return {.bit = bit, .applies = Applies::no, .why = why};
}
constexpr Detail always{.applies = Applies::always};
constexpr Detail always_bit(std::uint32_t bit) {
    return {.bit = bit, .applies = Applies::always};
}
constexpr Detail secret_no(std::string_view why = {}) {
    return {.secret = true, .applies = Applies::no, .why = why};
}

constexpr std::string_view by_farm =
    "several servers are a farm: name it by FabricHost and FabricProtocol=file";
constexpr std::string_view no_cloud_sign_in =
    "sign-in by OCI, Kerberos or OpenID belongs to another client library";
constexpr std::string_view windows_only = "named pipes exist on Windows only; use Socket";
constexpr std::string_view tuned =
    "it tunes the inside of another driver; results and speed do not depend on it here";

// clang-format off
constexpr Option rows[] = {
    // name, other names, member, default, caption, part, detail
    {"FabricHost",               "", &O::fabric_host,               "",          "Fabric node: host, host:port, a list; the farm file; or the servers to ask first", farm, {}},
    {"FabricPort",               "", &O::fabric_port,               "0",         "Fabric port (0: by protocol)",                  farm, {.maximum = port_maximum}},
    {"FabricProtocol",           "", &O::fabric_protocol,           "xmlrpc",    "Fabric protocol",                               farm, {.choices = "xmlrpc mysql file replication galera group_replication"}},
    {"FabricWeights",            "", &O::fabric_weights,            "",          "Weights of servers that are asked themselves: db1=2,db2:3307=0", farm, {}},
    {"FabricAddresses",          "", &O::fabric_addresses,          "",          "Servers that report other addresses than can be reached: reported:3306=reachable:3307", farm, {}},
    {"FabricUser",               "", &O::fabric_user,               "",          "Fabric user",                                   farm, {}},
    {"FabricPassword",           "", &O::fabric_password,           "",          "Fabric password",                               farm, {.secret = true}},
    {"FabricSSLCA",              "", &O::fabric_ssl_ca,             "",          "Fabric: file of certificate authorities",       farm, {}},
    {"FabricSSLCert",            "", &O::fabric_ssl_cert,           "",          "Fabric: client certificate file",               farm, {}},
    {"FabricSSLKey",             "", &O::fabric_ssl_key,            "",          "Fabric: client key file",                       farm, {}},
    {"FabricSSLVerify",          "", &O::fabric_ssl_verify,         "1",         "Verify the Fabric node's certificate and name", farm, {}},
    {"FabricConnectionTimeout",  "", &O::fabric_connection_timeout, "5",         "Fabric timeout in seconds",                     farm, {.maximum = seconds_maximum}},
    {"FabricConnectionAttempts", "", &O::fabric_connection_attempts,"3",         "Fabric connection attempts",                    farm, {.maximum = 1000}},
    {"FabricConnectionDelay",    "", &O::fabric_connection_delay,   "1",         "Seconds between Fabric attempts",               farm, {.maximum = 3600}},
    {"FabricMaxAge",             "", &O::fabric_max_age,            "5",         "Seconds that a topology may be old when a statement writes by it (0: as FabricTTL)", farm, {.maximum = seconds_maximum}},
    {"FabricCache",              "", &O::fabric_cache,              "process",   "Who shares the farm's description: the connections of a process, or all processes of a user", farm, {.choices = "process user"}},
    {"FabricTTL",                "", &O::fabric_ttl,                "0",         "Seconds a topology stays fresh (0: as the node says)", farm, {.maximum = seconds_maximum}},
    {"Group",                    "", &O::group,                     "",          "High-availability group",                       farm, {}},
    {"Tables",                   "", &O::tables,                    "",          "Sharded tables: db.table,db.table",             farm, {}},
    {"ShardKey",                 "", &O::shard_key,                 "",          "Shard key",                                     farm, {}},
    {"Scope",                    "", &O::scope,                     "",          "Scope of the tables",                           farm, {.choices = "LOCAL GLOBAL"}},
    {"Mode",                     "", &O::mode,                      "READWRITE", "Access mode",                                   farm, {.choices = "READWRITE=2=3 READONLY=1 AUTO=4"}},
    {"MaxLag",                   "", &O::max_lag,                   "0",         "Largest lag of a secondary in seconds (0: not checked)", farm, {.maximum = seconds_maximum}},
    {"ReadYourWritesTimeout",    "", &O::read_your_writes_timeout,  "1",         "Seconds to wait for own writes on a secondary", farm, {.maximum = seconds_maximum}},
    {"Attempts",                 "", &O::attempts,                  "3",         "Tries to get a usable server",                  farm, {.maximum = 1000}},
    {"AttemptDelay",             "", &O::attempt_delay,             "1",         "Seconds between tries",                         farm, {.maximum = 3600}},
    {"ParkedServers",            "", &O::parked_servers,            "8",         "Sessions kept open when switching",             farm, {.maximum = 1000}},
    {"ParkedTimeout",            "", &O::parked_timeout,            "60",        "Seconds a session is kept open",                farm, {.maximum = seconds_maximum}},
    {"FabricAdmin",              "", &O::fabric_admin,              "0",         "Allow commands that change the farm",           farm, {}},
    {"ReportErrors",             "", &O::report_errors,             "error",     "Report lost servers to the node",               farm, {.choices = "error no=0 failure"}},
    {"FabricCalls",              "", &O::fabric_calls,              "1",         "Answer CALL fabric.... in the driver",          farm, {}},

    {"Server",       "Servername",            &O::server,            "",          "Server's host name or address",     server, {.host = true}},
    {"Port",         "",                      &O::port,              "3306",      "Server's port",                     server, {.maximum = port_maximum}},
    {"Socket",       "",                      &O::socket,            "",          "Server's Unix socket",              server, {}},
    {"User",         "UID",                   &O::user,              "",          "User",                              server, {}},
    {"Password",     "PWD Password1 PWD1",    &O::password,          "",          "Password",                          server, {.secret = true}},
    {"Database",     "DB",                    &O::database,          "",          "Default database",                  server, {}},
    {"Charset",      "",                      &O::charset,           "utf8mb4",   "Character set of narrow text (SQL_C_CHAR, ANSI functions)", server, {}},
    {"InitStmt",     "",                      &O::init_statement,    "",          "Statement run after connecting",    server, {}},
    {"SSLMode",      "SSL_MODE",              &O::ssl_mode,          "",          "TLS mode",                          server, {.choices = "DISABLED PREFERRED REQUIRED VERIFY_CA VERIFY_IDENTITY"}},
    {"SSLCA",        "SSL_CA",                &O::ssl_ca,            "",          "File of certificate authorities",   server, {}},
    {"SSLCAPath",    "SSL_CAPATH",            &O::ssl_capath,        "",          "Folder of certificate authorities", server, {}},
    {"SSLCert",      "SSL_CERT",              &O::ssl_cert,          "",          "Client certificate file",           server, {}},
    {"SSLKey",       "SSL_KEY",               &O::ssl_key,           "",          "Client key file",                   server, {}},
    {"SSLCipher",    "SSL_CIPHER",            &O::ssl_cipher,        "",          "TLS ciphers",                       server, {}},
    {"SSLCRL",       "SSL_CRL",               &O::ssl_crl,           "",          "Certificate revocation list",       server, {}},
    {"SSLCRLPath",   "SSL_CRLPATH",           &O::ssl_crlpath,       "",          "Folder of revocation lists",        server, {}},
    {"SSLVerify",    "",                      &O::ssl_verify,        "0",         "Verify the server's certificate and name", server, {}},
    {"ForceTLS",     "",                      &O::force_tls,         "0",         "Refuse to connect without TLS",     server, {}},
    {"TLSVersions",  "TLS_VERSIONS TLSVersion", &O::tls_versions,    "",          "TLS versions, as TLSv1.2,TLSv1.3",  server, {}},
    {"No_TLS_1_2",   "",                      &O::no_tls_1_2,        "0",         "Do not use TLS 1.2",                server, {}},
    {"No_TLS_1_3",   "",                      &O::no_tls_1_3,        "0",         "Do not use TLS 1.3",                server, {}},
    {"TLSKeyPwd",    "",                      &O::tls_key_passphrase, "",         "Passphrase of the client key",      server, {.secret = true}},
    {"TLSPeerFP",    "SSLFP",                 &O::tls_peer_fingerprint, "",       "Fingerprint of the server's certificate", server, {}},
    {"TLSPeerFPList", "SSLFPList",            &O::tls_peer_fingerprint_list, "",  "File of certificate fingerprints",  server, {}},
    {"ConnectTimeout", "Conn_Timeout",        &O::connect_timeout,   "0",         "Seconds to connect (0: the client library's)", server, {.maximum = seconds_maximum}},
    {"ReadTimeout",  "Read_Timeout",          &O::read_timeout,      "0",         "Seconds to wait for the server (0: no limit)", server, {.maximum = seconds_maximum}},
    {"WriteTimeout", "Write_Timeout",         &O::write_timeout,     "0",         "Seconds to send to the server (0: no limit)",  server, {.maximum = seconds_maximum}},
    {"StreamTimeout", "",                     &O::stream_timeout,    "600",       "Seconds the server waits for a slow reader",   server, {.maximum = seconds_maximum}},
    {"TCPIP",        "",                      &O::tcp_only,          "0",         "Always use TCP, also for localhost", server, {}},
    {"Named_Pipe",   "NamedPipe",             not_kept,              "0",         "Use a named pipe",                  server, no_bit(8192, windows_only)},
    {"Multi_Host",   "",                      not_kept,              "0",         "Server holds a list of hosts",      server, no(by_farm)},
    {"Enable_DNS_SRV", "",                    not_kept,              "0",         "Look the hosts up in DNS",          server, no(by_farm)},
    {"PWD2",         "Password2",             not_kept,              "",          "Second password",                   server, secret_no("the client library signs in with one factor")},
    {"PWD3",         "Password3",             not_kept,              "",          "Third password",                    server, secret_no("the client library signs in with one factor")},
    {"Default_Auth", "",                      &O::default_auth,      "",          "Authentication plugin tried first", server, {}},
    {"Plugin_Dir",   "",                      &O::plugin_dir,        "",          "Folder of authentication plugins",  server, {}},
    {"Enable_Cleartext_Plugin", "",           &O::clear_text_plugin, "0",         "Allow passwords in clear text",     server, {}},
    {"RSAKey",       "ServerKey",             &O::server_public_key, "",          "File of the server's RSA public key", server, {}},
    {"Get_Server_Public_Key", "",             &O::get_server_public_key, "0",     "Ask the server for its RSA key",    server, {}},
    {"Can_Handle_Exp_Pwd", "",                &O::expired_password,              "0",         "Connect with an expired password",  server, {}},
    {"Authentication_Kerberos_Mode", "",      not_kept,              "",          "Kerberos mode",                     server, no(no_cloud_sign_in)},
    {"OCI_Config_File", "",                   not_kept,              "",          "OCI configuration file",            server, no(no_cloud_sign_in)},
    {"OCI_Config_Profile", "",                not_kept,              "",          "OCI configuration profile",         server, no(no_cloud_sign_in)},
    {"OpenID_Token_File", "",                 not_kept,              "",          "OpenID token file",                 server, no(no_cloud_sign_in)},
    {"Enable_Local_Infile", "",               &O::local_infile,      "0",         "Allow LOAD DATA LOCAL",             server, {}},
    {"NoLocalInfile", "",                     &O::local_infile,      "1",         "Forbid LOAD DATA LOCAL",            server, {.inverse = true}},
    {"Load_Data_Local_Dir", "",               not_kept,              "",          "Folder LOAD DATA LOCAL may read",   server, no("Enable_Local_Infile allows the file that a statement names, or none")},
    {"Use_MyCnf",    "",                      &O::use_my_cnf,        "0",         "Read [client] and [odbc] of my.cnf", server, {.bit = 65536}},
    {"Attr",         "",                      &O::attributes,        "",          "Connection attributes: k=v,k2=v2",  server, {}},

    {"Option",         "Options",   not_kept,             "0", "Numeric bitmap of the peers' flags",       driver, {}},
    {"Found_Rows",     "",          &O::found_rows,       "1", "Row counts tell rows found, not rows changed", driver, {.bit = 2}},
    {"Big_Packets",    "",          not_kept,             "0", "No limit for packets",                     driver, always_bit(8)},
    {"No_Prompt",      "",          not_kept,             "0", "Never show a dialog",                      driver, always_bit(16)},
    {"Dynamic_Cursor", "",          not_kept,             "0", "Allow dynamic cursors",                    driver, no_bit(32, "a program asks for a dynamic cursor by SQL_ATTR_CURSOR_TYPE")},
    {"No_Schema",      "",          not_kept,             "1", "No schemas in names",                      driver, no_bit(64, "there are no schemas in names: a database is a catalog")},
    {"No_Default_Cursor", "",       not_kept,             "0", "No cursor library of the driver manager",  driver, always_bit(128)},
    {"No_Locale",      "",          not_kept,             "0", "Leave the locale alone",                   driver, always_bit(256)},
    {"Pad_Space",      "",          &O::pad_space,             "0", "Pad CHAR to its length",                   driver, {.bit = 512}},
    {"Full_Column_Names", "",       &O::full_column_names,             "0", "Column names with their table",            driver, {.bit = 1024}},
    {"Compressed_Proto", "",        &O::compress,         "0", "Compress the protocol",                    driver, {.bit = 2048}},
    {"Ignore_Space",   "",          &O::ignore_space,     "0", "Blanks after function names",              driver, {.bit = 4096}},
    {"No_BigInt",      "NoBigInt",  &O::no_bigint,             "0", "Report BIGINT as INTEGER",                 driver, {.bit = 16384}},
    {"No_Catalog",     "",          not_kept,             "0", "No catalogs in names",                     driver, no_bit(32768, "a database is a catalog, and nothing else names it")},
    {"NullIsCurrent",  "",          &O::null_is_current,             "1", "A null catalog is the current one",        driver, {}},
    {"SchemaNoError",  "",          &O::any_schema,             "0", "Ignore schema arguments",                  driver, {}},
    {"Safe",           "",          not_kept,             "0", "Extra safety checks",                      driver, always_bit(131072)},
    {"No_Transactions", "",         not_kept,             "0", "No transactions",                          driver, no_bit(262144, "the server has transactions; leave autocommit on to have none")},
    {"Log",            "",          &O::log,              "",  "Log file",                                 driver, {}},
    {"LogLevel",       "",          &O::log_level,        "info", "Log level",                             driver, {.choices = "off error warning info debug"}},
    {"LogFormat",      "",          &O::log_format,       "text", "Form of the log's lines",               driver, {.choices = "text json"}},
    {"TraceComment",   "",          &O::trace_comment,    "0", "Send the traceparent in a comment in front of statements", driver, {}},
    {"Log_Query",      "",          not_kept,             "0", "Log statements",                           driver, no_bit(524288, "name a file by Log, with LogLevel=debug")},
    {"No_Cache",       "StreamRS",  not_kept,             "0", "Stream results",                           driver, always_bit(1048576)},
    {"Forward_Cursor", "ForwardOnly", not_kept,           "0", "Forward-only cursors only",                driver, always_bit(2097152)},
    {"Prefetch",       "",          not_kept,             "0", "Rows fetched at a time",                   driver, no("results stream, so there is nothing to fetch in blocks by LIMIT")},
    {"Auto_Reconnect", "",          not_kept,             "0", "Reconnect when the link is lost",          driver, always_bit(4194304)},
    {"Auto_Is_Null",   "",          &O::auto_is_null,             "0", "SQL_AUTO_IS_NULL",                         driver, {.bit = 8388608}},
    {"Zero_Date_To_Min", "",        &O::zero_date_to_min, "0", "Read zero dates as the smallest date",     driver, {.bit = 16777216}},
    {"Min_Date_To_Zero", "",        &O::min_date_to_zero, "0", "Write the smallest date as zero date",     driver, {.bit = 33554432}},
    {"Multi_Statements", "",        &O::multi_statements, "0", "Several statements in one text",           driver, {.bit = 67108864}},
    {"Column_Size_S32", "",         not_kept,             "0", "Column sizes below 2^31",                  driver, always_bit(134217728)},
    {"MaxLongSize",    "",          &O::max_long_size,    "16777215", "Largest size told of LONGTEXT, LONGBLOB and JSON", driver, {.maximum = 2147483647}},
    {"Server_Name",    "",          &O::server_name,      "",  "What SQL_DBMS_NAME says",                  driver, {}},
    {"UnsignedAs",     "",          &O::unsigned_as,      "same", "Types that unsigned columns are told as", driver, {.choices = "same wider"}},
    {"WrapIntegers",   "",          &O::wrap_integers,    "0", "Keep the bits of integers of the other sign", driver, {}},
    {"BinaryAsBytes",  "",          &O::binary_as_bytes,  "0", "Binary data read as text is its bytes, not hexadecimal", driver, {}},
    {"DisplayBytes",   "",          &O::display_bytes,    "0", "The display size of text counts bytes, not characters", driver, {}},
    {"PoolReset",      "",          &O::pool_reset,       "0", "Make the session new when unixODBC's pool hands it out", driver, {}},
    {"TrimNul",        "",          &O::trim_nul,         "0", "Drop one trailing NUL of text parameters", driver, {}},
    {"No_Binary_Result", "",        &O::no_binary_result,             "0", "No binary type for function results",      driver, {.bit = 268435456}},
    {"Dflt_BigInt_Bind_Str", "",    &O::bigint_as_text,             "0", "Bind BIGINT parameters as text",           driver, {.bit = 536870912}},
    {"No_SSPS",        "PrepOnClient", not_kept,          "0", "Prepare in the client",                    driver, no("statements with parameters are prepared by the server: values never become SQL text")},
    {"EDServer",       "",          &O::prepare_direct,   "0", "Prepare for SQLExecDirect too: queries give FLOAT exactly", driver, {}},
    {"DeferPrepare",   "",          &O::defer_prepare,    "0", "Prepare with the first execution, in one round trip; errors in the text show there", driver, {}},
    {"PlainReader",    "",          &O::plain_reader,          "1", "Write commands to plain links and read answers beside the client library (0: let it do so)", driver, {}},
    {"PSCacheSize",    "",          &O::prepared_statements, "32", "Prepared statements kept for their text's next time", driver, {.maximum = 10000}},
    {"MaxCacheKey",    "",          not_kept,             "2112", "Longest statement kept",                driver, no(tuned)},
    {"PCallback",      "",          not_kept,             "1", "Parameters by callback",                   driver, no(tuned)},
    {"RCallback",      "",          not_kept,             "0", "Results by callback",                      driver, no(tuned)},
    {"No_Date_Overflow", "TruncDT", &O::cut_dates,             "0", "Cut times off where a date is wanted",     driver, {}},
    {"Interactive",    "Client_Interactive", &O::interactive, "0", "Use interactive_timeout",              driver, {}},
    {"OpenTelemetry",  "",          not_kept,             "DISABLED", "Telemetry",                         driver, no("the driver sends no telemetry; TraceComment=1 tells servers which trace a statement is of")},
};

constexpr std::string_view manager_keys[] = {
    "DSN", "Driver", "Driver64", "FileDSN", "SaveFile", "Description", "Setup", "Setup64",
    "FileUsage", "UsageCount", "Threading", "DontDLClose", "IconvEncoding", "Trace", "TraceFile",
    "Trace_File", "ForceTrace", "Pooling", "CPTimeout", "CPTimeToLive", "CPReuse", "CPProbe",
    "DMConnAttr", "DMStmtAttr", "DMEnvAttr", "DisableGetFunctions", "FakeUnicode", "ExFetchMapping",
    "ConnectFunctions", "APILevel", "DriverODBCVer", "SQLLevel", "APP", "WSID",
};
// clang-format on

}  // namespace

std::span<const Option> option_table() {
    return rows;
}

bool is_manager_key(std::string_view key) {
    // "[20002]={42}" is what a DMConnAttr list without braces falls apart into.
    if (key.starts_with('[')) return true;
    for (std::string_view name : manager_keys)
        if (equal_ignoring_case(key, name)) return true;
    return false;
}

}  // namespace myfabric::dsn
