// Registering the driver with the driver manager: the section MyFabric of odbcinst.ini.
#pragma once

#include <optional>
#include <string>

namespace myfabric::setup {

/// The driver's name in odbcinst.ini. It carries no version, so that data sources survive upgrades.
inline constexpr const char* driver_name = "MyFabric";

struct Registration {
    std::string driver;  // path of libmyfabricodbc.so
    std::string setup;   // path of libmyfabricodbcS.so; may be empty

    bool operator==(const Registration&) const = default;
};

/// What odbcinst.ini says about the driver `name`; nothing when it is not there.
std::optional<Registration> registered(const std::string& name = driver_name);

/// Writes the section, or writes it anew when it is there already; the count of users grows for a
/// new one only. Throws Error HY000 with the installer library's reason.
void register_driver(const Registration& registration);

/// Takes one user away; the section goes with the last one. Returns how many are left. Throws Error
/// HY000 when the driver is not registered or the file cannot be written.
unsigned unregister_driver();

/// Where odbcinst.ini of the system is: the folder of ODBCSYSINI, or else the library's own.
std::string registry_file();

/// The last message of the installer library; empty when there is none.
std::string installer_message();

}  // namespace myfabric::setup
