// Diagnostic records of one handle, and the header fields of SQLGetDiagField.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace myfabric {

/// A warning whose record is composed when somebody reads it: most are never read.
struct LateWarning {
    /// `about`: what the warning names.
    using Compose = Record (*)(const LateWarning& warning, const void* about);

    long long row;
    int column;
    unsigned char what;  // in the hands of Compose
};

/// Filled while a call runs, read by SQLGetDiagRec afterwards. Clearing keeps the memory.
class Diagnostics {
public:
    void clear() noexcept {
        if (!empty()) [[unlikely]]
            drop_records();
        return_code_ = SQL_SUCCESS;
    }

    /// Adds a warning: the call will return SQL_SUCCESS_WITH_INFO.
    void warn(const SqlState& state, std::string message = {}, long long row = SQL_NO_ROW_NUMBER,
              int column = SQL_NO_COLUMN_NUMBER);
    void add(Record record);
    /// Takes its place among the records of rows when they are read. One result gives many, so that
    /// `about`, which lives until then, and `into_record` are kept once for them.
    template <class About>
    void add(const LateWarning& warning, const std::shared_ptr<About>& about,
             LateWarning::Compose into_record) {
        if (about.get() != about_.get() || into_record != into_record_) [[unlikely]]
            begin_late(about, into_record);
        late_.push_back(warning);
    }

    /// Adds the records of an exception and returns SQL_ERROR. Any exception type is understood.
    SQLRETURN fail(std::exception_ptr exception) noexcept;
    SQLRETURN fail(Error error) noexcept;

    /// `result`, or SQL_SUCCESS_WITH_INFO for a success with warnings.
    SQLRETURN finish(SQLRETURN result) noexcept {
        if (result == SQL_SUCCESS && !empty()) result = SQL_SUCCESS_WITH_INFO;
        return return_code_ = result;
    }

    bool empty() const { return records_.empty() && late_.empty(); }
    const std::vector<Record>& records() const {
        if (!late_.empty()) compose();
        return records_;
    }
    SQLRETURN return_code() const { return return_code_; }

    /// The text an application sees: `[MyFabric][ODBC Driver]...` or with the server's version.
    std::string full_message(const Record& record) const;
    /// e.g. "10.11.6-MariaDB"; set once connected.
    void server_version(std::string version) { server_version_ = std::move(version); }
    const std::string& server_version() const { return server_version_; }

private:
    void drop_records() noexcept;
    void begin_late(std::shared_ptr<const void> about, LateWarning::Compose into_record);
    void compose() const;

    // Readers compose, under the lock of the handle as everybody else.
    mutable std::vector<Record> records_;
    mutable std::vector<LateWarning> late_;
    std::shared_ptr<const void> about_;  // what they name
    LateWarning::Compose into_record_ = nullptr;
    SQLRETURN return_code_ = SQL_SUCCESS;
    std::string server_version_;
};

}  // namespace myfabric
