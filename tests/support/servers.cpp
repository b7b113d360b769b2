#include "support/servers.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "support/folders.h"

namespace myfabric::test {

std::string output_of(const std::string& command) {
    std::FILE* pipe = popen(command.c_str(), "r");
    if (!pipe) throw std::runtime_error("cannot run " + command);
    std::string output;
    std::array<char, 4096> part;
    while (std::size_t read = std::fread(part.data(), 1, part.size(), pipe))
        output.append(part.data(), read);
    if (pclose(pipe) != 0) throw std::runtime_error(command + " failed: " + output);
    return output;
}

std::string server_kind() {
    const char* kind = std::getenv("MYFABRIC_TEST_SERVER");
    return kind ? kind : "mariadb";
}

const nlohmann::json& server() {
    // The watcher of the script stops the server when this process is gone, however it ends.
    static const nlohmann::json description =
        nlohmann::json::parse(output_of(tests_file("servers/servers") + " start " + server_kind() +
                                        " --watch " + std::to_string(getpid())));
    return description;
}

std::string driver_key() {
    return driver_file() ? "DRIVER={" + std::string(driver_file()) + "};" : std::string();
}

std::string server_string(const std::string& more) {
    const nlohmann::json& at = server();
    return driver_key() + more + "Server=127.0.0.1;Port=" + std::to_string(at["port"].get<int>()) +
           ";User=" + at["user"].get<std::string>() +
           ";Password=" + at["password"].get<std::string>() +
           ";Database=" + at["database"].get<std::string>();
}

namespace {

std::string farm_program() {
    return tests_file("farm/farm") + " ";
}

}  // namespace

Farm::Farm(const std::string& options)
    : description_(nlohmann::json::parse(output_of(farm_program() + "start --watch " +
                                                   std::to_string(getpid()) + " " + options))) {}

Farm::~Farm() {
    try {
        command("stop", "");
    } catch (const std::exception&) {
        // Its watcher ends it when this process is gone.
    }
}

std::string Farm::command(const std::string& name, const std::string& arguments) const {
    return output_of(farm_program() + name + " " + description_["dir"].get<std::string>() + " " +
                     arguments);
}

nlohmann::json Farm::status() const {
    return nlohmann::json::parse(command("status", ""));
}

std::string Farm::address(const std::string& group, const std::string& status) const {
    const nlohmann::json now = this->status();
    for (const auto& server : now["groups"][group])
        if (server["status"] == status)
            return server["host"].get<std::string>() + ":" +
                   std::to_string(server["port"].get<int>());
    return {};
}

std::string Farm::string(const std::string& target, bool by_file) const {
    const nlohmann::json& d = description_;
    std::string keys = driver_key() + target;
    if (by_file || d["fabric"].is_null()) {
        keys += "FabricProtocol=file;FabricHost=" + d["farm_file"].get<std::string>() + ";";
    } else {
        keys +=
            "FabricHost=127.0.0.1;FabricPort=" + std::to_string(d["fabric"]["port"].get<int>()) +
            ";FabricUser=" + d["fabric"]["user"].get<std::string>() +
            ";FabricPassword=" + d["fabric"]["password"].get<std::string>() + ";";
    }
    return keys + "User=" + d["user"].get<std::string>() +
           ";Password=" + d["password"].get<std::string>() +
           ";Database=" + d["database"].get<std::string>();
}

BadNode::BadNode(const std::string& mode) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    const std::string program = tests_file("node/bad_node.py");
    const std::string watch = std::to_string(getpid());
    process_ = fork();
    if (process_ == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execlp("python3", "python3", program.c_str(), "--mode", mode.c_str(), "--port", "0",
               "--watch", watch.c_str(), static_cast<char*>(nullptr));
        _exit(127);
    }
    close(ends[1]);
    std::FILE* lines = fdopen(ends[0], "r");
    if (std::fscanf(lines, "%d", &port_) != 1)
        throw std::runtime_error("bad_node.py said no port for mode " + mode);
    std::fclose(lines);
}

BadNode::~BadNode() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
}

}  // namespace myfabric::test
