// Writing data sources: what ConfigDSN does, for UTF-8 text.
#pragma once

#include <odbcinst.h>

#include <exception>
#include <string>
#include <string_view>

#include "dsn/connection_string.h"

namespace myfabric::setup {

/// Why a request was not carried out, with the code for SQLInstallerError (ODBC_ERROR_...).
class Refused : public std::exception {
public:
    Refused(DWORD code, std::string message) : code_(code), message_(std::move(message)) {}
    const char* what() const noexcept override { return message_.c_str(); }
    DWORD code() const { return code_; }

private:
    DWORD code_;
    std::string message_;
};

/// "DSN=x\0UID=y\0\0" as pairs. Throws Refused INVALID_KEYWORD_VALUE.
dsn::Pairs parse_attributes(const char* list);

/// ODBC_ADD_DSN (writes the section anew), ODBC_CONFIG_DSN (changes the keys that are named; an
/// empty value takes a key away) or ODBC_REMOVE_DSN. Keys and values are checked by the option
/// table before anything is written. Throws Refused.
void configure_data_source(WORD request, std::string_view driver, const dsn::Pairs& attributes);

}  // namespace myfabric::setup
