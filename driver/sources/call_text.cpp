#include "sources/call_text.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace myfabric::sources {
namespace {

using results::Kind;

bool is_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return c == '_' || std::isalnum(static_cast<unsigned char>(c));
    });
}

std::string procedure(Dialect dialect, const std::string& command) {
    const std::size_t dot = command.find('.');
    const std::string group = command.substr(0, dot);
    const std::string name = dot == std::string::npos ? "" : command.substr(dot + 1);
    if (!is_name(group) || !is_name(name))
        throw Error(state::syntax_error,
                    "'" + command + "' is no command of Fabric; write one as group.lookup_servers");
    if (dialect == Dialect::node) return command;
    return "`" + group + "`.`" + name + "`";
}

/// A node takes the outer quotes away and looks for nothing else inside.
std::string quote_for_node(const std::string& text) {
    if (text.find('\'') == std::string::npos) return "'" + text + "'";
    if (text.find('"') == std::string::npos) return '"' + text + '"';
    throw Error(state::invalid_character,
                "the argument " + text +
                    " has both kinds of quotes, which Fabric's MySQL protocol cannot carry; use "
                    "FabricProtocol=xmlrpc");
}

template <class Number>
topology::Value parsed(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::string(text);
    return number;
}

/// The columns that nodes send as booleans; a server of MySQL knows only numbers.
bool is_boolean(std::string_view name) {
    constexpr std::string_view names[] = {"finished",       "failure_detector",  "is_alive",
                                          "is_not_running", "is_not_configured", "io_not_running",
                                          "sql_not_running"};
    return std::ranges::find(names, name) != std::end(names);
}

}  // namespace

Dialect dialect_of(std::string_view server_version) {
    return to_lower(server_version).find("fabric") == std::string::npos ? Dialect::sql
                                                                        : Dialect::node;
}

std::string encode_sql_call(Dialect dialect, const std::string& command,
                            const std::vector<topology::Value>& arguments,
                            const std::function<std::string(std::string_view)>& escape) {
    struct Text {
        Dialect dialect;
        const std::function<std::string(std::string_view)>& escape;
        std::string operator()(std::monostate) const { return "NULL"; }
        std::string operator()(bool b) const { return b ? "1" : "0"; }
        std::string operator()(std::int64_t n) const { return std::to_string(n); }
        std::string operator()(double n) const { return topology::number_text(n); }
        std::string operator()(const std::string& s) const {
            return dialect == Dialect::node ? quote_for_node(s) : "'" + escape(s) + "'";
        }
    };
    std::string list;
    for (const topology::Value& argument : arguments)
        list += (list.empty() ? "" : ",") + std::visit(Text{dialect, escape}, argument);
    return "CALL " + procedure(dialect, command) + "(" + list + ")";
}

topology::Value decode_cell(Dialect dialect, const results::Column& column, std::string_view text) {
    const bool boolean =
        dialect == Dialect::node ? column.kind == Kind::tinyint : is_boolean(column.name);
    if (boolean && (text == "0" || text == "1")) return text == "1";
    switch (column.kind) {
        case Kind::tinyint:
        case Kind::smallint:
        case Kind::mediumint:
        case Kind::integer:
        case Kind::bigint:
        case Kind::year:
            return parsed<std::int64_t>(text);
        case Kind::decimal:
        case Kind::real:
        case Kind::double_precision:
            return parsed<double>(text);
        default:
            return std::string(text);
    }
}

topology::Reply decode_sql_reply(std::vector<topology::ResultSet> sets) {
    const auto refuse = [] {
        throw topology::MalformedReply(
            "sent no status row in front of its result; check that FabricHost and FabricPort name "
            "the MySQL port of a Fabric node, or a server with fabric-sql");
    };
    if (sets.empty()) refuse();
    const topology::ResultSet& status = sets.front();
    const auto ttl = status.column("ttl");
    const auto message = status.column("message");
    if (!status.column("fabric_uuid") || !ttl || !message || status.rows.size() != 1) refuse();
    topology::Reply reply;
    const topology::Row& row = status.rows.front();
    if (const auto* seconds = std::get_if<std::int64_t>(&row[*ttl]))
        reply.ttl = static_cast<int>(*seconds);
    if (const auto* text = std::get_if<std::string>(&row[*message])) reply.error = *text;
    sets.erase(sets.begin());
    reply.result_sets = std::move(sets);
    return reply;
}

std::size_t wanted_arguments(std::string_view message) {
    // "Incorrect number of arguments for PROCEDURE group.create; expected 2, got 1", or the same in
    // another language: the last number but one.
    std::size_t last = 0;
    std::size_t before = 0;
    for (std::size_t at = 0; at < message.size();) {
        std::size_t number = 0;
        const auto [end, error] =
            std::from_chars(message.data() + at, message.data() + message.size(), number);
        if (error == std::errc{}) before = std::exchange(last, number);
        at = error == std::errc::invalid_argument ? at + 1
                                                  : static_cast<std::size_t>(end - message.data());
    }
    return before;
}

}  // namespace myfabric::sources
