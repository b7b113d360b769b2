// The myfabric command.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "base/error.h"
#include "dsn/options.h"
#include "setup/bench.h"
#include "setup/check.h"
#include "setup/command_line.h"
#include "setup/farm_commands.h"
#include "setup/keys.h"
#include "setup/library_file.h"
#include "setup/list.h"
#include "setup/new_source.h"
#include "setup/patience.h"
#include "setup/register.h"
#include "setup/resolve.h"
#include "setup/trace.h"
#include "setup/watch.h"

namespace {

namespace fs = std::filesystem;
using namespace myfabric;

/// The library beside this program in a build or in an installation; the configured place
/// otherwise.
std::string find_library(const std::string& name) {
    std::error_code unknown;  // where /proc is not mounted
    const fs::path here = fs::read_symlink("/proc/self/exe", unknown).parent_path();
    for (const fs::path& folder : {here, here / "../driver", here / MYFABRIC_LIBRARIES_FROM_BIN,
                                   fs::path(MYFABRIC_LIBRARIES)}) {
        const fs::path path = (folder / name).lexically_normal();
        if (fs::exists(path, unknown)) return path.string();
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

/// The commands with their arguments. Each keeps what it was given in the members, and what is to
/// be done in `task_`.
class Program {
public:
    Program() {
        app_.name("myfabric");
        app_.footer(
            "DSN is a data source of odbc.ini, or a connection string (Key=value;...).\n"
            "Exit codes: 0 done, or all is right; 1 it failed; 2 the arguments are wrong.\n"
            "The manual: man myfabric, man 5 myfabric-odbc, man 7 myfabric-odbc.");
        app_.set_version_flag("--version", MYFABRIC_VERSION);
        app_.require_subcommand(1);
        add_registering();
        add_data_sources();
        add_check();
        add_resolve();
        add_farm();
        add_exec();
        add_live();
        add_complete();
    }

    /// 0: done, or all is right; 1: it failed; 2: the arguments are wrong.
    int run(int count, char** arguments) {
        try {
            look_for_mistakes(app_, count, arguments);
            app_.parse(count, arguments);
        } catch (const CLI::ParseError& error) {
            return app_.exit(error) == 0 ? 0 : 2;  // --help and --version end here too
        }
        return task_();
    }

private:
    CLI::App* add(const std::string& name, const std::string& help, const std::string& example,
                  std::function<int()> task) {
        CLI::App* command = app_.add_subcommand(name, help);
        command->footer("Example: " + example);
        command->callback([this, task = std::move(task)] { task_ = task; });
        return command;
    }

    void takes_data_source(CLI::App* command, bool password) {
        command
            ->add_option("DSN", data_source_,
                         "A data source of odbc.ini, or a connection string (Key=value;...)")
            ->required();
        if (password)
            command->add_flag("--ask-password", ask_, "Ask for the password of FabricUser");
    }

    void takes_json(CLI::App* command, const std::string& form) {
        command->add_flag("--json", json_, "Print JSON instead of text");
        command->footer(command->get_footer() + "\nJSON: " + form);
    }

    dsn::Options options() const {
        dsn::Options read = setup::read_target(data_source_);
        setup::complete_password(read, ask_);
        return read;
    }

    void add_registering() {
        CLI::App* command =
            add("install", "Register the driver in odbcinst.ini", "sudo myfabric install",
                [this] { return install(driver_, setup_library_); });
        command->add_option("--driver", driver_, "The driver's file")->capture_default_str();
        command->add_option("--setup", setup_library_, "The setup library's file")
            ->capture_default_str();
        add("uninstall", "Take the driver out of odbcinst.ini", "sudo myfabric uninstall",
            uninstall);
    }

    void add_data_sources() {
        add("new", "Ask what a data source needs, try it, and write it", "myfabric new",
            [] { return setup::new_source(std::cin, std::cerr, std::cout) ? 0 : 1; });
        takes_json(add("list", "The data sources that this driver serves", "myfabric list",
                       [this] {
                           setup::list(json_, std::cout);
                           return 0;
                       }),
                   "[{\"name\", \"file\", \"driver\", \"leads_to\", \"description\"}]");
        CLI::App* command = add("keys", "Every connection key with its meaning and default",
                                "myfabric keys timeout", [this] {
                                    setup::print_keys(word_, json_, std::cout);
                                    return 0;
                                });
        command->add_option("WORD", word_, "Only the keys that hold this word");
        takes_json(command,
                   "[{\"name\", \"aliases\", \"part\", \"type\", \"default\", \"caption\", "
                   "\"values\", \"secret\", \"bit\", \"applies\", \"why\"}], of all keys");
    }

    void add_check() {
        CLI::App* command = add("check", "Walk the way a connection goes and tell what to mend",
                                "myfabric check shop", [this] {
                                    const setup::Patience patience("checking", std::cerr);
                                    return setup::check(data_source_, json_, std::cout) ? 0 : 1;
                                });
        takes_data_source(command, false);
        takes_json(command,
                   "{\"ok\", \"data_source\", \"steps\": [{\"step\", \"status\", \"text\", "
                   "\"cause\", \"mend\"}], \"todo\"}");
    }

    void add_resolve() {
        CLI::App* command = add("resolve", "Show the servers that a data source leads to",
                                "myfabric resolve orders --table shop.orders --key 42", [this] {
                                    const dsn::Options target = options();
                                    const setup::Patience patience("asking the farm", std::cerr);
                                    setup::resolve(target, changes_, json_, std::cout);
                                    return 0;
                                });
        takes_data_source(command, true);
        takes_json(command,
                   "{\"group\", \"shard\", \"servers\": [{\"uuid\", \"host\", \"port\", "
                   "\"status\", \"mode\", \"weight\"}]}");
        const auto key = [&](const std::string& name, const std::string& option,
                             const std::string& help) {
            command->add_option_function<std::string>(
                name,
                [this, option, name](const std::string& value) {
                    check_value(name, option, value);
                    changes_.emplace_back(option, value);
                },
                help);
        };
        key("--table,--tables", "Tables", "db.table, or a comma-separated list");
        key("--key", "ShardKey", "The shard key");
        key("--group", "Group", "A group, instead of tables");
        key("--mode", "Mode", "readonly, readwrite or auto");
        key("--scope", "Scope", "local or global");
    }

    void add_farm() {
        CLI::App* command =
            add("status", "Show the groups, servers and sharded tables of a farm",
                "myfabric status orders --probe", [this] {
                    const dsn::Options target = options();
                    const setup::Patience patience(
                        probe_ ? "asking the farm and its servers" : "asking the farm", std::cerr);
                    return setup::status(target, probe_, json_, std::cout) ? 0 : 1;
                });
        takes_data_source(command, true);
        command->add_flag("--probe", probe_,
                          "Log in to each server; 1 when one that should serve cannot be reached");
        takes_json(
            command,
            "{\"source\", \"ttl\", \"groups\": {\"g\": [{\"uuid\", \"host\", "
            "\"port\", \"status\", \"mode\", \"weight\", \"note\", \"reachable\", \"error\"}]}, "
            "\"tables\": [{\"name\", \"column\", \"type\", \"shards\", "
            "\"global_group\"}], \"counters\": {\"logins\", \"refreshes\", \"node_calls\", "
            "\"cache_hits\", \"bytes_sent\", \"bytes_received\"}}");
        command = add("export", "Write the farm as a farm file, for FabricProtocol=file",
                      "myfabric export orders --output /etc/myfabric/farm.json", [this] {
                          const dsn::Options target = options();
                          const setup::Patience patience("reading the farm", std::cerr);
                          setup::export_farm(target, file_, std::cout);
                          return 0;
                      });
        takes_data_source(command, true);
        command->add_option("--output", file_, "The file; else it is printed");
    }

    void add_exec() {
        CLI::App* command = add(
            "exec", "Run a command of the farm", "myfabric exec orders group.health east", [this] {
                if (!admin_) setup::check_farm_command(farm_call_);
                const dsn::Options target = options();
                const setup::Patience patience("running " + farm_call_, std::cerr);
                setup::execute(target, farm_call_, farm_arguments_, admin_, json_, std::cout);
                return 0;
            });
        takes_data_source(command, true);
        command->add_option("COMMAND", farm_call_, "Its name, e.g. group.health")->required();
        command->add_option("ARGUMENT", farm_arguments_, "Its arguments");
        command->add_flag("--admin", admin_, "Allow a command that changes the farm");
        takes_json(command, "[{\"columns\": [...], \"rows\": [[...]]}], one object a result set");
    }

    void add_live() {
        CLI::App* command =
            add("watch", "Show the servers live, with lag and sessions; leaves on q",
                "myfabric watch orders --every 5", [this] {
                    setup::watch(options(), std::chrono::seconds(every_), views_, std::cout);
                    return 0;
                });
        takes_data_source(command, true);
        command->add_option("--every", every_, "Seconds between two views")
            ->check(CLI::Range(1, 3600))
            ->capture_default_str();
        command->add_option("--views", views_, "End after so many views (0: never)")
            ->capture_default_str();
        command = add("bench", "How long connecting, round trips, rows and moves take",
                      "myfabric bench shop --seconds 20", [this] {
                          setup::bench(data_source_, !options().fabric_host.empty(),
                                       std::chrono::seconds(seconds_), json_, std::cerr, std::cout);
                          return 0;
                      });
        takes_data_source(command, false);
        command->add_option("--seconds", seconds_, "How long it may take")
            ->check(CLI::Range(1, 3600))
            ->capture_default_str();
        takes_json(command,
                   "[{\"what\", \"median_us\", \"p99_us\", \"count\"} or {\"what\", "
                   "\"per_second\", \"count\"}]");
        command = add("trace", "Show what the driver decides, live, from its log",
                      "myfabric trace shop -- isql -b shop", [this] {
                          if (!program_.empty())
                              return setup::trace_program(program_, level_, std::cerr);
                          setup::follow_log(options(), std::cout);
                          return 0;
                      });
        takes_data_source(command, false);
        command->add_option("--level", level_, "info or debug, for a program that is run")
            ->check(CLI::IsMember({"error", "warning", "info", "debug"}))
            ->capture_default_str();
        command->add_option("PROGRAM", program_,
                            "A program to run, behind --, with the driver's log on");
    }

    void add_complete() {
        CLI::App* command =
            add("complete", "What completion asks", "myfabric complete commands", [this] {
                complete(app_, words_);
                return 0;
            });
        command->group("");
        command->add_option("WORD", words_, "");
    }

    CLI::App app_{
        "Registers MyFabric ODBC, writes and checks data sources, shows where they lead, and "
        "speaks with their farms."};
    std::function<int()> task_;
    std::string driver_ = find_library("libmyfabricodbc.so");
    std::string setup_library_ = find_library("libmyfabricodbcS.so");
    std::string data_source_, word_, farm_call_, file_, level_ = "info";
    std::vector<std::string> farm_arguments_, program_, words_;
    std::vector<std::pair<std::string, std::string>> changes_;
    bool json_ = false, ask_ = false, admin_ = false, probe_ = false;
    unsigned every_ = 2, views_ = 0, seconds_ = 60;
};

}  // namespace

int main(int count, char** arguments) {
    try {
        return Program().run(count, arguments);
    } catch (const setup::WrongUse& mistake) {
        std::cerr << "myfabric: " << mistake.what() << "\n";
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "myfabric: " << error.what() << "\n";
        return 1;
    }
}
