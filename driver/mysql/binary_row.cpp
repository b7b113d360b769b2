#include "mysql/binary_row.h"

#include <bit>
#include <cstring>

namespace myfabric::mysql {
namespace {

template <int bytes>
void put(char* out, std::uint32_t value) {
    if constexpr (std::endian::native == std::endian::little)
        std::memcpy(out, &value, bytes);
    else
        for (int i = 0; i < bytes; ++i) out[i] = static_cast<char>(value >> (8 * i) & 0xFF);
}

}  // namespace

std::size_t pack_datetime(const results::DateTimeValue& m, char* out) noexcept {
    put<2>(out, m.year);
    put<1>(out + 2, m.month);
    put<1>(out + 3, m.day);
    put<1>(out + 4, m.hour);
    put<1>(out + 5, m.minute);
    put<1>(out + 6, m.second);
    put<4>(out + 7, m.microsecond);
    if (m.microsecond) return 11;
    if (m.hour || m.minute || m.second) return 7;
    return m.year || m.month || m.day ? 4 : 0;
}

std::size_t pack_time(const results::DateTimeValue& m, char* out) noexcept {
    put<1>(out, m.negative);
    put<4>(out + 1, m.day + m.hour / 24);
    put<1>(out + 5, m.hour % 24);
    put<1>(out + 6, m.minute);
    put<1>(out + 7, m.second);
    put<4>(out + 8, m.microsecond);
    if (m.microsecond) return 12;
    return m.day || m.hour || m.minute || m.second ? 8 : 0;
}

}  // namespace myfabric::mysql
