// The myfabric command.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "base/error.h"
#include "dsn/options.h"
#include "setup/check.h"
#include "setup/command_line.h"
#include "setup/farm_commands.h"
#include "setup/keys.h"
#include "setup/library_file.h"
#include "setup/list.h"
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
    if (const setup::LibraryFault fault = setup::library_fault(driver))
        throw Error(state::general_error, "cannot register the driver: " + fault.what + "; " +
                                              fault.mend + ", or name the driver by --driver");
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

/// A value that the key would refuse is a mistake on the command line.
void check_value(const std::string& name, const std::string& key, const std::string& value) {
    try {
        dsn::Options options = dsn::default_options();
        dsn::set_option(options, *dsn::find_option(key), value);
    } catch (const Error& error) {
        throw setup::WrongUse(name + ": " + error.message());
    }
}

/// The visible commands.
std::vector<std::string> names_of_commands(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands({}))
        if (!command->get_group().empty()) names.push_back(command->get_name());
    return names;
}

std::vector<std::string> options_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options())
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    return names;
}

/// A mistyped command or option, with what may have been meant. Throws WrongUse.
void look_for_mistakes(const CLI::App& app, int count, char** arguments) {
    if (count < 2) return;
    const std::string first = arguments[1];
    const CLI::App* command = nullptr;
    for (const CLI::App* each : app.get_subcommands({}))
        if (each->get_name() == first) command = each;
    if (!command && !first.starts_with('-'))
        throw setup::WrongUse(
            setup::unknown_word("command", first, names_of_commands(app), "see myfabric --help"));
    const std::vector<std::string> known = options_of(command ? *command : app);
    for (int i = 1; i < count; ++i) {
        const std::string given = arguments[i], word = given.substr(0, given.find('='));
        if (word == "--") return;  // what follows is no option
        if (word.starts_with("--") && std::ranges::find(known, word) == known.end())
            throw setup::WrongUse(setup::unknown_word(
                "option", word, known, "see myfabric " + (command ? first + " " : "") + "--help"));
    }
}

/// What the shells' completion asks: commands, options COMMAND, takes-dsn COMMAND, dsn.
void complete(const CLI::App& app, const std::vector<std::string>& words) {
    const std::string about = words.empty() ? "" : words[0];
    const CLI::App* command = nullptr;
    for (const CLI::App* each : app.get_subcommands({}))
        if (words.size() > 1 && each->get_name() == words[1]) command = each;
    std::vector<std::string> answers;
    if (about == "commands") answers = names_of_commands(app);
    if (about == "options" && command) answers = options_of(*command);
    if (about == "takes-dsn" && command && command->get_option_no_throw("DSN")) answers = {"yes"};
    if (about == "dsn")
        for (const setup::DataSource& source : setup::data_sources())
            answers.push_back(source.name);
    for (const std::string& answer : answers) std::cout << answer << "\n";
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
    bool json = false, ask = false, admin = false, probe = false;
    command
        ->add_option("DSN", data_source,
                     "A data source of odbc.ini, or a connection string (Key=value;...)")
        ->required();
    command->add_flag("--json", json, "Print JSON instead of text");
    command->footer(
        "JSON: {\"ok\", \"data_source\", \"steps\": [{\"step\", \"status\", \"text\", "
        "\"cause\", \"mend\"}], \"todo\"}");
    command->callback([&] { result = setup::check(data_source, json, std::cout) ? 0 : 1; });

    const auto farm_command = [&](const std::string& name, const std::string& help) {
        CLI::App* added = app.add_subcommand(name, help);
        added
            ->add_option("DSN", data_source,
                         "A data source of odbc.ini, or a connection string (Key=value;...)")
            ->required();
        added->add_flag("--ask-password", ask, "Ask for the password of FabricUser");
        return added;
    };
    command = app.add_subcommand("list", "The data sources that this driver serves");
    command->add_flag("--json", json, "Print JSON instead of text");
    command->footer("JSON: [{\"name\", \"file\", \"driver\", \"leads_to\", \"description\"}]");
    command->callback([&] { setup::list(json, std::cout); });

    std::string word;
    command = app.add_subcommand("keys", "Every connection key with its meaning and default");
    command->add_option("WORD", word, "Only the keys that hold this word");
    command->add_flag("--json", json, "Print JSON instead of text, of all keys");
    command->callback([&] { setup::print_keys(word, json, std::cout); });

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
            [&changes, option, name](const std::string& value) {
                check_value(name, option, value);
                changes.emplace_back(option, value);
            },
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
    command->callback([&] {
        if (!admin) setup::check_farm_command(farm_call);
        setup::execute(options(), farm_call, farm_arguments, admin, json, std::cout);
    });

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

    std::vector<std::string> words;
    command = app.add_subcommand("complete", "What completion asks");
    command->group("");
    command->add_option("WORD", words, "");
    command->callback([&] { complete(app, words); });

    try {
        look_for_mistakes(app, count, arguments);
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
    } catch (const setup::WrongUse& mistake) {
        std::cerr << "myfabric: " << mistake.what() << "\n";
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "myfabric: " << error.what() << "\n";
        return 1;
    }
}
