#include "dsn/connection_string.h"

#include "base/error.h"
#include "base/secret.h"
#include "base/text.h"

namespace myfabric::dsn {
namespace {

constexpr std::string_view blanks = " \t\r\n";

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    Pairs run() {
        Pairs pairs;
        for (skip(" \t\r\n;"); at_ < text_.size(); skip(" \t\r\n;")) {
            std::string key = take_key();
            std::string value = take_value(key);
            pairs.emplace_back(std::move(key), std::move(value));
        }
        return pairs;
    }

private:
    void skip(std::string_view which) {
        at_ = std::min(text_.find_first_not_of(which, at_), text_.size());
    }

    [[noreturn]] static void refuse(std::size_t place, const std::string& what) {
        throw Error(state::unable_to_connect, "the connection string cannot be read at character " +
                                                  std::to_string(place + 1) + ": " + what);
    }

    std::string take_key() {
        const std::size_t begin = at_;
        const std::size_t end = text_.find_first_of("=;", at_);
        if (end == std::string_view::npos || text_[end] == ';') {
            // What stands here may be a piece of a password: it is not repeated.
            refuse(begin, "a key is not followed by '='; a value with ';' must be put in braces");
        }
        at_ = end + 1;
        const std::string_view key = trim(text_.substr(begin, end - begin));
        if (key.empty()) refuse(begin, "there is no key before '='");
        return std::string(key);
    }

    std::string take_value(const std::string& key) {
        skip(blanks);
        if (at_ < text_.size() && text_[at_] == '{') return take_braced(key);
        const std::size_t end = std::min(text_.find(';', at_), text_.size());
        const std::string_view value = trim(text_.substr(at_, end - at_));
        at_ = end;
        return std::string(value);
    }

    std::string take_braced(const std::string& key) {
        const std::size_t begin = at_++;
        std::string value;
        value.reserve(text_.size() - at_);  // growing would leave copies of a password
        for (;;) {
            const std::size_t brace = text_.find('}', at_);
            if (brace == std::string_view::npos)
                refuse(begin, "the '{' of " + key + " is never closed; write '}' as '}}' inside");
            value += text_.substr(at_, brace - at_);
            at_ = brace + 1;
            if (at_ >= text_.size() || text_[at_] != '}') break;
            value += '}';
            ++at_;
        }
        skip(blanks);
        if (at_ < text_.size() && text_[at_] != ';')
            refuse(at_, "';' is missing after the '}' of " + key + "; write '}' as '}}' inside");
        return value;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

bool needs_braces(std::string_view value) {
    return value.find_first_of("[]{}(),;?*=!@") != std::string_view::npos || trim(value) != value;
}

}  // namespace

Pairs parse_connection_string(std::string_view text) {
    return Parser(text).run();
}

std::string write_connection_string(const Pairs& pairs) {
    std::string text;
    // Growing would leave copies behind, of passwords, too.
    std::size_t most = 0;
    for (const auto& [key, value] : pairs) most += key.size() + 2 * value.size() + 4;
    text.reserve(most);
    for (const auto& [key, value] : pairs) {
        text += key + "=";
        if (needs_braces(value) || equal_ignoring_case(key, "DRIVER")) {
            text += '{';
            for (char c : value) text.append(c == '}' ? 2 : 1, c);
            text += '}';
        } else {
            text += value;
        }
        text += ';';
    }
    return text;
}

void wipe_values(Pairs& pairs) noexcept {
    for (auto& [key, value] : pairs) myfabric::wipe(value);
}

const std::string* first_value(const Pairs& pairs, std::string_view key) {
    for (const auto& [name, value] : pairs)
        if (equal_ignoring_case(name, key)) return &value;
    return nullptr;
}

}  // namespace myfabric::dsn
