#include "setup/print.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "topology/names.h"

namespace myfabric::setup {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const topology::Value& value) {
    if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
    return topology::text_of(value).value_or("NULL");
}

Json json_of(const topology::Value& value) {
    struct Visitor {
        Json operator()(std::monostate) const { return nullptr; }
        Json operator()(std::int64_t number) const { return number; }
        Json operator()(double number) const { return number; }
        Json operator()(bool truth) const { return truth; }
        Json operator()(const std::string& text) const { return text; }
    };
    return std::visit(Visitor{}, value);
}

/// Characters, for UTF-8 takes up to four bytes for one.
std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

Json json_of(const topology::Server& server) {
    Json json{{"uuid", server.uuid},
              {"host", server.host},
              {"port", server.port},
              {"status", topology::status_name(server.status)},
              {"mode", topology::mode_name(server.mode)},
              {"weight", server.weight}};
    if (!server.note.empty()) json["note"] = server.note;
    return json;
}

/// A text of a farm need not be UTF-8.
void print(const Json& json, std::ostream& out) {
    out << json.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

std::vector<const topology::Table*> sorted_tables(const topology::Topology& topology) {
    std::vector<const topology::Table*> tables;
    for (const auto& [key, table] : topology.tables) tables.push_back(&table);
    std::ranges::sort(tables, {}, [](const topology::Table* table) { return table->name; });
    return tables;
}

}  // namespace

void print_grid(const std::vector<std::vector<std::string>>& rows, std::ostream& out) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i == widths.size()) widths.push_back(0);
            widths[i] = std::max(widths[i], width(row[i]));
        }
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            out << row[i];
            if (i + 1 < row.size()) out << std::string(widths[i] - width(row[i]) + 2, ' ');
        }
        out << "\n";
    }
}

void print_tables(const std::vector<topology::ResultSet>& sets, std::ostream& out) {
    bool first = true;
    for (const topology::ResultSet& set : sets) {
        if (!std::exchange(first, false)) out << "\n";
        std::vector<std::vector<std::string>> rows{set.names};
        for (const topology::Row& values : set.rows) {
            std::vector<std::string>& row = rows.emplace_back();
            for (const topology::Value& value : values) row.push_back(text_of(value));
        }
        print_grid(rows, out);
    }
}

void print_json(const std::vector<topology::ResultSet>& sets, std::ostream& out) {
    Json answer = Json::array();
    for (const topology::ResultSet& set : sets) {
        Json rows = Json::array();
        for (const topology::Row& values : set.rows) {
            Json& row = rows.emplace_back(Json::array());
            for (const topology::Value& value : values) row.push_back(json_of(value));
        }
        answer.push_back({{"columns", set.names}, {"rows", std::move(rows)}});
    }
    print(answer, out);
}

void print_tables(const topology::Topology& topology, const std::vector<Member>& members,
                  std::ostream& out) {
    out << "source " << topology.source << ", fresh for " << topology.ttl.count() << " s\n\n";
    const bool probed = !members.empty() && members.front().why_not;
    std::vector<std::vector<std::string>> rows{
        {"group", "server", "status", "mode", "weight", "uuid"}};
    if (probed) rows.front().push_back("reachable");
    const bool noted = std::ranges::any_of(
        members, [](const Member& member) { return !member.server.note.empty(); });
    if (noted) rows.front().push_back("why");
    for (const Member& member : members) {
        const topology::Server& server = member.server;
        rows.push_back({member.group, server.address(), topology::status_name(server.status),
                        topology::mode_name(server.mode), topology::number_text(server.weight),
                        server.uuid});
        if (probed)
            rows.back().push_back(member.why_not->empty() ? "yes" : "no: " + *member.why_not);
        if (noted) rows.back().push_back(server.note);
    }
    print_grid(rows, out);
    rows = {{"table", "column", "type", "shards", "global group"}};
    for (const topology::Table* table : sorted_tables(topology)) {
        const topology::ShardMap& map = topology.maps[table->map];
        rows.push_back({table->name, table->column, map.type_name,
                        std::to_string(map.shards.size()), map.global_group});
        if (!map.problem.empty()) rows.back().push_back(map.problem);
    }
    if (rows.size() > 1) {
        out << "\n";
        print_grid(rows, out);
    }
    if (!topology.tables_problem.empty())
        out << "\nsharded tables are not known: " << topology.tables_problem << "\n";
}

void print_json(const topology::Topology& topology, const std::vector<Member>& members,
                const topology::FarmCounters& counters, std::ostream& out) {
    Json groups = Json::object();
    for (const Member& member : members) {
        Json server = json_of(member.server);
        if (member.why_not) {
            server["reachable"] = member.why_not->empty();
            if (!member.why_not->empty()) server["error"] = *member.why_not;
        }
        groups[member.group].push_back(std::move(server));
    }
    Json tables = Json::array();
    for (const topology::Table* table : sorted_tables(topology)) {
        const topology::ShardMap& map = topology.maps[table->map];
        Json& one = tables.emplace_back(Json{{"name", table->name},
                                             {"column", table->column},
                                             {"type", map.type_name},
                                             {"shards", map.shards.size()},
                                             {"global_group", map.global_group}});
        if (!map.problem.empty()) one["problem"] = map.problem;
    }
    platform::Carried carried;
    for (const Member& member : members) {
        carried.sent += member.carried.sent;
        carried.received += member.carried.received;
    }
    Json answer = {
        {"source", topology.source},
        {"ttl", topology.ttl.count()},
        {"groups", std::move(groups)},
        {"tables", std::move(tables)},
        {"counters",
         {{"logins",
           std::ranges::count_if(members, [](const Member& m) { return m.why_not.has_value(); })},
          {"refreshes", counters.refreshes},
          {"node_calls", counters.node_calls},
          {"cache_hits", counters.cache_hits},
          {"bytes_sent", carried.sent},
          {"bytes_received", carried.received}}}};
    if (!topology.tables_problem.empty()) answer["tables_problem"] = topology.tables_problem;
    print(answer, out);
}

void print_json(const std::optional<std::string>& group, std::optional<int> shard,
                const std::vector<topology::Server>& servers, std::ostream& out) {
    Json answer = {{"group", nullptr}, {"shard", nullptr}, {"servers", Json::array()}};
    if (group) answer["group"] = *group;
    if (shard) answer["shard"] = *shard;
    for (const topology::Server& server : servers) answer["servers"].push_back(json_of(server));
    print(answer, out);
}

}  // namespace myfabric::setup
