// The myfabric command.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "base/error.h"
#include "setup/check.h"
#include "setup/farm_commands.h"
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
    CLI::App app{
        "Registers MyFabric ODBC, checks data sources, shows where they lead, and speaks "
        "with their farms."};
    app.name("myfabric");
    app.footer("Exit codes: 0 done, or all is right; 1 it failed; 2 the arguments are wrong.");
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

    bool json = false, ask = false, admin = false, probe = false;
    const auto farm_command = [&](const std::string& name, const std::string& help) {
        CLI::App* added = app.add_subcommand(name, help);
        added
            ->add_option("DSN", data_source,
                         "A data source of odbc.ini, or a connection string (Key=value;...)")
            ->required();
        added->add_flag("--ask-password", ask, "Ask for the password of FabricUser");
        return added;
    };
    const auto options = [&] {
        dsn::Options read = setup::read_target(data_source);
        setup::complete_password(read, ask);
        return read;
    };
    const char* const json_help = "Print JSON instead of text";

    command = farm_command("resolve", "Show the servers that a data source leads to");
    command->add_flag("--json", json, json_help);
    command->footer(
        "JSON: {\"group\", \"shard\", \"servers\": [{\"uuid\", \"host\", \"port\", \"status\", "
        "\"mode\", \"weight\"}]}");
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
    command->callback([&] { setup::resolve(options(), changes, json, std::cout); });

    std::string farm_call;
    std::vector<std::string> farm_arguments;
    command = farm_command("exec", "Run a command of the farm, e.g. group.lookup_servers shard1");
    command->add_option("COMMAND", farm_call, "Its name, e.g. group.health")->required();
    command->add_option("ARGUMENT", farm_arguments, "Its arguments");
    command->add_flag("--admin", admin, "Allow a command that changes the farm");
    command->add_flag("--json", json, json_help);
    command->footer("JSON: [{\"columns\": [...], \"rows\": [[...]]}], one object a result set");
    command->callback(
        [&] { setup::execute(options(), farm_call, farm_arguments, admin, json, std::cout); });

    std::string file;
    command = farm_command("export", "Write the farm as a farm file, for FabricProtocol=file");
    command->add_option("--output", file, "The file; else it is printed");
    command->callback([&] { setup::export_farm(options(), file, std::cout); });

    command = farm_command("status", "Show the groups, servers and sharded tables of a farm");
    command->add_flag("--probe", probe,
                      "Log in to each server; 1 when one that should serve cannot be reached");
    command->add_flag("--json", json, json_help);
    command->footer(
        "JSON: {\"source\", \"ttl\", \"groups\": {\"g\": [{\"uuid\", \"host\", \"port\", "
        "\"status\", \"mode\", \"weight\", \"reachable\", \"error\"}]}, \"tables\": [{\"name\", "
        "\"column\", \"type\", \"shards\", \"global_group\"}]}");
    command->callback([&] { result = setup::status(options(), probe, json, std::cout) ? 0 : 1; });

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
