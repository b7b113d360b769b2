// Packets of a server: the greeting and switches of plugins, rows of both protocols.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "mysql/authentication.h"
#include "mysql/binary_row.h"
#include "mysql/description.h"
#include "mysql/handshake.h"
#include "mysql/ok_packet.h"
#include "mysql/text_row.h"

using namespace myfabric::mysql;

namespace {

void must(bool right) {
    if (!right) std::abort();
}

/// What arrives at the library is the same however the bytes are cut, and names no other folder.
void handshake(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return;
    const bool greets = data[0] & 1;
    const std::size_t piece = data[1] % 17 + 1;
    std::vector<unsigned char> whole(data + 2, data + size), cut = whole;
    Handshake one(greets), other(greets);
    one.allow("mysql_native_password,parsec");
    other.allow("mysql_native_password,parsec");
    one.take(whole.data(), whole.size());
    for (std::size_t at = 0; at < cut.size(); at += piece)
        other.take(cut.data() + at, std::min(piece, cut.size() - at));
    must(whole == cut);
    must(one.greeting().plugin == other.greeting().plugin);
    must(!one.greeting().complete || one.greeting().plugin.empty() ||
         is_plugin_name(one.greeting().plugin));
    must(one.switched_to() == other.switched_to());
}

void inside(const char* value, unsigned long length, const unsigned char* packet,
            std::size_t size) {
    if (!value) return;
    const auto* at = reinterpret_cast<const unsigned char*>(value);
    must(at >= packet && at + length <= packet + size);
}

void rows(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return;
    const std::size_t columns = data[0] % 40 + 1;
    const signed char kinds[] = {-1, 1, 2, 4, 8, 0};
    std::vector<signed char> sizes(columns);
    for (std::size_t i = 0; i < columns; ++i) sizes[i] = kinds[(data[1] + i * i) % 6];
    data += 2;
    size -= 2;
    // The library's buffer has a byte behind the packet, and no more here.
    const auto packet = std::make_unique<unsigned char[]>(size + 1);
    if (size) std::memcpy(packet.get(), data, size);
    packet[size] = 0;
    std::vector<const char*> values(columns);
    std::vector<unsigned long> lengths(columns);
    if (size && parse_text_row(packet.get(), size, columns, values.data(), lengths.data()))
        for (std::size_t i = 0; i < columns; ++i) inside(values[i], lengths[i], packet.get(), size);
    if (parse_binary_row(packet.get(), size, sizes.data(), columns, values.data(), lengths.data()))
        for (std::size_t i = 0; i < columns; ++i) inside(values[i], lengths[i], packet.get(), size);
}

/// A description that was found is known from then on, up to its end.
void descriptions(const std::uint8_t* data, std::size_t size) {
    const std::string packets(reinterpret_cast<const char*>(data), size);
    const std::string known(description_in(packets));
    if (known.empty()) {
        // Whatever is taken for the known one is it, and its end is there.
        const std::string half = packets.substr(0, size / 2);
        if (const auto end = end_of_known(packets, half)) must(end->size <= size);
        return;
    }
    const auto end = end_of_known(packets, known);
    must(end && end->size == known.size() + 9 && end->size <= size && end->columns > 0);
    must(!end_of_known(packets.substr(0, end->size - 1), known));
    must(description_in(packets.substr(0, end->size)) == known);
}

/// Nothing behind the packet is read, and no shorter one says the same.
void oks(const std::uint8_t* data, std::size_t size) {
    const std::unique_ptr<char[]> copy(new char[size]);
    if (size) std::memcpy(copy.get(), data, size);
    const std::string_view body(copy.get(), size);
    if (plain_ok(body)) must(size >= 7 && !plain_ok(body.substr(0, size - 1)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    handshake(data, size);
    rows(data, size);
    descriptions(data, size);
    oks(data, size);
    return 0;
}
