// Where the commands of a statement run, as its parts see it: on the connection's servers, or in a
// test on none.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/error.h"
#include "base/outcome.h"
#include "results/parameter.h"
#include "results/results.h"
#include "router/backend.h"

namespace myfabric::execution {

/// Every function throws Error as the router does; results hold what they are read from.
class Executor {
public:
    using Values = std::span<const results::Parameter>;
    virtual ~Executor() = default;

    /// By the text protocol.
    std::unique_ptr<results::Results> query(const router::Purpose& purpose,
                                            const std::string& sql) {
        return try_query(purpose, sql).take();
    }
    /// The same; what the server says of `sql` is not thrown.
    virtual Outcome<std::unique_ptr<results::Results>> try_query(const router::Purpose& purpose,
                                                                 const std::string& sql) = 0;
    /// Prepared; one value for each marker.
    virtual std::unique_ptr<results::Results> read(const router::Purpose& purpose,
                                                   const std::string& sql, Values values) = 0;
    /// The same for what has no rows.
    virtual results::Counts change(const router::Purpose& purpose, const std::string& sql,
                                   Values values) = 0;
    /// The columns of a query, which is prepared only.
    virtual results::Columns columns_of(const std::string& sql) = 0;

    /// Greatest command in bytes that the server takes.
    virtual std::uint64_t longest_command(const router::Purpose& purpose) = 0;
    struct Server {
        bool mariadb = false;
        unsigned version = 0;  // 101106
        std::string database;  // the current one
    };
    virtual Server server() = 0;
    /// Whether row counts are of rows found, not of rows changed.
    virtual bool counts_found_rows() const = 0;
    /// Whether locks of rows outlive the statement that took them.
    virtual bool keeps_locks() const = 0;
    virtual const topology::Target& target() const = 0;
    /// What `ran` gave from `reader` could not be read to the end; throws as the router's does.
    [[noreturn]] virtual void result_lost(const Error& error, const void* reader,
                                          const router::Purpose& ran) = 0;
};

/// On the servers that the router finds.
class ServerExecutor final : public Executor {
public:
    explicit ServerExecutor(router::Backend& backend) : backend_(backend) {}

    Outcome<std::unique_ptr<results::Results>> try_query(const router::Purpose& purpose,
                                                         const std::string& sql) override;
    std::unique_ptr<results::Results> read(const router::Purpose& purpose, const std::string& sql,
                                           Values values) override;
    results::Counts change(const router::Purpose& purpose, const std::string& sql,
                           Values values) override;
    results::Columns columns_of(const std::string& sql) override;
    std::uint64_t longest_command(const router::Purpose& purpose) override;
    Server server() override;
    bool counts_found_rows() const override { return backend_.settings().login.found_rows; }
    bool keeps_locks() const override;
    const topology::Target& target() const override { return backend_.target(); }
    [[noreturn]] void result_lost(const Error& error, const void* reader,
                                  const router::Purpose& ran) override;

private:
    router::Backend& backend_;
};

}  // namespace myfabric::execution
