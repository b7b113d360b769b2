#include "results/row_store.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace myfabric::results {
namespace {

// In front of each value: its length in one byte, or one of these marks.
constexpr unsigned char null_mark = 251;
constexpr unsigned char two_bytes_mark = 252;
constexpr unsigned char eight_bytes_mark = 254;

constexpr std::size_t first_piece = std::size_t{16} << 10;
constexpr std::size_t greatest_piece = std::size_t{1} << 20;

std::size_t size_of_length(std::size_t length) {
    return length < null_mark ? 1 : length <= 0xFFFF ? 3 : 9;
}

char* put(char* out, unsigned char mark, const void* bytes, std::size_t size) {
    *out++ = static_cast<char>(mark);
    std::memcpy(out, bytes, size);
    return out + size;
}

char* put_length(char* out, std::size_t length) {
    if (length < null_mark) {
        *out = static_cast<char>(length);
        return out + 1;
    }
    if (length <= 0xFFFF) {
        const auto small = static_cast<std::uint16_t>(length);
        return put(out, two_bytes_mark, &small, sizeof small);
    }
    const std::uint64_t large = length;
    return put(out, eight_bytes_mark, &large, sizeof large);
}

}  // namespace

char* RowStore::reserve(std::size_t bytes) {
    if (pieces_.empty() || pieces_.back().capacity - pieces_.back().used < bytes) {
        // Pieces double so that a small result stays small and a large one has few pieces.
        const std::size_t usual =
            pieces_.empty() ? first_piece : std::min(pieces_.back().capacity * 2, greatest_piece);
        const std::size_t capacity = std::max(usual, bytes);
        // The piece that is being read stays: a row was given out of it.
        if (memory_ + capacity > limit_ && pieces_.size() > read_.piece + 1) spill(pieces_.back());
        pieces_.push_back({std::unique_ptr<char[]>(new char[capacity]), capacity, 0});
        memory_ += capacity;
    }
    Piece& piece = pieces_.back();
    char* start = piece.bytes.get() + piece.used;
    piece.used += bytes;
    return start;
}

void RowStore::spill(Piece& piece) {
    piece.offset = file_.append(piece.bytes.get(), piece.used);
    piece.bytes.reset();
    memory_ -= piece.capacity;
}

const char* RowStore::bytes_of(const Piece& piece) {
    if (piece.bytes) return piece.bytes.get();
    if (loaded_offset_ != piece.offset) {
        loaded_offset_ = no_offset;
        if (loaded_capacity_ < piece.used) {
            loaded_.reset(new char[piece.used]);
            loaded_capacity_ = piece.used;
        }
        file_.read(piece.offset, loaded_.get(), piece.used);
        loaded_offset_ = piece.offset;
    }
    return loaded_.get();
}

void RowStore::append(const Row& row) {
    const std::size_t columns = values_.size();
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < columns; ++i)
        bytes += row.values[i] ? size_of_length(row.lengths[i]) + row.lengths[i] : 1;
    char* out = reserve(bytes);
    if (access_ == Access::any && total_ % note_every == 0)
        notes_.push_back({pieces_.size() - 1, pieces_.back().used - bytes});
    for (std::size_t i = 0; i < columns; ++i) {
        if (!row.values[i]) {
            *out++ = static_cast<char>(null_mark);
            continue;
        }
        out = put_length(out, row.lengths[i]);
        std::memcpy(out, row.values[i], row.lengths[i]);
        out += row.lengths[i];
    }
    ++total_;
}

void RowStore::seek(std::size_t row) {
    if (notes_.empty()) return;
    const std::size_t note = std::min(row / note_every, notes_.size() - 1);
    read_ = notes_[note];
    read_rows_ = note * note_every;
    Row passed;
    while (read_rows_ < row && next(passed)) {
    }
}

bool RowStore::next(Row& row) {
    if (size() == 0) return false;
    // The piece before is left only now: the last row given still lay in it.
    if (read_.offset == pieces_[read_.piece].used) {
        read_.offset = 0;
        if (access_ == Access::any) {
            ++read_.piece;
        } else {
            if (pieces_.front().bytes) memory_ -= pieces_.front().capacity;
            pieces_.pop_front();
        }
    }
    const char* const start = bytes_of(pieces_[read_.piece]);
    const char* in = start + read_.offset;
    const std::size_t columns = values_.size();
    for (std::size_t i = 0; i < columns; ++i) {
        const auto mark = static_cast<unsigned char>(*in++);
        if (mark == null_mark) {
            values_[i] = nullptr;
            lengths_[i] = 0;
            continue;
        }
        std::size_t length = mark;
        if (mark == two_bytes_mark) {
            std::uint16_t small;
            std::memcpy(&small, in, sizeof small);
            in += sizeof small;
            length = small;
        } else if (mark == eight_bytes_mark) {
            std::uint64_t large;
            std::memcpy(&large, in, sizeof large);
            in += sizeof large;
            length = static_cast<std::size_t>(large);
        }
        values_[i] = in;
        lengths_[i] = static_cast<unsigned long>(length);
        in += length;
    }
    read_.offset = static_cast<std::size_t>(in - start);
    ++read_rows_;
    row = {values_.data(), lengths_.data()};
    return true;
}

}  // namespace myfabric::results
