#include "support/peers.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

#include "support/folders.h"
#include "support/servers.h"

namespace myfabric::test {

Peers& Peers::get() {
    static Peers peers;
    return peers;
}

Peers::Peers() {
    int commands[2], answers[2];
    if (pipe2(commands, O_CLOEXEC) != 0 || pipe2(answers, O_CLOEXEC) != 0)
        throw std::runtime_error("no pipe");
    const std::string program = tests_file("hostile/peers.py");
    process_ = fork();
    if (process_ == 0) {
        dup2(commands[0], STDIN_FILENO);
        dup2(answers[1], STDOUT_FILENO);
        execlp("python3", "python3", program.c_str(), static_cast<char*>(nullptr));
        _exit(127);
    }
    close(commands[0]);
    close(answers[1]);
    to_ = fdopen(commands[1], "w");
    from_ = fdopen(answers[0], "r");
}

Peers::~Peers() {
    std::fclose(to_);  // it ends by that
    std::fclose(from_);
    waitpid(process_, nullptr, 0);
}

nlohmann::json Peers::ask(const nlohmann::json& command) {
    std::fprintf(to_, "%s\n", command.dump().c_str());
    std::fflush(to_);
    char* line = nullptr;
    std::size_t room = 0;
    const ssize_t length = getline(&line, &room, from_);
    const std::string answer(line ? line : "", length > 0 ? static_cast<std::size_t>(length) : 0);
    std::free(line);
    if (answer.empty()) throw std::runtime_error("peers.py has ended (does python3 work?)");
    return nlohmann::json::parse(answer);
}

int Peers::mysql(const nlohmann::json& scenario) {
    return ask({{"mysql", scenario}}).at("port").get<int>();
}

int Peers::node(const nlohmann::json& scenario) {
    return ask({{"node", scenario}}).at("port").get<int>();
}

nlohmann::json Peers::told(int port, double seconds) {
    return ask({{"told", port}, {"wait", seconds}});
}

namespace {

struct Folder {
    Folder() {
        path = (std::filesystem::temp_directory_path() / "myfabric-certificates-XXXXXX").string();
        if (!mkdtemp(path.data())) throw std::runtime_error("no temporary folder");
        output_of("python3 " + tests_file("hostile/certificates.py") + " " + path);
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string path;
};

}  // namespace

const std::string& certificates() {
    static const Folder folder;
    return folder.path;
}

}  // namespace myfabric::test
