// "myfabric new": a data source by questions and answers.
#pragma once

#include <iosfwd>

namespace myfabric::setup {

/// Asks on `prompts`, reads answers from `in`, tries farm and server while it goes, and writes the
/// section when all is right, or when it is wanted nevertheless. What it wrote and the check of it
/// go to `out`. True when the data source works. Throws WrongUse when the answers end too early,
/// Error when the file cannot be written.
bool new_source(std::istream& in, std::ostream& prompts, std::ostream& out);

}  // namespace myfabric::setup
