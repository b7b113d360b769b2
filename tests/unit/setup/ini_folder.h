// A folder with ini files for the tests, emptied for each; the machine's are never touched.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace myfabric::setup {

class IniFolder : public testing::Test {
protected:
    IniFolder() {
        std::filesystem::remove_all(folder() / "odbcinst.ini");
        write("odbcinst.ini", "");
        write("odbc.ini", "");
        write("user.ini", "");
    }

    void write(const std::string& file, const std::string& text) const {
        std::ofstream(folder() / file) << text;
    }
    std::string read(const std::string& file) const {
        std::ostringstream text;
        text << std::ifstream(folder() / file).rdbuf();
        return text.str();
    }
    /// One for the whole program: the installer library looks at ODBCSYSINI only once.
    static const std::filesystem::path& folder() {
        static const Folder one;
        return one.path;
    }

private:
    struct Folder {
        Folder() {
            std::string name =
                (std::filesystem::temp_directory_path() / "myfabric-setup-XXXXXX").string();
            path = mkdtemp(name.data());
            setenv("ODBCSYSINI", path.c_str(), 1);
            setenv("ODBCINI", (path / "user.ini").c_str(), 1);
        }
        ~Folder() { std::filesystem::remove_all(path); }
        std::filesystem::path path;
    };
};

}  // namespace myfabric::setup
