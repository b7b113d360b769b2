#include "mysql/connection.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <exception>
#include <utility>

#include "base/error.h"
#include "mysql/answer_head.h"
#include "mysql/client_library.h"
#include "mysql/columns.h"
#include "mysql/drain.h"
#include "mysql/errors.h"
#include "mysql/link.h"
#include "mysql/local_files.h"
#include "mysql/prepared_cache.h"
#include "mysql/send_command.h"
#include "mysql/server_version.h"
#include "mysql/text_results.h"
#include "platform/socket.h"

namespace myfabric::mysql {
// The constructor is in connect.cpp.

Connection::~Connection() {
    mysql_close(raw(handle_));
    // Their server side went with the session; this frees the memory.
    for (NativeStatement* statement : to_close_) mysql_stmt_close(raw(statement));
    prepared_cache_.reset();
}

std::uint64_t Connection::longest_command() {
    constexpr std::uint64_t least = 1024;
    if (!longest_command_) {
        std::uint64_t asked = 0;
        const std::string value = query_value("SELECT @@max_allowed_packet");
        std::from_chars(value.data(), value.data() + value.size(), asked);
        longest_command_ = std::max(asked, least);
    }
    return longest_command_;
}

Outcome<std::unique_ptr<results::Results>> Connection::try_query(std::string_view sql) {
    make_link_ready(sql);
    auto results = std::make_unique<TextResults>(*this);
    const AnswerHead head = ask(sql);
    if (head.kind == AnswerHead::Kind::failed) return failure();
    results->open(head);
    return results;
}

AnswerHead Connection::ask(std::string_view sql) {
    if (!send_command(raw(handle_), reads_in_place_, COM_QUERY, sql)) return {};
    if (condition_) [[unlikely]]
        hold_condition(true);
    // The system forgets it whenever something is sent.
    if (acknowledge_at_once_) platform::acknowledge_at_once(socket_of(*this));
    return read_answer_head(raw(handle_), reads_in_place_, column_cache_->description());
}

void Connection::execute(std::string_view sql) {
    const std::unique_ptr<results::Results> results = query(sql);
    while (results->next_result()) {
    }
}

void Connection::execute_all(const std::vector<std::string>& statements) {
    make_ready();
    std::vector<QueuedCommand> commands;
    for (const std::string& statement : statements) commands.push_back({COM_QUERY, statement});
    if (commands.size() < 2 || !can_run_together(commands)) {
        for (const std::string& statement : statements) execute(statement);
        return;
    }
    for (const std::exception_ptr& failure : run_together(commands))
        if (failure) std::rethrow_exception(failure);
}

bool Connection::can_run_together(std::span<const QueuedCommand> commands) const {
    return reads_in_place_ && !local_files_ && can_send_ahead(raw(handle_), commands);
}

std::vector<std::exception_ptr> Connection::run_together(std::span<const QueuedCommand> commands) {
    std::vector<std::exception_ptr> failures;
    try {
        if (!send_ahead(raw(handle_), commands)) fail();
        for (std::size_t answers = 0; answers < commands.size(); ++answers) {
            expect_next_answer(raw(handle_));
            failures.emplace_back();
            try {
                TextResults results(*this);
                const AnswerHead head = read_answer_head(raw(handle_), true, {});
                if (head.kind == AnswerHead::Kind::failed) fail();
                results.open(head);
                while (results.next_result()) {
                }
            } catch (const Error&) {
                if (!alive_) throw;
                failures.back() = std::current_exception();
            }
        }
    } catch (...) {
        lose();  // an answer that was not read would be taken for the next command's
        throw;
    }
    return failures;
}

namespace {

std::string first_value(results::Results& results) {
    std::string value;
    if (results.has_rows() && results.next_row() && results.row().values[0])
        value.assign(results.row().values[0], results.row().lengths[0]);
    while (results.next_result()) {
    }
    return value;
}

}  // namespace

std::string Connection::query_value(std::string_view sql) {
    return first_value(*query(sql));
}

bool Connection::require(std::string_view sql, std::string expected) {
    make_ready();
    const QueuedCommand command{COM_QUERY, sql};
    if (!can_run_together({&command, 1})) return false;
    auto condition = std::make_unique<std::string>(std::move(expected));
    if (!send_ahead(raw(handle_), {&command, 1})) fail();
    condition_ = std::move(condition);
    return true;
}

void Connection::settle() {
    if (!condition_) return;
    const std::unique_ptr<std::string> expected = std::move(condition_);
    std::string why = "the server does not have the connection's own writes yet";
    try {
        TextResults results(*this);
        expect_next_answer(raw(handle_));
        const AnswerHead head = read_answer_head(raw(handle_), true, {});
        if (head.kind == AnswerHead::Kind::failed) fail();
        results.open(head);
        if (first_value(results) == *expected) return;
    } catch (const Error& error) {
        if (!alive_) throw;
        why += ": " + error.message();
    } catch (...) {
        lose();
        throw;
    }
    Record told = Error(state::general_error, std::move(why)).records().front();
    told.cause = Cause::behind;
    throw Error({std::move(told)});
}

void Connection::hold_condition(bool skippable) {
    constexpr std::chrono::milliseconds patience{50};
    MYSQL* handle = raw(handle_);
    try {
        settle();
    } catch (...) {
        // A read that takes its time is of no use: who waits for it goes elsewhere.
        expect_next_answer(handle);
        if (alive_ && (!skippable ||
                       !packet_comes_before(handle, std::chrono::steady_clock::now() + patience) ||
                       !Drain(handle).skip_answer()))
            lose();
        throw;
    }
    expect_next_answer(handle);
}

void Connection::make_link_ready(std::string_view statement) {
    constexpr int gone_away = 2006;
    if (!alive_)
        throw server_error(gone_away, {}, "the connection was lost by an earlier error", false);
    if (reader_) {
        reader_->buffer_rest();
    } else if (bytes_read_ahead(raw(handle_))) [[unlikely]] {
        // A server that answers more than it was asked: the next answer would not be the next
        // statement's.
        lose();
        throw server_error(gone_away, {},
                           "the connection was ended: the server sent more than the answer", false);
    }
    if (local_files_) [[unlikely]] {
        local_files_->statement = statement;
        local_files_->backslash_escapes = backslash_escapes();
    }
    while (!to_close_.empty()) {
        mysql_stmt_close(raw(to_close_.back()));
        to_close_.pop_back();
    }
}

bool Connection::can_execute_at_once(std::size_t bytes) const {
    return executes_at_once_ && !last_may_write_ && !reader_ && can_send_ahead(raw(handle_), bytes);
}

void Connection::close_later(NativeStatement* statement) noexcept {
    if (statement == last_prepared_) last_may_write_ = false;
    if (!reader_ || !alive_ || !raw(statement)->mysql) {
        mysql_stmt_close(raw(statement));
        return;
    }
    // Closing it now would make the library throw away the rows that another statement reads.
    try {
        to_close_.push_back(statement);
    } catch (...) {
        // Out of memory: the server drops it with the session.
    }
}

void Connection::select_database(const std::string& name) {
    make_ready();
    prepared_cache_->clear();
    if (mysql_select_db(raw(handle_), name.c_str())) fail();
}

void Connection::reset(const Login& login, const std::string& set) {
    make_ready();
    // Only change_user can leave a database. It is also the way where COM_RESET_CONNECTION is
    // unknown: MySQL before 5.7.3, MariaDB before 10.2.4.
    const bool quick =
        !login.database.empty() && server_version_number() >= (is_mariadb() ? 100204u : 50703u);
    // The server puts its own default character set back, and keeps the database. The rollback is
    // for one that refuses to reset (a proxy, say): there `set` would commit what is open.
    const std::string names = "SET NAMES " + login.charset;
    const QueuedCommand commands[] = {{COM_RESET_CONNECTION, {}},
                                      {COM_QUERY, "ROLLBACK"},
                                      {COM_QUERY, names},
                                      {COM_INIT_DB, login.database},
                                      {COM_QUERY, set}};
    const bool together = quick && can_run_together(commands);
    std::exception_ptr of_set;
    MYSQL* handle = raw(handle_);
    try {
        if (together) {
            const std::vector<std::exception_ptr> failures = run_together(commands);
            for (const std::exception_ptr& failure : std::span(failures).first(failures.size() - 1))
                if (failure) std::rethrow_exception(failure);
            of_set = failures.back();
            forget_statements(handle);
        } else if (quick) {
            if (mysql_reset_connection(handle)) fail();
            if (mysql_set_character_set(handle, login.charset.c_str())) fail();
            if (mysql_select_db(handle, login.database.c_str())) fail();
        } else {
            prepared_cache_->clear();
            change_user(login);
            if (mysql_set_character_set(handle, login.charset.c_str())) fail();
        }
        prepared_cache_->clear();  // the server has forgotten them
        last_may_write_ = true;    // all but the last, perhaps
        last_prepared_ = nullptr;
    } catch (...) {
        lose();
        throw;
    }
    if (of_set) std::rethrow_exception(of_set);
    if (!together) execute(set);
}

bool Connection::autocommit() const {
    return raw(handle_)->server_status & SERVER_STATUS_AUTOCOMMIT;
}

bool Connection::in_transaction() const {
    return raw(handle_)->server_status & SERVER_STATUS_IN_TRANS;
}

bool Connection::backslash_escapes() const {
    return !(raw(handle_)->server_status & SERVER_STATUS_NO_BACKSLASH_ESCAPES);
}

std::uint64_t Connection::insert_id() const {
    return mysql_insert_id(raw(handle_));
}

std::uint64_t Connection::thread_id() const {
    return mysql_thread_id(raw(handle_));
}

std::string Connection::server_version() const {
    return std::string(own_version(mysql_get_server_info(raw(handle_))));
}

unsigned Connection::server_version_number() const {
    return version_number(own_version(mysql_get_server_info(raw(handle_))));
}

bool Connection::is_mariadb() const {
    return server_version().find("MariaDB") != std::string::npos;
}

std::string Connection::escape(std::string_view text) const {
    std::string escaped(text.size() * 2 + 1, '\0');
    escaped.resize(escape_text(raw(handle_), escaped.data(), text.data(),
                               static_cast<unsigned long>(text.size())));
    return escaped;
}

void Connection::lose() noexcept {
    alive_ = false;
    // The server may go on sending what makes no sense: freeing and closing would read
    // it.
    break_link(*this);
}

Error Connection::failure() {
    MYSQL* handle = raw(handle_);
    return failure(mysql_errno(handle), mysql_sqlstate(handle), mysql_error(handle));
}

void Connection::fail_malformed(std::string message) {
    constexpr unsigned malformed_packet = 2027;
    fail(malformed_packet, "", std::move(message));
}

Error Connection::failure(unsigned number, std::string_view server_state, std::string message) {
    constexpr unsigned malformed_packet = 2027;
    // It is unknown what the rest on the link belongs to.
    if (number == 0) {
        number = malformed_packet;
        message = "the server's answer breaks the protocol";
    }
    Error error = server_error(static_cast<int>(number), server_state, std::move(message), false);
    // A server's error ends its answer. After one of the library's own, more may follow: of a
    // statement that is not in step (2014), or whose columns are others than it knows (2057).
    constexpr unsigned out_of_step = 2014, other_columns = 2057;
    if (error.cause() == Cause::link_lost || number == out_of_step || number == other_columns ||
        mysql_more_results(raw(handle_)))
        lose();
    return error;
}

}  // namespace myfabric::mysql
