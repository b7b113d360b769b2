// Rows kept in memory, copied out of the client library's buffers into a few large pieces.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "mysql/column.h"

namespace myfabric::mysql {

/// A queue of rows. Memory is given back while the rows are read.
class RowStore {
public:
    explicit RowStore(std::size_t columns = 0) : values_(columns), lengths_(columns) {}

    /// Copies a row to the end.
    void append(const Row& row);
    /// Takes the first row; false when there is none. The row lives until next() is called again or
    /// the store is destroyed or moved.
    bool next(Row& row);

    /// Rows that next() has yet to give.
    std::size_t size() const { return rows_; }
    /// Memory held, in bytes.
    std::size_t memory() const { return memory_; }

private:
    struct Piece {
        std::unique_ptr<char[]> bytes;
        std::size_t capacity = 0;
        std::size_t used = 0;
    };

    char* reserve(std::size_t bytes);

    std::deque<Piece> pieces_;
    std::size_t read_ = 0;  // offset of the next row in the first piece
    std::size_t rows_ = 0;
    std::size_t memory_ = 0;
    std::vector<const char*> values_;
    std::vector<unsigned long> lengths_;
};

}  // namespace myfabric::mysql
