// HTTP digest authentication (RFC 2617) as Fabric nodes use it: MD5, with qop=auth or without qop.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace myfabric::sources {

/// What a server asks for. Texts are unquoted.
struct DigestChallenge {
    std::string realm, nonce, opaque;
    bool has_opaque = false;
    bool counts = false;  // qop=auth: each use of the nonce has a number
};

/// The value of a WWW-Authenticate header; nothing for another scheme, another algorithm, another
/// quality of protection, or a text that is no challenge.
std::optional<DigestChallenge> read_challenge(std::string_view header);

/// The value of the Authorization header of a POST to `path`. `use`: how often the nonce was used
/// with this one, from 1. `client_nonce`: a random text, of hexadecimal digits.
std::string authorization(const DigestChallenge& challenge, std::string_view user,
                          std::string_view password, std::string_view path, unsigned use,
                          std::string_view client_nonce);

}  // namespace myfabric::sources
