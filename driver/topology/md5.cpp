#include "topology/md5.h"

#include <bit>
#include <cstdint>
#include <cstring>

namespace myfabric::topology {
namespace {

static_assert(std::endian::native == std::endian::little, "the words of MD5 are little-endian");

constexpr std::size_t block_size = 64;

struct State {
    std::uint32_t a = 0x67452301, b = 0xefcdab89, c = 0x98badcfe, d = 0x10325476;
};

// The four functions of the rounds.
constexpr auto f = [](std::uint32_t x, std::uint32_t y, std::uint32_t z) {
    return z ^ (x & (y ^ z));
};
constexpr auto g = [](std::uint32_t x, std::uint32_t y, std::uint32_t z) {
    return (x & z) + (y & ~z);  // no bit is in both
};
constexpr auto h = [](std::uint32_t x, std::uint32_t y, std::uint32_t z) { return x ^ y ^ z; };
constexpr auto i = [](std::uint32_t x, std::uint32_t y, std::uint32_t z) { return y ^ (x | ~z); };

// The integer part of 2^32 * |sin(n)|, n from 1 to 64.
// clang-format off
constexpr std::uint32_t sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};
// clang-format on

/// Sixteen steps: the words from `first` on, every `stride`th, with four shifts in turn.
template <std::size_t round, std::uint32_t first, std::uint32_t stride, int s0, int s1, int s2,
          int s3, class Mix>
[[gnu::always_inline]] inline void steps(State& s, const std::uint32_t* words, Mix mix) {
    const auto step = [&](std::uint32_t & a, std::uint32_t b, std::uint32_t c, std::uint32_t d,
                          std::uint32_t at, int shift) __attribute__((always_inline)) {
        const std::uint32_t word = words[(first + stride * at) % 16];
        // What does not wait for the step before comes first.
        const std::uint32_t ready = a + word + sines[round * 16 + at];
        a = b + std::rotl(ready + mix(b, c, d), shift);
    };
#pragma GCC unroll 4
    for (std::uint32_t at = 0; at < 16; at += 4) {
        step(s.a, s.b, s.c, s.d, at, s0);
        step(s.d, s.a, s.b, s.c, at + 1, s1);
        step(s.c, s.d, s.a, s.b, at + 2, s2);
        step(s.b, s.c, s.d, s.a, at + 3, s3);
    }
}

void add_block(State& state, const char* block) {
    std::uint32_t words[16];
    std::memcpy(words, block, block_size);
    State s = state;  // in registers
    steps<0, 0, 1, 7, 12, 17, 22>(s, words, f);
    steps<1, 1, 5, 5, 9, 14, 20>(s, words, g);
    steps<2, 5, 3, 4, 11, 16, 23>(s, words, h);
    steps<3, 0, 7, 6, 10, 15, 21>(s, words, i);
    state.a += s.a;
    state.b += s.b;
    state.c += s.c;
    state.d += s.d;
}

}  // namespace

Digest md5_digest(std::string_view text) {
    State state;
    const std::uint64_t bits = static_cast<std::uint64_t>(text.size()) * 8;
    for (; text.size() >= block_size; text.remove_prefix(block_size)) add_block(state, text.data());
    // What is left, a one bit, zeros, and the length in bits at the end of the last block.
    char last[2 * block_size] = {};
    if (!text.empty()) std::memcpy(last, text.data(), text.size());
    last[text.size()] = '\x80';
    const std::size_t blocks = text.size() + 9 <= block_size ? 1 : 2;
    std::memcpy(last + blocks * block_size - sizeof bits, &bits, sizeof bits);
    for (std::size_t at = 0; at < blocks; ++at) add_block(state, last + at * block_size);
    Digest digest;
    const std::uint32_t words[] = {state.a, state.b, state.c, state.d};
    std::memcpy(digest.data(), words, digest.size());
    return digest;
}

}  // namespace myfabric::topology
