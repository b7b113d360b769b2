#include "execution/executor.h"

#include "mysql/shared_prepared.h"

namespace myfabric::execution {

using Session = std::shared_ptr<mysql::Connection>;

Outcome<std::unique_ptr<results::Results>> ServerExecutor::try_query(const router::Purpose& purpose,
                                                                     const std::string& sql) {
    return backend_.try_run(purpose, [&](const Session& session) {
        auto results = session->try_query(sql);
        if (!results.failed()) results.value()->hold(session);
        return results;
    });
}

std::unique_ptr<results::Results> ServerExecutor::read(const router::Purpose& purpose,
                                                       const std::string& sql, Values values) {
    return backend_.run(purpose, [&](const Session& session) {
        const auto statement = mysql::SharedPrepared::on(session, sql);
        std::unique_ptr<results::Results> results = (*statement)->execute(values);
        results->hold(mysql::lease_of(statement));
        return results;
    });
}

results::Counts ServerExecutor::change(const router::Purpose& purpose, const std::string& sql,
                                       Values values) {
    return backend_.run(purpose, [&](const Session& session) {
        const auto statement = mysql::SharedPrepared::on(session, sql);
        results::Counts counts;
        const auto results = (*statement)->execute(values, counts).take();
        if (results) counts = results->counts();
        return counts;
    });
}

results::Columns ServerExecutor::columns_of(const std::string& sql) {
    return backend_.run({router::Effect::read}, [&](const Session& session) {
        return mysql::Prepared(*session, sql).columns();
    });
}

std::uint64_t ServerExecutor::longest_command(const router::Purpose& purpose) {
    return backend_.run(purpose, [](const Session& session) { return session->longest_command(); });
}

Executor::Server ServerExecutor::server() {
    return backend_.run({router::Effect::read}, [](const Session& session) {
        return Server{session->is_mariadb(), session->server_version_number(),
                      session->query_value("SELECT DATABASE()")};
    });
}

bool ServerExecutor::keeps_locks() const {
    const Session& session = backend_.connection();
    return session && (!session->autocommit() || session->in_transaction());
}

void ServerExecutor::result_lost(const Error& error, const void* reader,
                                 const router::Purpose& ran) {
    backend_.result_lost(error, static_cast<const mysql::Connection*>(reader), ran);
}

}  // namespace myfabric::execution
