#include "topology/target.h"

#include "base/error.h"
#include "base/text.h"

namespace myfabric::topology {
namespace {

std::string quoted(std::string_view text) {
    return "'" + std::string(text) + "'";
}

[[noreturn]] void refuse(const std::string& message) {
    throw Error(state::unable_to_connect, message);
}

std::string_view without_backticks(std::string_view part) {
    if (part.size() >= 2 && part.front() == '`' && part.back() == '`')
        return part.substr(1, part.size() - 2);
    return part;
}

/// "db.t" or "t" in its plain form.
std::string parse_table(std::string_view text, std::string_view current_database) {
    const std::size_t dot = text.find('.');
    std::string name;
    if (dot != std::string_view::npos)
        name = std::string(without_backticks(trim(text.substr(0, dot)))) + ".";
    else if (!current_database.empty())
        name = std::string(current_database) + ".";
    const std::string_view table =
        without_backticks(trim(dot == std::string_view::npos ? text : text.substr(dot + 1)));
    if (table.empty() || name == "." || table.find('.') != std::string_view::npos)
        refuse("Tables names " + quoted(text) + ", which is not written as database.table");
    return name.append(table);
}

}  // namespace

Mode parse_mode(std::string_view text) {
    struct Name {
        std::string_view text;
        Mode mode;
    };
    static constexpr Name names[] = {
        {"", Mode::read_write},           {"READWRITE", Mode::read_write},
        {"READ_WRITE", Mode::read_write}, {"RW", Mode::read_write},
        {"2", Mode::read_write},          {"3", Mode::read_write},
        {"READONLY", Mode::read_only},    {"READ_ONLY", Mode::read_only},
        {"RO", Mode::read_only},          {"1", Mode::read_only},
        {"AUTO", Mode::automatic},        {"4", Mode::automatic},
    };
    for (const Name& name : names)
        if (equal_ignoring_case(name.text, trim(text))) return name.mode;
    refuse("Mode is " + quoted(text) + "; use READONLY, READWRITE or AUTO");
}

std::string_view mode_name(Mode mode) {
    switch (mode) {
        case Mode::read_only:
            return "READONLY";
        case Mode::automatic:
            return "AUTO";
        case Mode::read_write:
            break;
    }
    return "READWRITE";
}

Scope parse_scope(std::string_view text) {
    if (equal_ignoring_case(trim(text), "LOCAL")) return Scope::local;
    if (equal_ignoring_case(trim(text), "GLOBAL")) return Scope::global;
    refuse("Scope is " + quoted(text) + "; use LOCAL or GLOBAL");
}

std::string_view scope_name(Scope scope) {
    return scope == Scope::local ? "LOCAL" : "GLOBAL";
}

std::vector<std::string> parse_tables(std::string_view text, std::string_view current_database) {
    std::vector<std::string> tables;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view one = trim(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
        if (!one.empty()) tables.push_back(parse_table(one, current_database));
    }
    return tables;
}

}  // namespace myfabric::topology
