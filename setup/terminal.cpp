#include "setup/terminal.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <istream>
#include <ostream>

#include "base/text.h"
#include "setup/command_line.h"

namespace myfabric::setup {
namespace {

volatile sig_atomic_t told_to_end = 0;

void end_soon(int) {
    told_to_end = 1;
}

/// True when the terminal was changed.
bool take_away(tcflag_t flags, termios& before) {
    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &before) != 0) return false;
    termios changed = before;
    changed.c_lflag &= ~flags;
    return tcsetattr(STDIN_FILENO, TCSAFLUSH, &changed) == 0;
}

}  // namespace

HiddenTyping::HiddenTyping() : changed_(take_away(ECHO, before_)) {}

HiddenTyping::~HiddenTyping() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
}

Leaving::Leaving() : changed_(take_away(ECHO | ICANON, before_)) {
    struct sigaction action {};
    action.sa_handler = end_soon;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

Leaving::~Leaving() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
}

bool Leaving::wait(int milliseconds) {
    if (told_to_end) return true;
    if (input_ended_) {
        poll(nullptr, 0, milliseconds);
        return told_to_end;
    }
    pollfd one{STDIN_FILENO, POLLIN, 0};
    if (poll(&one, 1, milliseconds) <= 0) return told_to_end;
    char key = 0;
    // Without a terminal, as under a service, the input has ended from the start: that is no wish.
    if (read(STDIN_FILENO, &key, 1) <= 0) {
        input_ended_ = true;
        return changed_ || told_to_end;
    }
    return key == 'q' || key == 'Q' || told_to_end;
}

std::string Dialog::line() {
    std::string text;
    if (!std::getline(in_, text))
        throw WrongUse("the answers end before all was asked; nothing was written");
    return std::string(trim(text));
}

std::string Dialog::ask(const std::string& question, const std::string& otherwise) {
    out_ << question << (otherwise.empty() ? "" : " [" + otherwise + "]") << ": " << std::flush;
    const std::string answer = line();
    return answer.empty() ? otherwise : answer;
}

std::string Dialog::ask_secret(const std::string& question) {
    std::string answer;
    {
        const HiddenTyping hidden;  // before the question: who types at once is not seen either
        out_ << question << ": " << std::flush;
        answer = line();
    }
    if (isatty(STDIN_FILENO)) out_ << "\n";
    return answer;
}

bool Dialog::ask_yes(const std::string& question, bool otherwise) {
    for (;;) {
        const std::string answer =
            to_lower(ask(question + " (yes or no)", otherwise ? "yes" : "no"));
        if (answer == "yes" || answer == "y") return true;
        if (answer == "no" || answer == "n") return false;
        say("yes or no?");
    }
}

void Dialog::say(const std::string& text) {
    out_ << text << "\n" << std::flush;
}

}  // namespace myfabric::setup
