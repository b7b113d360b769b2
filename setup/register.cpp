#include "setup/register.h"

#include <odbcinst.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "base/text.h"

namespace myfabric::setup {
namespace {

constexpr const char* registry = "odbcinst.ini";

std::string read(const std::string& section, const char* key) {
    std::string value(4096, '\0');
    const int length = SQLGetPrivateProfileString(section.c_str(), key, "", value.data(),
                                                  static_cast<int>(value.size()), registry);
    value.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
    return value;
}

/// By the list of keys: values that were read before are remembered by the library for a while,
/// even when the file has changed.
bool has_driver(const std::string& section) {
    std::string keys(8192, '\0');
    const int length = SQLGetPrivateProfileString(section.c_str(), nullptr, "", keys.data(),
                                                  static_cast<int>(keys.size()), registry);
    keys.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
    for (std::size_t begin = 0; begin < keys.size();) {
        const std::size_t end = std::min(keys.find('\0', begin), keys.size());
        const std::string_view key(keys.data() + begin, end - begin);
        if (equal_ignoring_case(key, "Driver") || equal_ignoring_case(key, "Driver64")) return true;
        begin = end + 1;
    }
    return false;
}

[[noreturn]] void fail(const std::string& what) {
    std::string why = installer_message();
    if (why.empty()) why = "the installer library gives no reason";
    throw Error(state::general_error,
                what + " in " + registry_file() + ": " + why +
                    "; run it as a user who may write there, or set ODBCSYSINI");
}

}  // namespace

std::string installer_message() {
    DWORD code = 0;
    char message[1024] = "";
    WORD length = 0;
    const SQLRETURN result = SQLInstallerError(1, &code, message, sizeof message, &length);
    return SQL_SUCCEEDED(result) ? message : "";
}

std::string registry_file() {
    const char* folder = std::getenv("ODBCSYSINI");
    const char* name = std::getenv("ODBCINSTINI");
    return std::string(folder ? folder : "/etc") + "/" + (name ? name : registry);
}

std::optional<Registration> registered(const std::string& name) {
    if (name.empty() || !has_driver(name)) return std::nullopt;
    Registration registration{read(name, "Driver64"), read(name, "Setup64")};
    if (registration.driver.empty()) registration.driver = read(name, "Driver");
    if (registration.setup.empty()) registration.setup = read(name, "Setup");
    return registration;
}

void register_driver(const Registration& registration) {
    // Installing once more would count one more user: the present one is taken away first.
    if (has_driver(driver_name)) unregister_driver();
    std::string attributes = std::string(driver_name) + '\0';
    attributes +=
        "Description=MySQL and MariaDB servers and MySQL Fabric farms" + std::string(1, '\0');
    attributes += "Driver=" + registration.driver + '\0';
    if (!registration.setup.empty()) attributes += "Setup=" + registration.setup + '\0';
    attributes += '\0';
    char folder[4096] = "";
    WORD length = 0;
    DWORD users = 0;
    if (!SQLInstallDriverEx(attributes.c_str(), nullptr, folder, sizeof folder, &length,
                            ODBC_INSTALL_COMPLETE, &users))
        fail("cannot register " + std::string(driver_name));
    // The library reports success even where it could not write.
    if (!has_driver(driver_name)) fail("cannot register " + std::string(driver_name));
}

unsigned unregister_driver() {
    if (!has_driver(driver_name))
        throw Error(state::general_error,
                    std::string(driver_name) + " is not registered in " + registry_file());
    DWORD users = 0;
    if (!SQLRemoveDriver(driver_name, SQL_FALSE, &users))
        fail("cannot remove " + std::string(driver_name));
    if (users == 0 && has_driver(driver_name)) fail("cannot remove " + std::string(driver_name));
    return static_cast<unsigned>(users);
}

}  // namespace myfabric::setup
