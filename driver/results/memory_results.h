// Results that the driver itself answers: rows held in memory, values as text.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "results/results.h"

namespace myfabric::results {

using MemoryRow = std::vector<std::optional<std::string>>;

/// One result set; without columns it is a row count of 0.
struct MemorySet {
    Columns columns;
    std::vector<MemoryRow> rows;
};

class MemoryResults : public Results {
public:
    MemoryResults(Columns columns, std::vector<MemoryRow> rows);
    /// Several result sets, one after the other.
    explicit MemoryResults(std::vector<MemorySet> sets);

    bool next_row() override;
    bool next_result() override;
    std::optional<std::size_t> rows_left() override { return rows_.size() - next_; }

private:
    void open(MemorySet set);

    std::vector<MemorySet> sets_;
    std::size_t next_set_ = 0;
    std::vector<MemoryRow> rows_;
    std::size_t next_ = 0;
    std::vector<const char*> values_;
    std::vector<unsigned long> lengths_;
};

/// A live result under other column descriptions, as the catalog functions return it; what follows
/// it is described as it is.
class DescribedResults : public Results {
public:
    DescribedResults(std::unique_ptr<Results> inner, Columns columns);

    bool next_row() override;
    bool next_result() override;
    void buffer_rest() override;
    std::optional<std::size_t> rows_left() override;

private:
    std::unique_ptr<Results> inner_;
};

}  // namespace myfabric::results
