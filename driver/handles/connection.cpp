#include "handles/connection.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/seconds.h"
#include "base/secret.h"
#include "base/text.h"
#include "handles/statement.h"
#include "mysql/attempt.h"
#include "router/settings.h"
#include "sql/local_file.h"
#include "sql/trace_comment.h"

namespace myfabric::handles {

Mutex& DescriptorHandle::mutex() {
    return connection_.mutex();
}

Connection::Connection(Environment& environment)
    : Handle(tag_value),
      application{.iodbc = environment.iodbc},
      environment_(environment),
      options_(dsn::default_options()) {
    environment_.connections.push_back(this);
}

Connection::~Connection() {
    if (backend_ && process_ != platform::process_id()) backend_->abandon();
    statements_.clear();
    descriptors_.clear();
    backend_.reset();
    std::erase(environment_.connections, this);
}

router::Backend& Connection::backend() {
    if (!connected()) throw Error(state::not_connected, "the connection is not open");
    return *backend_;
}

// ---- connecting ------------------------------------------------------------------------------

router::Settings Connection::settings() const {
    router::Settings settings;
    settings.login = router::login(options_);
    if (options_.local_infile) settings.login.names_local_file = sql::names_local_file;
    settings.init_statement = options_.init_statement;
    settings.variables = router::variables(options_);
    router::set_properties(settings, options_);
    wanted_->properties.apply(settings);
    settings.max_age = std::chrono::seconds(options_.fabric_max_age);
    settings.stream_timeout = options_.stream_timeout;
    if (attributes.login_timeout)
        settings.login.connect_timeout = static_cast<unsigned>(attributes.login_timeout);
    if (attributes.connection_timeout) {
        settings.login.read_timeout = static_cast<unsigned>(attributes.connection_timeout);
        settings.login.write_timeout = static_cast<unsigned>(attributes.connection_timeout);
    }
    if (wanted_->database_chosen) settings.login.database = wanted_->chosen.database;
    return settings;
}

void Connection::connect(const dsn::Resolved& resolved) {
    if (connected()) throw Error(state::connection_in_use, "the connection is already open");
    options_ = resolved.options;
    data_source_name_ = resolved.data_source;
    for (const auto& [state, message] : resolved.warnings) diagnostics().warn(*state, message);

    router::Settings settings = this->settings();
    narrow_ = settings.login.reading.narrow;
    open_log(settings);
    read_trace_of_process();
    follow_trace();
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
    settings.live = live_;
    settings.login.read_timeout = 0;  // the watch keeps it, in all
    limit_waits();
    if (settings.farm) watch_link();
    auto backend = std::make_shared<router::Backend>(std::move(settings), wanted_);
    try {
        connect_in_time(backend);
    } catch (const Error& error) {
        if (log)
            log->write(LogLevel::error, "cannot connect: " + error.message(), {.connection = name});
        throw;
    }
    backend_ = std::move(backend);
    first_attributes_ = attributes;
    diagnostics().server_version(backend_->connection()->server_version());
    report_notices(diagnostics());
}

void Connection::watch_link() {
    if (std::exchange(watched_, true)) return;
    environment_.watch().add(live_);
}

void Connection::limit_waits() {
    const SQLULEN seconds =
        attributes.connection_timeout ? attributes.connection_timeout : options_.read_timeout;
    live_->limit(seconds_of(seconds));
    if (seconds) watch_link();
}

/// SQL_ATTR_LOGIN_TIMEOUT is for the whole: the farm, each server tried, the session. What takes
/// longer goes on in its thread until it ends by itself, and its session is closed there.
void Connection::connect_in_time(const std::shared_ptr<router::Backend>& backend) {
    if (!attributes.login_timeout) return backend->connect();
    const auto wanted = std::make_shared<router::Wanted>(*wanted_);
    const auto attempt = mysql::Attempt::start([backend] { backend->connect(); });
    if (attempt->wait(seconds_of(attributes.login_timeout))) return;
    live_->break_link(router::LiveLink::Broken::query_timeout);
    given_up_ = std::exchange(live_, std::make_shared<router::LiveLink>());
    watched_ = false;
    wanted_ = wanted;  // the other one is that thread's
    throw Error(state::timeout, "connecting took longer than the login timeout of " +
                                    std::to_string(attributes.login_timeout) + " s");
}

void Connection::cancel() {
    try {
        live_->cancel();
    } catch (const Error& error) {
        const bool silent = error.is(state::timeout) || error.cause() == Cause::cannot_connect ||
                            error.cause() == Cause::link_lost;
        if (!silent) throw;
        live_->break_link(router::LiveLink::Broken::cancelled);
    }
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

/// Once a connection, as the environment belongs to all threads of the process.
void Connection::read_trace_of_process() {
    attributes.traced.of_process.clear();
    const char* set = options_.trace_comment ? platform::environment("TRACEPARENT") : nullptr;
    if (!set) return;
    if (sql::is_traceparent(set))
        attributes.traced.of_process = set;
    else
        diagnostics().warn(
            state::general_warning,
            "TraceComment=1, but the environment's TRACEPARENT has not the form "
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01: it is left out");
}

void Connection::traceparent(std::string value) {
    sql::trace_comment(value);
    attributes.traced.given = std::move(value);
    follow_trace();
}

void Connection::follow_trace() {
    attributes.traced.comment =
        options_.trace_comment ? sql::trace_comment(traceparent()) : std::string();
}

void Connection::disconnect() {
    if (!connected() && browsing.has_value()) return browsing.reset();
    if (!connected()) throw Error(state::not_connected, "the connection is not open");
    // With autocommit off a transaction that only read is open, too; it is no reason to refuse.
    const bool parents = process_ != platform::process_id();
    if (parents)
        backend_->abandon();
    else if (backend_->in_transaction() &&
             !options_.pool_reset)  // a pool ends whom it kept too long
        throw Error(state::invalid_transaction_state,
                    "a transaction is open; commit it or roll it back first");
    // Reference, SQLDisconnect: HY010 while a function runs asynchronously on a statement, or data
    // is needed.
    for (const auto& statement : statements_) {
        if (!statement->async().idle())
            throw Error(state::function_sequence,
                        "a statement is still executing asynchronously; ask for its result first");
        if (!parents) statement->must_be_idle();
    }
    // Rows that are left are not read to the end.
    if (const auto& session = backend_->connection(); session && session->is_read())
        live_->break_link(router::LiveLink::Broken::cancelled);
    statements_.clear();
    descriptors_.clear();
    backend_.reset();
    if (browsing) wipe(*browsing);
    browsing.reset();
    options_.wipe_secrets();
}

void Connection::report_notices(Diagnostics& diagnostics) {
    if (!backend_ || !backend_->has_notices()) return;
    for (std::string& notice : backend_->take_notices())
        diagnostics.warn(state::general_warning, std::move(notice));
}

void Connection::end_transaction(SQLSMALLINT completion) {
    if (completion != SQL_COMMIT && completion != SQL_ROLLBACK)
        throw Error(state::invalid_transaction_code, "completion type " +
                                                         std::to_string(completion) +
                                                         " is neither SQL_COMMIT nor SQL_ROLLBACK");
    router::Backend& backend = this->backend();
    for (const auto& statement : statements_) {
        statement->must_be_idle();
        if (!statement->async().idle())
            throw Error(state::function_sequence, "a statement still executes asynchronously");
    }
    backend.end_transaction(completion == SQL_COMMIT);
    report_notices(diagnostics());
}

void Connection::reset() {
    router::Backend& backend = this->backend();
    // unixODBC's pool forgets the statements that a program left, without freeing them: what is
    // open there would keep the session, its locks with it.
    for (const auto& statement : statements_) statement->drop_results();
    backend.reset();
    attributes = first_attributes_;
    limit_waits();
}

// ---- statements and descriptors --------------------------------------------------------------

Statement* Connection::allocate_statement() {
    if (!connected()) throw Error(state::not_connected, "the connection is not open");
    statements_.push_back(std::make_unique<Statement>(*this));
    for (const auto& [attribute, value] : attributes.statement_defaults)
        set_statement_attribute(*statements_.back(), attribute, value, 0);
    statements_.back()->diagnostics().clear();
    return statements_.back().get();
}

void Connection::free(Statement* statement) {
    if (backend_ && process_ != platform::process_id())
        backend_->abandon();
    else if (connected())
        statement->drop_results();
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
