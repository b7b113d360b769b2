// The terminal: questions and answers, answers that are not shown, and single keys.
#pragma once

#include <termios.h>

#include <iosfwd>
#include <string>

namespace myfabric::setup {

/// The standard input without echo, as long as it lives; nothing when it is no terminal.
class HiddenTyping {
public:
    HiddenTyping();
    ~HiddenTyping();
    HiddenTyping(const HiddenTyping&) = delete;
    HiddenTyping& operator=(const HiddenTyping&) = delete;

private:
    termios before_{};
    bool changed_ = false;
};

/// Waits for the end of a live view: the key q, the end of the standard input, or SIGINT and
/// SIGTERM. On a terminal keys come without Enter as long as it lives.
class Leaving {
public:
    Leaving();
    ~Leaving();
    Leaving(const Leaving&) = delete;
    Leaving& operator=(const Leaving&) = delete;

    /// True when it is time to leave; waits `milliseconds` for it.
    bool wait(int milliseconds);

private:
    termios before_{};
    bool changed_ = false;
    bool input_ended_ = false;
};

/// Asks on `out` and reads a line of `in`.
class Dialog {
public:
    Dialog(std::istream& in, std::ostream& out) : in_(in), out_(out) {}

    /// The answer without blanks around it; `otherwise`, which is shown, for an empty one. Throws
    /// WrongUse at the end of the input.
    std::string ask(const std::string& question, const std::string& otherwise = {});
    /// Without echo.
    std::string ask_secret(const std::string& question);
    bool ask_yes(const std::string& question, bool otherwise);
    void say(const std::string& text);

private:
    std::string line();

    std::istream& in_;
    std::ostream& out_;
};

}  // namespace myfabric::setup
