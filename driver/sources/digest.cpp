#include "sources/digest.h"

#include <algorithm>
#include <cstdio>
#include <initializer_list>

#include "base/secret.h"
#include "base/text.h"
#include "topology/shard_key.h"

namespace myfabric::sources {
namespace {

std::string hashed(std::initializer_list<std::string_view> parts) {
    std::string text;
    std::size_t size = parts.size();
    for (const std::string_view& part : parts) size += part.size();
    text.reserve(size);  // growing would leave copies of the password
    for (const std::string_view& part : parts) {
        if (&part != parts.begin()) text += ':';
        text += part;
    }
    std::string digest = to_lower(topology::to_hex(topology::md5(text)));
    wipe(text);
    return digest;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

/// "name=value" or "name="value"" off the front of `rest`, and the comma after it.
bool take_field(std::string_view& rest, std::string& name, std::string& value) {
    rest = trim(rest);
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return false;
    name = to_lower(trim(rest.substr(0, equals)));
    rest = trim(rest.substr(equals + 1));
    value.clear();
    if (rest.starts_with('"')) {
        std::size_t at = 1;
        for (; at < rest.size() && rest[at] != '"'; ++at) {
            if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
            value += rest[at];
        }
        if (at == rest.size()) return false;
        rest = trim(rest.substr(at + 1));
        if (!rest.empty() && rest.front() != ',') return false;
    } else {
        value = trim(rest.substr(0, rest.find(',')));
        rest.remove_prefix(std::min(rest.find(','), rest.size()));
    }
    rest.remove_prefix(std::min<std::size_t>(1, rest.size()));
    return !name.empty();
}

bool has_word(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        if (equal_ignoring_case(trim(list.substr(0, comma)), word)) return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

}  // namespace

std::optional<DigestChallenge> read_challenge(std::string_view header) {
    constexpr std::string_view scheme = "digest ";
    header = trim(header);
    // A control character could end the header that is made of it.
    if (std::ranges::any_of(header, [](unsigned char c) { return c < ' ' || c == 0x7f; }))
        return std::nullopt;
    if (!equal_ignoring_case(header.substr(0, scheme.size()), scheme)) return std::nullopt;
    std::string_view rest = header.substr(scheme.size());
    DigestChallenge challenge;
    std::string name, value;
    while (!trim(rest).empty()) {
        if (!take_field(rest, name, value)) return std::nullopt;
        if (name == "realm") challenge.realm = value;
        if (name == "nonce") challenge.nonce = value;
        if (name == "algorithm" && !equal_ignoring_case(value, "MD5")) return std::nullopt;
        if (name == "opaque") {
            challenge.opaque = value;
            challenge.has_opaque = true;
        }
        if (name == "qop") {
            if (!has_word(value, "auth")) return std::nullopt;
            challenge.counts = true;
        }
    }
    if (challenge.nonce.empty()) return std::nullopt;
    return challenge;
}

std::string authorization(const DigestChallenge& challenge, std::string_view user,
                          std::string_view password, std::string_view path, unsigned use,
                          std::string_view client_nonce) {
    char count[9];
    std::snprintf(count, sizeof count, "%08x", use);
    const std::string who = hashed({user, challenge.realm, password});
    const std::string what = hashed({"POST", path});
    std::string text = "Digest username=" + quoted(user) + ", realm=" + quoted(challenge.realm) +
                       ", nonce=" + quoted(challenge.nonce) + ", uri=" + quoted(path);
    if (challenge.counts)
        text += ", response=\"" +
                hashed({who, challenge.nonce, count, client_nonce, "auth", what}) +
                "\", qop=auth, nc=" + count + ", cnonce=" + quoted(client_nonce);
    else
        text += ", response=\"" + hashed({who, challenge.nonce, what}) + '"';
    if (challenge.has_opaque) text += ", opaque=" + quoted(challenge.opaque);
    return text + ", algorithm=\"MD5\"";
}

}  // namespace myfabric::sources
