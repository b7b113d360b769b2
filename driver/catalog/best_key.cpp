#include "catalog/best_key.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

namespace myfabric::catalog {
namespace {

using Parts = std::vector<KeyPart>;

/// Sorts the keys: the better one is less.
auto rank(const std::string& name, const Parts& parts) {
    return std::tuple(name != "PRIMARY", std::ranges::any_of(parts, &KeyPart::nullable),
                      parts.size(), std::string_view(name));
}

}  // namespace

std::vector<std::string> best_key(std::vector<KeyPart> parts, bool nulls) {
    std::map<std::string, Parts> keys;
    for (KeyPart& part : parts) keys[part.index].push_back(std::move(part));
    std::erase_if(keys, [&](const auto& key) {
        return std::ranges::any_of(key.second, &KeyPart::no_column) ||
               (!nulls && std::ranges::any_of(key.second, &KeyPart::nullable));
    });
    const auto best = std::ranges::min_element(
        keys, {}, [](const auto& key) { return rank(key.first, key.second); });
    std::vector<std::string> columns;
    if (best == keys.end()) return columns;
    std::ranges::sort(best->second, {}, &KeyPart::sequence);
    for (KeyPart& part : best->second) columns.push_back(std::move(part.column));
    return columns;
}

}  // namespace myfabric::catalog
