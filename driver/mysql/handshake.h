// The server's side of a login, read byte by byte as it arrives: the greeting, and requests to use
// another authentication plugin. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace myfabric::mysql {

/// Sees the packets before the client library does. The library loads a plugin by whatever name the
/// server gives: one that may not be used is overwritten with '_' before it gets there.
class Handshake {
public:
    /// `greets`: the first packet is a greeting (connecting), else an answer (changing the user).
    explicit Handshake(bool greets) : in_greeting_(greets) {}

    struct Greeting {
        bool complete = false;     // it has arrived whole
        bool is_greeting = false;  // and is one: not an error
        bool offers_tls = false;
        std::string plugin;  // empty: none that can be a name
    };

    /// The plugins that may be used, separated by commas.
    void allow(std::string plugins) { allowed_ = std::move(plugins); }
    void take(unsigned char* bytes, std::size_t size);

    const Greeting& greeting() const { return greeting_; }
    /// The plugin that the server switched to last, as it gave it; empty: none.
    const std::string& switched_to() const { return switched_to_; }

private:
    void take_greeting_byte(unsigned char byte);
    void take_switch_byte(unsigned char& byte);
    bool is_beginning_of_allowed() const;
    void end_packet();

    bool in_greeting_;
    std::string allowed_;
    Greeting greeting_;
    // Of the packet at hand
    std::size_t header_ = 0;  // bytes of its header that were read
    std::uint32_t length_ = 0;
    std::uint32_t at_ = 0;  // bytes of its payload that were read
    // The greeting
    std::uint32_t version_end_ = 0;  // where the zero after the version lies; 0: not seen
    std::uint32_t capabilities_ = 0;
    std::uint32_t plugin_begins_ = 0;
    bool plugin_ended_ = false;
    // A switch
    bool switching_ = false;
    bool name_ended_ = false;
    bool overwritten_ = false;
    std::string switched_to_;
};

}  // namespace myfabric::mysql
