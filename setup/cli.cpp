// The myfabric command: install, uninstall, check, resolve.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "base/error.h"
#include "setup/check.h"
#include "setup/register.h"
#include "setup/resolve.h"

namespace {

namespace fs = std::filesystem;
using namespace myfabric;

/// The library beside this program in a build or in an installation; the configured place
/// otherwise.
std::string find_library(const std::string& name) {
    const fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
    for (const fs::path& folder : {here, here / "../driver", here / MYFABRIC_LIBRARIES_FROM_BIN,
                                   fs::path(MYFABRIC_LIBRARIES)}) {
        const fs::path path = (folder / name).lexically_normal();
        if (fs::exists(path)) return path.string();
    }
    return (fs::path(MYFABRIC_LIBRARIES) / name).string();
}

int install(std::string driver, std::string setup_library) {
    driver = fs::absolute(driver).lexically_normal().string();
    const std::string why_not = setup::why_not_loadable(driver);
    if (!why_not.empty())
        throw Error(state::general_error,
                    "cannot register the driver: " + why_not + "; name the driver by --driver");
    setup_library = fs::absolute(setup_library).lexically_normal().string();
    if (!fs::exists(setup_library)) {
        std::cout << "there is no setup library " << setup_library
                  << "; the driver is registered without one\n";
        setup_library.clear();
    }
    setup::register_driver({driver, setup_library});
    std::cout << "registered " << setup::driver_name << " in " << setup::registry_file() << ": "
              << driver << "\n";
    return 0;
}

int uninstall() {
    const unsigned users = setup::unregister_driver();
    if (users > 0) {
        std::cout << setup::driver_name << " stays in " << setup::registry_file()
                  << ": it has other users (UsageCount=" << users << ")\n";
    } else {
        std::cout << "removed " << setup::driver_name << " from " << setup::registry_file() << "\n";
    }
    return 0;
}

/// 0: done, or all is right; 1: it failed; 2: the arguments are wrong.
int run(int count, char** arguments) {
    CLI::App app{"Registers MyFabric ODBC, checks data sources, and shows where they lead."};
    app.name("myfabric");
    app.set_version_flag("--version", MYFABRIC_VERSION);
    app.require_subcommand(1);
    int result = 0;

    std::string driver = find_library("libmyfabricodbc.so");
    std::string setup_library = find_library("libmyfabricodbcS.so");
    CLI::App* command = app.add_subcommand("install", "Register the driver in odbcinst.ini");
    command->add_option("--driver", driver, "The driver's file")->capture_default_str();
    command->add_option("--setup", setup_library, "The setup library's file")
        ->capture_default_str();
    command->callback([&] { result = install(driver, setup_library); });

    command = app.add_subcommand("uninstall", "Take the driver out of odbcinst.ini");
    command->callback([&] { result = uninstall(); });

    std::string data_source;
    command = app.add_subcommand("check", "Walk the way a connection goes and tell what to mend");
    command->add_option("DSN", data_source, "A data source of odbc.ini")->required();
    command->callback([&] { result = setup::check(data_source, std::cout) ? 0 : 1; });

    command = app.add_subcommand("resolve", "Show the servers that a data source leads to");
    command->add_option("DSN", data_source, "A data source of odbc.ini")->required();
    std::vector<std::pair<std::string, std::string>> changes;
    const auto key = [&, command](const std::string& name, const std::string& option,
                                  const std::string& help) {
        command->add_option_function<std::string>(
            name,
            [&changes, option](const std::string& value) { changes.emplace_back(option, value); },
            help);
    };
    key("--table,--tables", "Tables", "db.table, or a comma-separated list");
    key("--key", "ShardKey", "The shard key");
    key("--group", "Group", "A group, instead of tables");
    key("--mode", "Mode", "readonly, readwrite or auto");
    key("--scope", "Scope", "local or global");
    command->callback([&] { setup::resolve(data_source, changes, std::cout); });

    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;  // --help and --version end here too
    }
    return result;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        return run(count, arguments);
    } catch (const std::exception& error) {
        std::cerr << "myfabric: " << error.what() << "\n";
        return 1;
    }
}
