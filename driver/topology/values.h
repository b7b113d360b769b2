// Result sets as any source sends them: names, rows of typed values, the reply around them.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace myfabric::topology {

/// One value of a row or one argument of a command; monostate is NULL.
using Value = std::variant<std::monostate, std::int64_t, double, bool, std::string>;
using Row = std::vector<Value>;

/// The shortest text that is read as the same number.
inline std::string number_text(double number) {
    char text[32];
    return {text, std::to_chars(std::begin(text), std::end(text), number).ptr};
}

/// The value as a server of MySQL writes it: truth as 1 and 0; nothing for NULL.
inline std::optional<std::string> text_of(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
    if (const auto* real = std::get_if<double>(&value)) return number_text(*real);
    if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "1" : "0";
    return std::nullopt;
}

/// Columns are found by name: a node may send more of them than are known here.
struct ResultSet {
    std::vector<std::string> names;
    std::vector<Row> rows;

    bool operator==(const ResultSet&) const = default;
    std::optional<std::size_t> column(std::string_view name) const {
        const auto found = std::ranges::find(names, name);
        if (found == names.end()) return std::nullopt;
        return static_cast<std::size_t>(found - names.begin());
    }
};

/// Error texts of nodes may have a traceback after the first line.
inline std::string first_line(std::string text) {
    text.resize(std::min(text.find('\n'), text.size()));
    return text;
}

/// What a node answers to one command.
struct Reply {
    int ttl = 0;        // seconds
    std::string error;  // empty: success
    std::vector<ResultSet> result_sets;
};

/// What a node sent cannot be used. The message is a predicate without its subject, "sent ...",
/// since pure functions do not know which node it was.
struct MalformedReply : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace myfabric::topology
