// The setup library's entry points for the installer: ConfigDSN and ConfigDriver, ANSI and W.
#include <odbcinst.h>
#include <sqlucode.h>

#include <string>

#include "base/text.h"
#include "base/unicode.h"
#include "setup/data_source.h"
#include "setup/register.h"

namespace myfabric::setup {
namespace {

/// Runs `body`; what it throws goes to SQLInstallerError.
template <class Body>
BOOL call(Body&& body) noexcept {
    try {
        body();
        return SQL_TRUE;
    } catch (const Refused& refused) {
        SQLPostInstallerError(refused.code(), refused.what());
    } catch (const std::exception& error) {
        SQLPostInstallerError(ODBC_ERROR_REQUEST_FAILED, error.what());
    }
    return SQL_FALSE;
}

std::string narrow(const char* text) {
    return text ? text : "";
}

std::size_t length_of(const SQLWCHAR* text) {
    std::size_t units = 0;
    while (text[units]) ++units;
    return units;
}

std::string narrow(const SQLWCHAR* text) {
    return text ? utf16_to_utf8(text, length_of(text)) : std::string{};
}

/// A list that ends with an empty text. It lives in the caller until the call ends.
std::string narrow_list(const char* list) {
    std::string result;
    for (const char* at = list; at && *at; at += std::string_view(at).size() + 1)
        result.append(at).push_back('\0');
    return result + '\0';
}

std::string narrow_list(const SQLWCHAR* list) {
    std::string result;
    for (const SQLWCHAR* at = list; at && *at; at += length_of(at) + 1)
        result.append(narrow(at)).push_back('\0');
    return result + '\0';
}

template <class Char>
BOOL config_dsn(WORD request, const Char* driver, const Char* attributes) noexcept {
    return call([&] {
        const std::string list = narrow_list(attributes);
        configure_data_source(request, narrow(driver), parse_attributes(list.c_str()));
    });
}

/// Installing and removing need nothing beyond odbcinst.ini; keys of the driver's section, such as
/// CPTimeout, can be changed.
template <class Char>
BOOL config_driver(WORD request, const Char* driver, const Char* arguments, Char* message,
                   WORD capacity, WORD* length) noexcept {
    if (message && capacity > 0) *message = 0;
    if (length) *length = 0;
    return call([&] {
        if (request == ODBC_INSTALL_DRIVER || request == ODBC_REMOVE_DRIVER) return;
        if (request != ODBC_CONFIG_DRIVER)
            throw Refused(
                ODBC_ERROR_INVALID_REQUEST_TYPE,
                "request " + std::to_string(request) + " is none of install, configure and remove");
        const std::string name = narrow(driver);
        if (!registered(name))
            throw Refused(ODBC_ERROR_INVALID_NAME,
                          "no driver '" + name + "' in " + registry_file());
        const std::string list = narrow_list(arguments);
        for (const auto& [key, value] : parse_attributes(list.c_str()))
            if (!SQLWritePrivateProfileString(name.c_str(), key.c_str(), value.c_str(),
                                              "odbcinst.ini"))
                throw Refused(ODBC_ERROR_REQUEST_FAILED,
                              "cannot write " + key + " to " + registry_file());
    });
}

}  // namespace
}  // namespace myfabric::setup

// No dialog is shown, with or without a window: the attributes say everything.
extern "C" {

#pragma GCC visibility push(default)

BOOL INSTAPI ConfigDSN(HWND, WORD request, LPCSTR driver, LPCSTR attributes) {
    return myfabric::setup::config_dsn(request, driver, attributes);
}

BOOL INSTAPI ConfigDSNW(HWND, WORD request, LPCWSTR driver, LPCWSTR attributes) {
    return myfabric::setup::config_dsn<SQLWCHAR>(request, driver, attributes);
}

BOOL INSTAPI ConfigDriver(HWND, WORD request, LPCSTR driver, LPCSTR arguments, LPSTR message,
                          WORD capacity, WORD* length) {
    return myfabric::setup::config_driver<char>(request, driver, arguments, message, capacity,
                                                length);
}

BOOL INSTAPI ConfigDriverW(HWND, WORD request, LPCWSTR driver, LPCWSTR arguments, LPWSTR message,
                           WORD capacity, WORD* length) {
    return myfabric::setup::config_driver<SQLWCHAR>(request, driver, arguments, message, capacity,
                                                    length);
}

#pragma GCC visibility pop
}
