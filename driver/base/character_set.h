// Character sets of narrow text other than UTF-8 (the key Charset), by iconv.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/text.h"

namespace myfabric {

/// One of the process's table, which lives as long as the process does; its number there is how
/// columns, parameters and connections know it. 0 is UTF-8, for which there is no object.
class CharacterSet {
public:
    using Number = unsigned char;

    /// By the server's name or iconv's. Throws 08001 for one that is unknown, and for one in which
    /// ASCII is not itself, as UTF-16: text would end at its zeros.
    static Number find(std::string_view name);
    /// Null for 0.
    static const CharacterSet* at(Number number) noexcept;

    const std::string& name() const { return name_; }

    /// `text` as UTF-8. False where it has bytes that are no character; `rest`: how many at its end
    /// are the beginning of one, which are no error then; without it they are.
    bool to_utf8(std::string_view text, std::string& out, std::size_t* rest = nullptr) const;
    /// Whole characters of UTF-8 that fit; '?' for those that the set does not have.
    struct Written {
        std::size_t read = 0;
        std::size_t written = 0;
        bool replaced = false;
    };
    Written from_utf8(std::string_view text, char* out, std::size_t capacity) const noexcept;
    /// Bytes of all of `text`.
    std::size_t length(std::string_view text) const noexcept;

private:
    explicit CharacterSet(std::string name) : name_(std::move(name)) {}

    std::string name_;  // iconv's
};

}  // namespace myfabric
