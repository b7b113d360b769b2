// Tells the person at the terminal that a command is still at work.
#pragma once

#include <chrono>
#include <iosfwd>
#include <string>
#include <thread>

namespace myfabric::setup {

/// While it lives, writes "myfabric: still WHAT (2 s)" to `out` after two seconds, and again every
/// two seconds.
class Patience {
public:
    Patience(std::string what, std::ostream& out,
             std::chrono::milliseconds interval = std::chrono::seconds(2));

private:
    std::jthread thread_;  // its end is asked for, and awaited
};

}  // namespace myfabric::setup
