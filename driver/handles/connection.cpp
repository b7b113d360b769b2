#include "handles/connection.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "handles/statement.h"
#include "router/settings.h"

namespace myfabric::handles {

Mutex& DescriptorHandle::mutex() {
    return connection_.mutex();
}

Connection::Connection(Environment& environment)
    : Handle(tag_value), environment_(environment), options_(dsn::default_options()) {
    ++environment_.connections;
}

Connection::~Connection() {
    statements_.clear();
    descriptors_.clear();
    backend_.reset();
    --environment_.connections;
}

router::Backend& Connection::backend() {
    if (!connected()) throw Error(state::not_connected, "the connection is not open");
    return *backend_;
}

// ---- connecting ------------------------------------------------------------------------------

router::Reports Connection::reports_of(const dsn::Options& options) {
    return options.report_errors == "no"        ? router::Reports::no
           : options.report_errors == "failure" ? router::Reports::failure
                                                : router::Reports::error;
}

router::Settings Connection::settings() const {
    router::Settings settings;
    settings.login = router::login(options_);
    settings.init_statement = options_.init_statement;
    settings.variables = router::variables(options_);
    settings.attempts = early_target.attempts.value_or(options_.attempts);
    settings.attempt_delay = early_target.attempt_delay.value_or(options_.attempt_delay);
    settings.parked_servers = options_.parked_servers;
    settings.parked_timeout = std::chrono::seconds(options_.parked_timeout);
    settings.max_lag = options_.max_lag;
    settings.max_age = std::chrono::seconds(options_.fabric_max_age);
    settings.read_your_writes_timeout = options_.read_your_writes_timeout;
    settings.stream_timeout = options_.stream_timeout;
    settings.reports = reports_of(options_);
    if (login_timeout) settings.login.connect_timeout = static_cast<unsigned>(login_timeout);
    if (connection_timeout) {
        settings.login.read_timeout = static_cast<unsigned>(connection_timeout);
        settings.login.write_timeout = static_cast<unsigned>(connection_timeout);
    }
    if (early_database) settings.login.database = early_session.database;

    topology::Target& target = settings.target;
    target.group = early_target.group.value_or(options_.group);
    target.tables = topology::parse_tables(early_target.tables.value_or(options_.tables));
    const std::string key = early_target.shard_key.value_or(options_.shard_key);
    if (!key.empty()) target.key = key;
    const std::string scope = early_target.scope.value_or(options_.scope);
    if (!scope.empty()) target.scope = topology::parse_scope(scope);
    target.mode = early_target.mode.value_or(topology::parse_mode(options_.mode));
    return settings;
}

void Connection::connect(const dsn::Resolved& resolved) {
    if (connected()) throw Error(state::connection_in_use, "the connection is already open");
    options_ = resolved.options;
    data_source_name_ = resolved.data_source;
    for (const auto& [state, message] : resolved.warnings) diagnostics().warn(*state, message);

    router::Settings settings = this->settings();
    open_log(settings);
    const bool targeted = !settings.target.group.empty() || !settings.target.tables.empty();
    if (!options_.fabric_host.empty())
        settings.farm = environment_.farms().farm(router::farm_options(options_));
    else if (targeted)
        throw Error(
            state::unable_to_connect,
            "Group or Tables is given, but no FabricHost to resolve it; add FabricHost=, or "
            "name the one server with Server=");
    if (settings.farm && settings.log) settings.farm->log_to(settings.log);
    const std::shared_ptr<Log> log = settings.log;
    const std::string name = settings.log_name;
    auto backend = std::make_unique<router::Backend>(std::move(settings));
    backend->change_session([&](router::SessionState& session) {
        const std::string database = session.database;
        session = early_session;
        session.database = database;
    });
    try {
        backend->connect();
    } catch (const Error& error) {
        if (log)
            log->write(LogLevel::error, "cannot connect: " + error.message(), {.connection = name});
        throw;
    }
    backend_ = std::move(backend);
    diagnostics().server_version(backend_->connection()->server_version());
    tell_notices(diagnostics());
}

/// A log that cannot be written is no reason not to connect.
void Connection::open_log(router::Settings& settings) {
    try {
        const bool json = equal_ignoring_case(options_.log_format, "json");
        settings.log = environment_.logs().log(options_.log, parse_log_level(options_.log_level),
                                               json ? LogFormat::json : LogFormat::text);
    } catch (const Error& error) {
        diagnostics().warn(state::general_warning, error.message() + "; nothing is logged");
    }
    if (settings.log)
        settings.log_name = (data_source_name_.empty() ? "connection" : data_source_name_) + "#" +
                            std::to_string(environment_.next_connection_number());
}

void Connection::disconnect() {
    if (!connected() && browsing.has_value()) return browsing.reset();
    if (!connected()) throw Error(state::not_connected, "the connection is not open");
    // With autocommit off a transaction that only read is open, too; it is no reason to refuse.
    if (backend_->in_transaction())
        throw Error(state::invalid_transaction_state,
                    "a transaction is open; commit it or roll it back first");
    statements_.clear();
    descriptors_.clear();
    backend_.reset();
    browsing.reset();
}

void Connection::tell_notices(Diagnostics& diagnostics) {
    if (!backend_ || !backend_->has_notices()) return;
    for (std::string& notice : backend_->take_notices())
        diagnostics.warn(state::general_warning, std::move(notice));
}

void Connection::end_transaction(SQLSMALLINT completion) {
    if (completion != SQL_COMMIT && completion != SQL_ROLLBACK)
        throw Error(state::invalid_transaction_code, "completion type " +
                                                         std::to_string(completion) +
                                                         " is neither SQL_COMMIT nor SQL_ROLLBACK");
    backend().end_transaction(completion == SQL_COMMIT);
    tell_notices(diagnostics());
}

// ---- statements and descriptors --------------------------------------------------------------

Statement* Connection::allocate_statement() {
    if (!connected()) throw Error(state::not_connected, "the connection is not open");
    statements_.push_back(std::make_unique<Statement>(*this));
    return statements_.back().get();
}

void Connection::free(Statement* statement) {
    std::erase_if(statements_, [=](const auto& held) { return held.get() == statement; });
}

DescriptorHandle* Connection::allocate_descriptor() {
    if (!connected()) throw Error(state::not_connected, "the connection is not open");
    descriptors_.push_back(
        std::make_unique<DescriptorHandle>(*this, descriptor::Kind::application_row));
    return descriptors_.back().get();
}

void Connection::free(DescriptorHandle* descriptor) {
    if (descriptor->owner()) throw Error(state::automatic_descriptor);
    for (const auto& statement : statements_) statement->forget(descriptor);
    std::erase_if(descriptors_, [=](const auto& held) { return held.get() == descriptor; });
}

info::Facts Connection::facts() {
    info::Facts facts;
    facts.odbc_2 = environment_.odbc_2();
    facts.data_source_name = data_source_name_;
    facts.user = options_.user;
    facts.multi_statements = options_.multi_statements;
    facts.product = options_.server_name;
    if (!backend_ || !backend_->connection()) return facts;
    const mysql::Connection& server = *backend_->connection();
    facts.mariadb = server.is_mariadb();
    facts.server_version = server.server_version();
    facts.server_version_number = server.server_version_number();
    facts.database = backend_->session().database;
    facts.read_only = backend_->session().read_only;
    if (const auto here = backend_->here()) facts.server_name = here->server.address();
    return facts;
}

}  // namespace myfabric::handles
