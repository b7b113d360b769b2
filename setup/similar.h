// Which known word a mistyped one was meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace myfabric::setup {

/// Letters to insert, take away, replace or swap with their neighbour until `a` is `b`, in any
/// case.
std::size_t letters_apart(std::string_view a, std::string_view b);

/// The word of `known` that is the fewest letters away, if that is no more than a third of it;
/// empty when none is near.
std::string most_similar(std::string_view word, const std::vector<std::string>& known);

}  // namespace myfabric::setup
