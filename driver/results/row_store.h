// Rows kept, copied out of the client library's buffers into a few large pieces: in memory, and
// past a limit in a temporary file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "results/column.h"
#include "results/spill_file.h"

namespace myfabric::results {

class RowStore {
public:
    /// How rows are read: once, giving the memory back meanwhile, or again and in any order.
    enum class Access : unsigned char { once, any };

    /// Bytes held in memory before pieces go to the file.
    static constexpr std::size_t usual_limit = std::size_t{32} << 20;

    explicit RowStore(std::size_t columns = 0, Access access = Access::once,
                      std::size_t limit = usual_limit)
        : access_(access), limit_(limit), values_(columns), lengths_(columns) {}

    /// Copies a row to the end. Throws Error HY000 when the file cannot take it.
    void append(const Row& row);
    /// Takes the next row; false when there is none. The row lives until next() or seek() is called
    /// again or the store is destroyed or moved.
    bool next(Row& row);
    /// The row that next() reads next, from 0 to total(). For Access::any.
    void seek(std::size_t row);

    /// Rows that next() has yet to read.
    std::size_t size() const { return total_ - read_rows_; }
    /// Rows that were appended.
    std::size_t total() const { return total_; }
    /// Memory held, in bytes.
    std::size_t memory() const { return memory_ + loaded_capacity_; }
    /// Bytes in the file.
    std::uint64_t spilled() const { return file_.size(); }

private:
    struct Piece {
        std::unique_ptr<char[]> bytes;  // null: in the file
        std::size_t capacity = 0;
        std::size_t used = 0;
        std::uint64_t offset = 0;  // in the file
    };
    /// Where a row begins.
    struct Place {
        std::size_t piece = 0;
        std::size_t offset = 0;
    };
    /// Every so many rows the place is noted for seek().
    static constexpr std::size_t note_every = 16;

    char* reserve(std::size_t bytes);
    void spill(Piece& piece);
    const char* bytes_of(const Piece& piece);

    Access access_ = Access::once;
    std::size_t limit_ = usual_limit;
    std::deque<Piece> pieces_;
    Place read_;  // the next row
    std::size_t read_rows_ = 0;
    std::size_t total_ = 0;
    std::size_t memory_ = 0;
    std::vector<Place> notes_;
    SpillFile file_;
    std::unique_ptr<char[]> loaded_;  // one piece that lies in the file
    std::size_t loaded_capacity_ = 0;
    std::uint64_t loaded_offset_ = no_offset;
    std::vector<const char*> values_;
    std::vector<unsigned long> lengths_;

    static constexpr std::uint64_t no_offset = static_cast<std::uint64_t>(-1);
};

}  // namespace myfabric::results
