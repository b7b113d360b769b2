// The driver's one exception type: one or more diagnostic records.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "base/sqlstate.h"

namespace myfabric {

/// Where a message comes from; it decides the prefix that an application sees.
enum class Origin : unsigned char { driver, server, fabric };

/// One diagnostic record. `message` has no prefix yet: Diagnostics adds it in one place.
struct Record {
    std::string state;  // five characters, ODBC 3.x
    int native = 0;     // errno of the server or client library; 0 when there is none
    std::string message;
    Origin origin = Origin::driver;
    long long row = -2;  // SQL_ROW_NUMBER_UNKNOWN
    int column = -2;     // SQL_COLUMN_NUMBER_UNKNOWN
};

/// Thrown below odbc/. The first record decides; further ones (one per server tried, say) follow
/// it.
class Error : public std::exception {
public:
    /// `message` is a lower-case sentence naming the value that was wrong; empty: the state's text.
    explicit Error(const SqlState& state, std::string message = {}, int native = 0);
    explicit Error(std::vector<Record> records) : records_(std::move(records)) {}

    /// An error that the server or the client library reported, with its own SQLSTATE and errno.
    static Error from_server(std::string state, int native, std::string message);
    /// An error that a Fabric node reported.
    static Error from_fabric(const SqlState& state, std::string message, int native = 0);

    const char* what() const noexcept override { return records_.front().message.c_str(); }
    std::string_view state() const { return records_.front().state; }
    int native() const { return records_.front().native; }
    const std::string& message() const { return records_.front().message; }
    const std::vector<Record>& records() const { return records_; }

    /// Adds records behind the first one.
    Error& also(const std::vector<Record>& more);
    bool is(const SqlState& other) const { return state() == other.code; }

private:
    std::vector<Record> records_;
};

}  // namespace myfabric
