#include "mysql/binary_row.h"

namespace myfabric::mysql {
namespace {

void put(char* out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out[i] = static_cast<char>(value >> (8 * i) & 0xFF);
}

}  // namespace

std::size_t pack_datetime(const Moment& m, char* out) noexcept {
    put(out, m.year, 2);
    put(out + 2, m.month, 1);
    put(out + 3, m.day, 1);
    put(out + 4, m.hour, 1);
    put(out + 5, m.minute, 1);
    put(out + 6, m.second, 1);
    put(out + 7, m.microsecond, 4);
    if (m.microsecond) return 11;
    if (m.hour || m.minute || m.second) return 7;
    return m.year || m.month || m.day ? 4 : 0;
}

std::size_t pack_time(const Moment& m, char* out) noexcept {
    put(out, m.negative, 1);
    put(out + 1, m.day + m.hour / 24, 4);
    put(out + 5, m.hour % 24, 1);
    put(out + 6, m.minute, 1);
    put(out + 7, m.second, 1);
    put(out + 8, m.microsecond, 4);
    if (m.microsecond) return 12;
    return m.day || m.hour || m.minute || m.second ? 8 : 0;
}

}  // namespace myfabric::mysql
