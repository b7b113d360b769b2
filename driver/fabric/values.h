// Result sets as any source gives them: names, rows of typed values, the reply around them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace myfabric::fabric {

/// One value of a row or one argument of a command; monostate is NULL.
using Value = std::variant<std::monostate, std::int64_t, double, bool, std::string>;
using Row = std::vector<Value>;

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

/// Error texts of nodes may have a traceback behind the first line.
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
struct Unfit : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace myfabric::fabric
