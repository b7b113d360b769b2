#include "setup/check.h"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sql.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ini_folder.h"

namespace myfabric::setup {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

/// Any library with the entry points will do where nothing is called.
std::string some_driver() {
    Dl_info info{};
    return dladdr(reinterpret_cast<void*>(SQLAllocHandle), &info) ? info.dli_fname : "";
}

/// A port of this machine where nobody listens.
unsigned closed_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    bind(socket, reinterpret_cast<sockaddr*>(&address), length);
    getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);
    close(socket);
    return ntohs(address.sin_port);
}

class Check : public IniFolder {
protected:
    Check() {
        // The driver is known by its file's name.
        const auto link = folder() / "libmyfabricodbc.so";
        std::filesystem::remove(link);
        std::filesystem::create_symlink(some_driver(), link);
        write("odbcinst.ini", "[MyFabric]\nDriver=" + link.string() + "\n");
    }

    std::string run(const std::string& keys) {
        // The library remembers values: every run has a data source of its own.
        const std::string name = "check" + std::to_string(++runs_);
        write("odbc.ini", "[" + name + "]\n" + keys);
        std::ostringstream out;
        passed_ = check(name, false, out);
        return out.str();
    }

    bool passed_ = true;

private:
    inline static int runs_ = 0;
};

TEST_F(Check, NamesTheFilesThatLackTheDataSource) {
    std::ostringstream out;
    EXPECT_FALSE(check("nowhere", false, out));
    EXPECT_THAT(out.str(), HasSubstr("FAILED  odbc.ini: no data source [nowhere]"));
    EXPECT_THAT(out.str(), HasSubstr((folder() / "odbc.ini").string()));
}

TEST_F(Check, NamesAWrongValue) {
    EXPECT_THAT(run("Driver=MyFabric\nPort=many\n"),
                HasSubstr("FAILED  odbc.ini: 'm...' cannot be used for the connection key Port"));
    EXPECT_FALSE(passed_);
}

TEST_F(Check, NotesKeysWithoutEffectAndGoesOn) {
    const std::string lines = run("Driver=None\nServr=db1\nNO_SSPS=1\n");
    EXPECT_THAT(lines, HasSubstr("note    odbc.ini: 'Servr'"));
    EXPECT_THAT(lines, HasSubstr("note    odbc.ini: the connection key No_SSPS"));
    EXPECT_THAT(lines, HasSubstr("FAILED  driver"));
}

TEST_F(Check, TellsADriverThatIsNotRegistered) {
    EXPECT_THAT(run("Driver=None\n"),
                ContainsRegex("FAILED  driver: \\[None\\].*\nTo do   write Driver=MyFabric"));
    EXPECT_THAT(run("Server=x\n"), HasSubstr("To do   add Driver=MyFabric"));
}

TEST_F(Check, TellsADriverThatDoesNotLoad) {
    EXPECT_THAT(run("Driver=/nowhere/driver.so\n"),
                HasSubstr("there is no file /nowhere/driver.so"));
    EXPECT_FALSE(passed_);
}

TEST_F(Check, TellsAFarmThatCannotBeRead) {
    const std::string lines =
        run("Driver=MyFabric\nFabricProtocol=file\nFabricHost=/nowhere.json\n" +
            std::string("Group=g\nFabricConnectionAttempts=1\n"));
    EXPECT_THAT(lines, HasSubstr("ok      driver"));
    EXPECT_THAT(lines, ContainsRegex("FAILED  farm: .*/nowhere.json"));
    EXPECT_FALSE(passed_);
}

TEST_F(Check, TellsAServerThatDoesNotAnswer) {
    const unsigned port = closed_port();
    const std::string lines =
        run("Driver=MyFabric\nServer=127.0.0.1\nPort=" + std::to_string(port) +
            "\nUID=anna\nPWD=hunter2\n");
    EXPECT_THAT(lines, HasSubstr("FAILED  server: 127.0.0.1:" + std::to_string(port)));
    EXPECT_THAT(lines, HasSubstr("To do   start the server: nobody listens at"));
    EXPECT_THAT(lines, Not(HasSubstr("hunter2")));
    EXPECT_FALSE(passed_);
}

}  // namespace
}  // namespace myfabric::setup
