#include "mysql/replication.h"

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "base/error.h"

namespace myfabric::mysql {
namespace {

constexpr std::string_view everything = "everything until ";

bool has_mysql_version(const Connection& connection, unsigned version) {
    return !connection.is_mariadb() && connection.server_version_number() >= version;
}

}  // namespace

std::string reachable_position(std::string_view logged, std::string_view current,
                               std::string_view own_domain) {
    if (logged.empty()) return std::string(current);
    const auto is_own = [&](std::string_view gtid) {
        return gtid.substr(0, gtid.find('-')) == own_domain;
    };
    std::string kept;
    const auto keep = [&](std::string_view list, bool own) {
        while (!list.empty()) {
            const std::string_view gtid = list.substr(0, list.find(','));
            if (is_own(gtid) == own) kept.append(kept.empty() ? "" : ",").append(gtid);
            list.remove_prefix(std::min(gtid.size() + 1, list.size()));
        }
    };
    keep(logged, false);
    keep(current, true);
    return kept;
}

std::string written_position(Connection& connection, bool synchronous) {
    // A cluster that certifies has no position to name: each one is new, so that it is waited for.
    static std::atomic<std::uint64_t> last{0};
    if (synchronous) return std::string(everything) + std::to_string(++last);
    if (connection.is_mariadb()) {
        const auto results = connection.query(
            "SELECT @@last_gtid, @@global.gtid_binlog_pos, @@global.gtid_current_pos, "
            "@@gtid_domain_id");
        if (!results->next_row()) return {};
        const auto value = [&](std::size_t i) {
            const results::Row& row = results->row();
            return row.values[i] ? std::string_view(row.values[i], row.lengths[i])
                                 : std::string_view();
        };
        if (!value(0).empty()) return std::string(value(0));
        return reachable_position(value(1), value(2), value(3));
    }
    if (connection.query_value("SHOW GLOBAL VARIABLES LIKE 'gtid_executed'").empty()) return {};
    std::string set = connection.query_value("SELECT @@global.gtid_executed");
    std::erase(set, '\n');
    return set;
}

namespace {

/// A read that waits until the node has applied what the cluster committed before.
bool synchronised(Connection& connection, unsigned seconds) {
    try {
        if (connection.is_mariadb()) {
            connection.execute("SET STATEMENT max_statement_time=" + std::to_string(seconds) +
                               ", wsrep_sync_wait=1 FOR SELECT 1");
            return true;
        }
        const std::string before = connection.query_value("SELECT @@session.wsrep_sync_wait");
        connection.execute("SET SESSION wsrep_sync_wait=1");
        connection.execute("SELECT 1");
        connection.execute("SET SESSION wsrep_sync_wait=" + (before.empty() ? "0" : before));
        return true;
    } catch (const Error& error) {
        if (error.cause() == Cause::interrupted || error.cause() == Cause::not_ready) return false;
        throw;
    }
}

}  // namespace

namespace {

struct Wait {
    std::string sql;
    const char* answer;  // when the server has it
};

Wait wait_for(const Connection& connection, const std::string& position, unsigned seconds) {
    const std::string arguments =
        "('" + connection.escape(position) + "', " + std::to_string(seconds) + ")";
    if (connection.is_mariadb()) return {"SELECT MASTER_GTID_WAIT" + arguments, "0"};
    if (has_mysql_version(connection, 50705))
        return {"SELECT WAIT_FOR_EXECUTED_GTID_SET" + arguments, "0"};
    // The number of events that were waited for; NULL when replication is not running, -1 too late.
    return {"SELECT WAIT_UNTIL_SQL_THREAD_AFTER_GTIDS" + arguments + " >= 0", "1"};
}

}  // namespace

bool caught_up(Connection& connection, const std::string& position, unsigned seconds) {
    if (position.starts_with(everything)) return synchronised(connection, seconds);
    const Wait wait = wait_for(connection, position, seconds);
    return connection.query_value(wait.sql) == wait.answer;
}

bool require_caught_up(Connection& connection, const std::string& position, unsigned seconds) {
    if (position.starts_with(everything)) return false;
    const Wait wait = wait_for(connection, position, seconds);
    return connection.require(wait.sql, wait.answer);
}

std::optional<unsigned long> lag(Connection& connection) {
    const bool replica = has_mysql_version(connection, 80022);
    const auto results = connection.query(replica ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS");
    const std::string_view name = replica ? "Seconds_Behind_Source" : "Seconds_Behind_Master";
    const auto column = std::ranges::find(results->columns(), name, &results::Column::name);
    if (column == results->columns().end()) return std::nullopt;
    const auto index = static_cast<std::size_t>(column - results->columns().begin());
    std::optional<unsigned long> most;  // of several channels
    while (results->next_row()) {
        const char* value = results->row().values[index];
        if (!value) return std::nullopt;
        most = std::max(most.value_or(0), std::stoul(value));
    }
    return most;
}

}  // namespace myfabric::mysql
