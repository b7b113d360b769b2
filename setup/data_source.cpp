#include "setup/data_source.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "dsn/options.h"
#include "dsn/profile.h"
#include "setup/register.h"

namespace myfabric::setup {
namespace {

constexpr const char* ini_file = "odbc.ini";
// unixODBC reads lines of up to 999 bytes and drops the rest silently.
constexpr std::size_t line_maximum = 990;

std::string in_quotes(std::string_view text) {
    return "'" + std::string(text) + "'";
}

void check(const std::string& key, const std::string& value) {
    if (equal_ignoring_case(key, "Driver"))
        throw Refused(ODBC_ERROR_INVALID_KEYWORD_VALUE,
                      "Driver is not an attribute of a data source: it is an argument of its own");
    if (value.find_first_of("\r\n") != std::string::npos ||
        key.size() + value.size() > line_maximum)
        throw Refused(ODBC_ERROR_INVALID_KEYWORD_VALUE,
                      "the value of " + key + " does not fit into one line of odbc.ini");
    const dsn::Option* option = dsn::find_option(key);
    if (!option) {
        if (dsn::is_manager_key(key)) return;
        throw Refused(ODBC_ERROR_INVALID_KEYWORD_VALUE, dsn::unknown_key(key));
    }
    try {
        dsn::Options options = dsn::default_options();
        dsn::set_option(options, *option, value);
    } catch (const Error& error) {
        throw Refused(ODBC_ERROR_INVALID_KEYWORD_VALUE, error.message());
    }
}

void write(const std::string& section, const std::string& key, const char* value) {
    if (!SQLWritePrivateProfileString(section.c_str(), key.c_str(), value, ini_file))
        throw Refused(ODBC_ERROR_WRITING_SYSINFO_FAILED,
                      "cannot write " + key + " of " + in_quotes(section) +
                          " to odbc.ini: " + installer_message());
}

bool same_key(std::string_view a, std::string_view b) {
    const dsn::Option* option = dsn::find_option(a);
    return option ? option == dsn::find_option(b) : equal_ignoring_case(a, b);
}

/// Writes each key once, in place of its other spellings in `present`.
void write_keys(const std::string& section, const dsn::Pairs& attributes,
                const dsn::Pairs& present) {
    for (std::size_t i = 0; i < attributes.size(); ++i) {
        const auto& [key, value] = attributes[i];
        const auto is_same = [&](const auto& pair) { return same_key(pair.first, key); };
        const auto here = attributes.begin() + static_cast<std::ptrdiff_t>(i);
        if (equal_ignoring_case(key, "DSN") || std::any_of(attributes.begin(), here, is_same))
            continue;
        for (const auto& [old_key, old_value] : present)
            if (same_key(old_key, key)) write(section, old_key, nullptr);
        if (!value.empty()) write(section, key, value.c_str());
    }
}

void remove(const std::string& data_source) {
    if (!SQLRemoveDSNFromIni(data_source.c_str()))
        throw Refused(ODBC_ERROR_REMOVE_DSN_FAILED, "cannot remove " + in_quotes(data_source) +
                                                        " from odbc.ini: " + installer_message());
}

void add(const std::string& data_source, const std::string& driver, const dsn::Pairs& attributes) {
    if (driver.empty() || !registered(driver))
        throw Refused(ODBC_ERROR_INVALID_NAME, "no driver " + in_quotes(driver) + " in " +
                                                   registry_file() + "; run myfabric install");
    if (dsn::has_section(data_source)) remove(data_source);
    if (!SQLWriteDSNToIni(data_source.c_str(), driver.c_str()))
        throw Refused(ODBC_ERROR_CREATE_DSN_FAILED, "cannot write " + in_quotes(data_source) +
                                                        " to odbc.ini: " + installer_message());
    write_keys(data_source, attributes, {});
}

}  // namespace

dsn::Pairs parse_attributes(const char* list) {
    dsn::Pairs pairs;
    for (const char* at = list; at && *at;) {
        const std::string_view item(at);
        const std::size_t equals = item.find('=');
        if (equals == std::string_view::npos || trim(item.substr(0, equals)).empty())
            throw Refused(
                ODBC_ERROR_INVALID_KEYWORD_VALUE,
                "attribute " + std::to_string(pairs.size() + 1) + " is not written as key=value");
        pairs.emplace_back(trim(item.substr(0, equals)), item.substr(equals + 1));
        at += item.size() + 1;
    }
    return pairs;
}

void configure_data_source(WORD request, std::string_view driver, const dsn::Pairs& attributes) {
    if (request != ODBC_ADD_DSN && request != ODBC_CONFIG_DSN && request != ODBC_REMOVE_DSN)
        throw Refused(ODBC_ERROR_INVALID_REQUEST_TYPE,
                      "request " + std::to_string(request) + " is none of add, change and remove");
    const std::string* named = dsn::first_value(attributes, "DSN");
    if (!named || trim(*named).empty())
        throw Refused(ODBC_ERROR_INVALID_DSN, "no data source is named: DSN= is missing");
    const std::string data_source(trim(*named));
    if (!SQLValidDSN(data_source.c_str()))
        throw Refused(ODBC_ERROR_INVALID_DSN,
                      in_quotes(data_source) +
                          " cannot name a data source: it is longer than 32 "
                          "characters or holds one of []{}(),;?*=!@\\");
    if (request != ODBC_ADD_DSN && !dsn::has_section(data_source))
        throw Refused(ODBC_ERROR_INVALID_DSN,
                      "no data source " + in_quotes(data_source) + " in odbc.ini");
    if (request == ODBC_REMOVE_DSN) {
        remove(data_source);
        return;
    }
    for (const auto& [key, value] : attributes)
        if (!equal_ignoring_case(key, "DSN")) check(key, value);
    if (request == ODBC_ADD_DSN) {
        add(data_source, std::string(driver), attributes);
    } else {
        write_keys(data_source, attributes, dsn::read_section(data_source));
    }
}

}  // namespace myfabric::setup
