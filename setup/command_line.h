// Mistakes on the command line: which word was meant.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace myfabric::setup {

/// The arguments are wrong, not the world: exit status 2.
class WrongUse : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// "no command 'chek'; did you mean check?"; without a suggestion it ends with where to look.
std::string unknown_word(const std::string& kind, const std::string& word,
                         const std::vector<std::string>& known, const std::string& otherwise);

/// Throws WrongUse for a farm's command that is nearly one that is known; other commands may exist
/// on a node.
void check_farm_command(const std::string& command);

}  // namespace myfabric::setup
