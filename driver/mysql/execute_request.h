// The bodies of the commands that execute a prepared statement: the counterpart of binary_row.h.
// Pure, without the client library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "mysql/parameter.h"

namespace myfabric::mysql {

/// The bytes of one command after the other. They live until the next command is begun.
class CommandBuffer {
public:
    void clear();
    std::string_view bytes() const { return {bytes_.get(), size_}; }

    /// Room for `bytes` more: what is put must have been asked for.
    void reserve(std::size_t bytes) {
        if (capacity_ - size_ < bytes) [[unlikely]]
            grow(bytes);
    }
    /// The lowest `bytes` bytes of `number`, the lowest first.
    template <std::size_t bytes>
    void put(std::uint64_t number) {
        char wire[bytes];  // one store in the end
        for (std::size_t i = 0; i < bytes; ++i) wire[i] = static_cast<char>(number >> (8 * i));
        std::memcpy(bytes_.get() + size_, wire, bytes);
        size_ += bytes;
    }
    void put(std::string_view text) {
        std::memcpy(bytes_.get() + size_, text.data(), text.size());
        size_ += text.size();
    }
    /// Zeros whose place is given back, to be changed later.
    std::size_t put_zeros(std::size_t count) {
        std::memset(bytes_.get() + size_, 0, count);
        size_ += count;
        return size_ - count;
    }
    char& at(std::size_t place) { return bytes_[place]; }

    /// A value as the binary protocol has it, but for NULL. Reserves the room for texts and bytes;
    /// for all others value_room has to be there.
    void put_value(const Parameter& value);
    void put_text(std::string_view text);
    void put_moment(const Moment& moment, bool time);

    static constexpr std::size_t value_room = 16;  // a value that is no text, or a text's length

private:
    void grow(std::size_t bytes);

    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0, capacity_ = 0;
};

/// Makes COM_STMT_EXECUTE's body, and remembers which types the server knows of the parameters.
class ExecuteRequest {
public:
    explicit ExecuteRequest(std::size_t parameters);

    std::size_t parameters() const { return types_.size(); }
    /// Parameter `index` is sent ahead, so that it is left out of the next command.
    void sent_ahead(std::size_t index, Parameter::Type type);
    bool is_sent_ahead(std::size_t index) const { return sent_ahead_[index]; }
    void nothing_sent_ahead();

    /// The body for one value a parameter. NULL keeps the type of the value before it.
    std::string_view make(std::uint32_t statement, std::span<const Parameter> values);
    /// Whether the server took the command: then it knows the types from now on.
    void answered(bool well);
    /// The server may have forgotten the types.
    void forget_types() { types_known_ = false; }

private:
    CommandBuffer buffer_;
    std::vector<std::uint16_t> types_;
    std::vector<char> sent_ahead_;
    bool any_sent_ahead_ = false;
    bool types_known_ = false;
};

/// A type as the binary protocol writes it in front of the values.
std::uint16_t wire_code(Parameter::Type type);

}  // namespace myfabric::mysql
