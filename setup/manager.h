// A connection through the driver manager, as a program would have it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace myfabric::setup {

/// Not thread-safe. Every function throws Error with the first diagnostic record of what failed.
class ManagerConnection {
public:
    /// `data_source` is a name or a connection string.
    explicit ManagerConnection(const std::string& data_source);
    ~ManagerConnection();
    ManagerConnection(const ManagerConnection&) = delete;
    ManagerConnection& operator=(const ManagerConnection&) = delete;

    /// Runs `sql` and fetches all rows, `rows_at_once` by each call, into buffers for four columns.
    /// Gives their number.
    std::size_t run(const std::string& sql, std::size_t rows_at_once = 1);
    /// The first column of the first row of `sql`, as text.
    std::string value(const std::string& sql);

private:
    struct Handles;
    std::unique_ptr<Handles> handles_;
};

/// Connects, runs `sql` and returns the first column of its first row.
std::string ask_through_manager(const std::string& data_source, const std::string& sql);

}  // namespace myfabric::setup
