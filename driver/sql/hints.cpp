#include "sql/hints.h"

#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace myfabric::sql {
namespace {

constexpr std::string_view blanks = " \t\r\n\f\v";
constexpr std::string_view fabric = "fabric:";
constexpr std::string_view ms = "ms=";

[[noreturn]] void bad(const std::string& why) {
    throw Error(state::syntax_error, "the hint before the statement cannot be read: " + why);
}

std::string quoted(std::string_view text) {
    return "'" + std::string(text) + "'";
}

bool begins(std::string_view text, std::string_view prefix) {
    return equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

/// Takes "name=value" off the front of `text`; a value with blanks stands in quotes.
std::pair<std::string_view, std::string> take_pair(std::string_view& text) {
    const std::size_t equals = text.find('=');
    const std::string_view name = trim(text.substr(0, equals));
    if (equals == text.npos || name.empty() || name.find_first_of(blanks) != name.npos)
        bad("name=value is expected at " + quoted(text));
    text.remove_prefix(equals + 1);
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    std::string value;
    if (!text.empty() && (text[0] == '\'' || text[0] == '"')) {
        const char quote = text[0];
        std::size_t at = 1;
        for (;; ++at) {
            if (at >= text.size()) bad("the value of " + quoted(name) + " has no closing quote");
            if (text[at] != quote) {
                value += text[at];
            } else if (at + 1 < text.size() && text[at + 1] == quote) {
                value += text[at++];  // doubled
            } else {
                break;
            }
        }
        text.remove_prefix(at + 1);
    } else {
        const std::size_t end = std::min(text.find_first_of(blanks), text.size());
        value = text.substr(0, end);
        text.remove_prefix(end);
        if (value.empty()) bad(quoted(name) + " has no value");
    }
    return {name, std::move(value)};
}

template <class Value>
void set(std::optional<Value>& member, std::string_view name, Value value) {
    if (member) bad(quoted(name) + " is given twice");
    member = std::move(value);
}

/// As the connection's own keys are read, but it is the statement that is wrong.
template <class Parse>
auto parsed(Parse&& parse, const std::string& value) {
    try {
        return parse(value);
    } catch (const Error& error) {
        bad(error.message());
    }
}

void read_fabric(std::string_view text, Hint& hint) {
    if (trim(text).empty()) bad("it names nothing; give group, tables, key, mode or scope");
    for (text = trim(text); !text.empty(); text = trim(text)) {
        auto [name, value] = take_pair(text);
        if (equal_ignoring_case(name, "group"))
            set(hint.group, name, std::move(value));
        else if (equal_ignoring_case(name, "tables"))
            set(hint.tables, name, std::move(value));
        else if (equal_ignoring_case(name, "key"))
            set(hint.key, name, std::move(value));
        else if (equal_ignoring_case(name, "mode"))
            set(hint.mode, name, parsed(topology::parse_mode, value));
        else if (equal_ignoring_case(name, "scope"))
            set(hint.scope, name, parsed(topology::parse_scope, value));
        else
            bad(quoted(name) + " is unknown; use group, tables, key, mode or scope");
    }
}

void read_ms(std::string_view text, Hint& hint) {
    using Server = Hint::Server;
    const std::string_view name = trim(text);
    const Server server = equal_ignoring_case(name, "master")      ? Server::master
                          : equal_ignoring_case(name, "slave")     ? Server::slave
                          : equal_ignoring_case(name, "last_used") ? Server::last_used
                                                                   : Server::any;
    if (server == Server::any)
        bad("ms=" + std::string(name) + " is unknown; use ms=master, ms=slave or ms=last_used");
    if (hint.server != Server::any) bad("'ms' is given twice");
    hint.server = server;
}

}  // namespace

std::optional<Hint> parse_hint(std::string_view sql) {
    std::optional<Hint> found;
    for (;;) {
        const std::size_t start = sql.find_first_not_of(blanks);
        if (start == sql.npos || sql[start] != '/') break;
        sql.remove_prefix(start);
        const std::size_t end = sql.find("*/", 2);
        if (!sql.starts_with("/*") || end == sql.npos) break;
        const std::string_view comment = trim(sql.substr(2, end - 2));
        if (begins(comment, fabric)) {
            if (!found) found.emplace();
            read_fabric(comment.substr(fabric.size()), *found);
        } else if (begins(comment, ms)) {
            if (!found) found.emplace();
            read_ms(comment.substr(ms.size()), *found);
        }
        sql.remove_prefix(end + 2);
    }
    if (found && found->group && found->tables)
        bad("group and tables exclude each other; give one of them");
    return found;
}

topology::Target hinted(const Hint& hint, const topology::Target& now) {
    topology::Target target = now;
    if (hint.group) {
        target = {};
        target.group = *hint.group;
        target.mode = now.mode;
    }
    if (hint.tables) {
        target.group.clear();
        target.tables =
            parsed([](const auto& text) { return topology::parse_tables(text); }, *hint.tables);
    }
    if (hint.key) target.key = hint.key;
    if (hint.scope) {
        target.scope = hint.scope;
        if (hint.scope == topology::Scope::global && !hint.key) target.key.reset();
    }
    if (hint.server == Hint::Server::master) target.mode = topology::Mode::read_write;
    if (hint.server == Hint::Server::slave) target.mode = topology::Mode::read_only;
    if (hint.mode) target.mode = *hint.mode;
    return target;
}

}  // namespace myfabric::sql
