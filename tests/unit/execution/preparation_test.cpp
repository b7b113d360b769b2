#include "execution/preparation.h"

#include <gtest/gtest.h>

#include "results/memory_results.h"

namespace myfabric::execution {
namespace fake {

/// One session, and the statements that it has kept.
struct Session {
    bool alive_now = true;
    int prepared = 0, taken = 0, spoilt = 0;
    bool keeps = false;
    bool at_once = false;
    int at_once_used = 0;
    std::optional<Cause> fails_with;  // of the next execution or preparation
    std::vector<std::string> commands;
    std::vector<std::string> parts;
    bool in_transaction_now = false;
    bool is_changed = false;  // executing says that the columns are others

    bool alive() const { return alive_now; }
    bool autocommit() const { return true; }
    bool in_transaction() const { return in_transaction_now; }
    void execute(const std::string& sql) { commands.push_back(sql); }
    void fail() {
        if (const auto cause = std::exchange(fails_with, std::nullopt))
            throw Error::from_server("HY000", 1, "failed", *cause);
    }
};

enum class Kind { reads, writes };

class Statement {
public:
    static std::shared_ptr<Statement> on(const std::shared_ptr<Session>& session,
                                         std::string_view sql, Kind kind) {
        if (!session->keeps) return anew(session, sql, kind);
        ++session->taken;
        return std::make_shared<Statement>(session, true);
    }
    static std::shared_ptr<Statement> anew(const std::shared_ptr<Session>& session,
                                           std::string_view, Kind) {
        session->fail();
        ++session->prepared;
        return std::make_shared<Statement>(session, false);
    }
    static bool executes_at_once(const Session& session, std::string_view, Executor::Values) {
        return session.at_once;
    }
    static std::unique_ptr<results::Results> execute(std::shared_ptr<Statement>& statement,
                                                     const std::shared_ptr<Session>& session,
                                                     std::string_view sql, Kind kind,
                                                     Executor::Values values,
                                                     results::Counts& counts) {
        statement = on(session, sql, kind);
        if (session->at_once) ++session->at_once_used;
        return (*statement)->execute(values, counts);
    }
    Statement(std::shared_ptr<Session> session, bool old)
        : session_(std::move(session)), old_(old) {}

    const std::shared_ptr<Session>& session() const { return session_; }
    Statement* operator->() { return this; }
    const Statement* operator->() const { return this; }
    bool is_old() const { return old_; }
    void spoil() { ++session_->spoilt; }
    void spoil_all() { spoil(); }
    bool usable() const { return session_->alive_now; }
    const results::Columns& columns() const { return columns_; }
    std::unique_ptr<results::Results> execute(Executor::Values, results::Counts& counts) {
        session_->fail();
        counts.affected_rows = 5;
        return nullptr;
    }
    void send_long_data(std::size_t, std::string_view part, results::Parameter::Type) {
        session_->parts.emplace_back(part.substr(0, 3));
    }
    void execute_bulk(int&, std::size_t rows, results::Counts& counts) {
        session_->fail();
        counts.affected_rows = rows;
    }

private:
    std::shared_ptr<Session> session_;
    bool old_;
    results::Columns columns_;
};

inline std::shared_ptr<const void> lease_of(const std::shared_ptr<Statement>& statement) {
    return statement;
}

struct Servers {
    using Session = fake::Session;
    using Statement = fake::Statement;
    using Kind = fake::Kind;

    std::shared_ptr<Session>* now;
    topology::Target* target_now;

    template <class Body>
    auto run(const router::Purpose&, Body&& body) {
        return body(*now);
    }
    template <class Body>
    auto try_run(const router::Purpose&, Body&& body) -> decltype(body(*now)) {
        try {
            return body(*now);
        } catch (Error& error) {
            return std::move(error);
        }
    }
    const std::shared_ptr<Session>& present() const { return *now; }
    const topology::Target& target() const { return *target_now; }
    static bool knows_bulk(const Session&) { return true; }
};

}  // namespace fake

namespace {

struct Prepared : testing::Test {
    std::shared_ptr<fake::Session> session = std::make_shared<fake::Session>();
    topology::Target target;
    BasicPreparation<fake::Servers> preparation{fake::Servers{&session, &target}};
    Command command = Command::parse("INSERT INTO t VALUES (?)", {});
    results::Counts counts;
};

TEST_F(Prepared, OnceForAllExecutionsOnASession) {
    EXPECT_FALSE(preparation.execute(command, {}, counts).failed());
    EXPECT_FALSE(preparation.execute(command, {}, counts).failed());
    EXPECT_EQ(1, session->prepared);
    EXPECT_EQ(5u, counts.affected_rows);
    session = std::make_shared<fake::Session>();
    EXPECT_FALSE(preparation.execute(command, {}, counts).failed());
    EXPECT_EQ(1, session->prepared);
}

TEST_F(Prepared, OrTakenFromWhatTheSessionKeeps) {
    session->keeps = true;
    EXPECT_FALSE(preparation.prepare(command).failed());
    EXPECT_EQ(0, session->prepared);
    EXPECT_EQ(1, session->taken);
    preparation.columns(command);  // which may be older than the table
    EXPECT_EQ(1, session->prepared);
    EXPECT_EQ(1, session->spoilt);
}

TEST_F(Prepared, TogetherWithTheFirstExecutionWhereTheSessionCan) {
    EXPECT_FALSE(preparation.execute(command, {}, counts).failed());
    EXPECT_EQ(0, session->at_once_used);
    const struct {
        const char* sql;
        bool at_once;
    } samples[] = {
        {"SELECT a FROM t WHERE b = ?", true},
        {"SELECT a /* why? */ FROM t WHERE b = ? -- ?", true},  // it only reads
        {"INSERT INTO t VALUES (?)", true},
        {"UPDATE t SET a = 'it''s' WHERE b = ?", true},
        {"UPDATE t SET a = 'it\\'s' WHERE b = ?", false},
        {"DELETE FROM t /*! WHERE b = ? */", false},
        {"DELETE FROM t WHERE b = ? # really?", false},
        {"DELETE FROM t WHERE b = ? -- really?", false},
        {"INSERT INTO t VALUES (?, :1)", false},
        {"INSERT INTO t VALUES (1)", false},
        {"CALL p(?)", false},
    };
    for (const auto& sample : samples) {
        session = std::make_shared<fake::Session>();
        session->at_once = true;
        command = Command::parse(sample.sql, {});
        EXPECT_EQ(sample.at_once, command.surely_has_its_markers()) << sample.sql;
        preparation.forget();
        for (int times = 0; times < 2; ++times)
            EXPECT_FALSE(preparation.execute(command, {}, counts).failed());
        EXPECT_EQ(sample.at_once, session->at_once_used) << sample.sql;
        EXPECT_EQ(1, session->prepared) << sample.sql;
    }
}

TEST_F(Prepared, NotWhereTheServerCannot) {
    session->fails_with = Cause::not_preparable;
    EXPECT_TRUE(preparation.prepare(command).failed());  // it has a parameter
    const Command other = Command::parse("LOCK TABLES t READ", {});
    session->fails_with = Cause::not_preparable;
    EXPECT_FALSE(preparation.prepare(other).failed());
    EXPECT_TRUE(preparation.text_only());
    EXPECT_TRUE(preparation.by_application());
    preparation.forget();
    EXPECT_FALSE(preparation.text_only());
    EXPECT_FALSE(preparation.by_application());
}

TEST_F(Prepared, AgainWhenItsColumnsAreOthers) {
    const Command query = Command::parse("SELECT * FROM t", {});
    EXPECT_FALSE(preparation.prepare(query).failed());
    session->fails_with = Cause::columns_changed;
    EXPECT_FALSE(preparation.execute(query, {}, counts).failed());
    EXPECT_EQ(2, session->prepared);
    EXPECT_EQ(1, session->spoilt);
    session->fails_with = Cause::columns_changed;
    EXPECT_TRUE(preparation.execute(command, {}, counts).failed());  // it may have written
}

TEST_F(Prepared, PartsStayWhereTheyWereSent) {
    preparation.send_part(command, 0, "abc", results::Parameter::Type::text);
    preparation.send_part(command, 0, std::string(600 * 1024, 'x'), results::Parameter::Type::text);
    EXPECT_EQ(3u, session->parts.size());  // one was too long
    const auto before = session;
    session = std::make_shared<fake::Session>();
    EXPECT_TRUE(preparation.execute(command, {}, counts).failed());
    EXPECT_THROW(preparation.send_part(command, 0, "d", results::Parameter::Type::text), Error);
    preparation.forget_sent();
    EXPECT_FALSE(preparation.execute(command, {}, counts).failed());
}

TEST_F(Prepared, WhatWasSentAndNotUsedIsNotKept) {
    preparation.send_part(command, 0, "abc", results::Parameter::Type::text);
    preparation.forget();
    EXPECT_EQ(1, session->spoilt);
    preparation.send_part(command, 0, "abc", results::Parameter::Type::text);
    preparation.sent_is_used();
    preparation.forget();
    EXPECT_EQ(1, session->spoilt);
}

TEST_F(Prepared, ManyRowsTakeEffectOrNone) {
    int rows = 0;
    EXPECT_TRUE(preparation.knows_bulk(command));
    EXPECT_EQ(3u, preparation.execute_bulk(command, rows, 3, true).affected_rows);
    EXPECT_TRUE(session->commands.empty());
    preparation.execute_bulk(command, rows, 3, false);
    EXPECT_EQ((std::vector<std::string>{"START TRANSACTION", "COMMIT"}), session->commands);
    session->commands.clear();
    session->in_transaction_now = true;
    session->fails_with = Cause::statement;
    EXPECT_THROW(preparation.execute_bulk(command, rows, 3, false), Error);
    EXPECT_EQ((std::vector<std::string>{"SAVEPOINT myfabric_sets",
                                        "ROLLBACK TO SAVEPOINT myfabric_sets"}),
              session->commands);
}

TEST_F(Prepared, AHintIsResolvedFromTheTargetAtThatTime) {
    Command::Options options;
    options.farm = true;
    const Command hinted = Command::parse("/*fabric: group=g*/ SELECT 1", options);
    target.mode = topology::Mode::read_only;
    preparation.aim(hinted);
    ASSERT_NE(nullptr, preparation.purpose(hinted).target);
    EXPECT_EQ("g", preparation.purpose(hinted).target->group);
    EXPECT_EQ(topology::Mode::read_only, preparation.purpose(hinted).target->mode);
    EXPECT_EQ(nullptr, preparation.purpose(command).target);
}

}  // namespace
}  // namespace myfabric::execution
