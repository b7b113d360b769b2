#include "mysql/handshake.h"

#include <algorithm>
#include <string_view>

#include "mysql/authentication.h"

namespace myfabric::mysql {
namespace {

constexpr unsigned char protocol_version = 10;
constexpr unsigned char switch_request = 0xFE;
constexpr std::uint32_t client_ssl = 0x800, plugin_auth = 0x80000;
constexpr std::size_t longest_name = 255;

// Offsets from the zero after the version: thread id (4), scramble (8), a zero, then these.
constexpr std::uint32_t capabilities_low = 14;  // 2 bytes
constexpr std::uint32_t capabilities_high = 19;
constexpr std::uint32_t scramble_length = 21;
constexpr std::uint32_t second_scramble = 32;
constexpr std::uint32_t first_part = 8, least_second_part = 13;

}  // namespace

void Handshake::take_greeting_byte(unsigned char byte) {
    if (at_ == 0) {
        greeting_.is_greeting = byte == protocol_version;
        return;
    }
    if (!version_end_) {
        if (byte == 0) version_end_ = at_;
        return;
    }
    const std::uint32_t offset = at_ - version_end_;
    if (offset == capabilities_low || offset == capabilities_low + 1)
        capabilities_ |= std::uint32_t{byte} << (8 * (offset - capabilities_low));
    if (offset == capabilities_high || offset == capabilities_high + 1)
        capabilities_ |= std::uint32_t{byte} << (16 + 8 * (offset - capabilities_high));
    if (offset == scramble_length) {
        const std::uint32_t second = byte > first_part ? byte - first_part : 0;
        plugin_begins_ = second_scramble + std::max(second, least_second_part);
    }
    if (!plugin_begins_ || offset < plugin_begins_ || plugin_ended_) return;
    if (byte == 0)
        plugin_ended_ = true;
    else if (greeting_.plugin.size() < longest_name)
        greeting_.plugin += static_cast<char>(byte);
}

bool Handshake::is_beginning_of_allowed() const {
    for (std::size_t begin = 0; begin < allowed_.size();) {
        const std::size_t end = std::min(allowed_.find(',', begin), allowed_.size());
        if (std::string_view(allowed_).substr(begin, end - begin).starts_with(switched_to_))
            return true;
        begin = end + 1;
    }
    return false;
}

void Handshake::take_switch_byte(unsigned char& byte) {
    if (at_ == 0) {
        switching_ = byte == switch_request;
        if (!switching_) return;
        switched_to_ = length_ == 1 ? "mysql_old_password" : "";
        name_ended_ = overwritten_ = false;
        return;
    }
    if (!switching_ || name_ended_) return;
    if (byte == 0) {
        name_ended_ = true;
        return;
    }
    if (switched_to_.size() < longest_name) switched_to_ += static_cast<char>(byte);
    // What went on to the library can no longer be changed: a name is spoilt as soon as it cannot
    // become one that may be used.
    if (!overwritten_) overwritten_ = !is_beginning_of_allowed();
    if (overwritten_) byte = '_';
}

void Handshake::end_packet() {
    if (in_greeting_) {
        greeting_.complete = true;
        greeting_.offers_tls = greeting_.is_greeting && (capabilities_ & client_ssl);
        if (!greeting_.is_greeting || !(capabilities_ & plugin_auth) ||
            !is_plugin_name(greeting_.plugin))
            greeting_.plugin.clear();
        in_greeting_ = false;
    }
    header_ = 0;
    length_ = at_ = 0;
}

void Handshake::take(unsigned char* bytes, std::size_t size) {
    constexpr std::size_t header_size = 4;
    for (std::size_t i = 0; i < size; ++i) {
        if (header_ < header_size) {
            if (header_ < 3) length_ |= std::uint32_t{bytes[i]} << (8 * header_);
            if (++header_ == header_size && length_ == 0) end_packet();
            continue;
        }
        if (in_greeting_)
            take_greeting_byte(bytes[i]);
        else
            take_switch_byte(bytes[i]);
        if (++at_ == length_) end_packet();
    }
}

}  // namespace myfabric::mysql
