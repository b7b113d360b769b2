#include "router/replication.h"

#include <algorithm>

namespace myfabric::router {
namespace {

bool has_mysql_version(const mysql::Connection& connection, unsigned version) {
    return !connection.is_mariadb() && connection.server_version_number() >= version;
}

}  // namespace

std::string position_of_own_domains(std::string_view logged, std::string_view current) {
    const auto domain = [](std::string_view gtid) { return gtid.substr(0, gtid.find('-')); };
    const auto each = [](std::string_view list, auto&& take) {
        while (!list.empty()) {
            const std::size_t comma = std::min(list.find(','), list.size());
            take(list.substr(0, comma));
            list.remove_prefix(std::min(comma + 1, list.size()));
        }
    };
    std::string kept;
    each(current, [&](std::string_view gtid) {
        bool own = logged.empty();
        each(logged, [&](std::string_view other) { own |= domain(other) == domain(gtid); });
        if (own) kept.append(kept.empty() ? "" : ",").append(gtid);
    });
    return kept;
}

std::string written_position(mysql::Connection& connection) {
    if (connection.is_mariadb()) {
        const std::string found = connection.query_value(
            "SELECT IF(@@last_gtid = '', CONCAT(@@global.gtid_binlog_pos, ';', "
            "@@global.gtid_current_pos), @@last_gtid)");
        const std::size_t end = found.find(';');
        if (end == found.npos) return found;
        return position_of_own_domains(std::string_view(found).substr(0, end),
                                       std::string_view(found).substr(end + 1));
    }
    if (connection.query_value("SHOW GLOBAL VARIABLES LIKE 'gtid_executed'").empty()) return {};
    std::string set = connection.query_value("SELECT @@global.gtid_executed");
    std::erase(set, '\n');
    return set;
}

bool caught_up(mysql::Connection& connection, const std::string& position, unsigned seconds) {
    const std::string arguments =
        "('" + connection.escape(position) + "', " + std::to_string(seconds) + ")";
    if (connection.is_mariadb())
        return connection.query_value("SELECT MASTER_GTID_WAIT" + arguments) == "0";
    if (has_mysql_version(connection, 50705))
        return connection.query_value("SELECT WAIT_FOR_EXECUTED_GTID_SET" + arguments) == "0";
    // The number of events that were waited for; NULL when replication is not running, -1 too late.
    const std::string events =
        connection.query_value("SELECT WAIT_UNTIL_SQL_THREAD_AFTER_GTIDS" + arguments);
    return !events.empty() && events != "-1";
}

std::optional<unsigned long> lag(mysql::Connection& connection) {
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

}  // namespace myfabric::router
