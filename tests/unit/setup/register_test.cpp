#include "setup/register.h"

#include <gmock/gmock.h>
#include <odbcinst.h>

#include "base/error.h"
#include "ini_folder.h"

namespace myfabric::setup {
namespace {

using testing::HasSubstr;
using testing::Not;

using Register = IniFolder;

// What is written is looked up in the file: the library remembers values it has read.

TEST_F(Register, WritesTheSectionOfTheDriver) {
    EXPECT_EQ(registered(), std::nullopt);
    register_driver({"/lib/driver.so", "/lib/setup.so"});
    EXPECT_NE(registered(), std::nullopt);
    for (const char* line : {"[MyFabric]\n", "Driver=/lib/driver.so\n", "Setup=/lib/setup.so\n",
                             "UsageCount=1\n", "Description="})
        EXPECT_THAT(read("odbcinst.ini"), HasSubstr(line));
}

TEST_F(Register, WorksWithoutASetupLibrary) {
    register_driver({"/lib/driver.so", ""});
    EXPECT_THAT(read("odbcinst.ini"), HasSubstr("Driver=/lib/driver.so\n"));
    EXPECT_THAT(read("odbcinst.ini"), Not(HasSubstr("Setup")));
}

TEST_F(Register, IsReadBack) {
    write("odbcinst.ini", "[Other]\nDriver=/lib/other.so\nSetup=/lib/others.so\n");
    EXPECT_EQ(registered("Other"), (Registration{"/lib/other.so", "/lib/others.so"}));
    EXPECT_EQ(registered("Third"), std::nullopt);
    EXPECT_EQ(registered(""), std::nullopt);
}

TEST_F(Register, LeavesOtherDriversAlone) {
    const std::string other = "[Other]\nDriver=/lib/other.so\n";
    write("odbcinst.ini", other);
    register_driver({"/lib/driver.so", ""});
    EXPECT_THAT(read("odbcinst.ini"), HasSubstr(other));
    EXPECT_EQ(unregister_driver(), 0u);
    EXPECT_THAT(read("odbcinst.ini"), HasSubstr(other));
}

TEST_F(Register, OnceMoreReplacesThePathsAndCountsNoFurtherUser) {
    register_driver({"/lib/old.so", "/lib/setup.so"});
    register_driver({"/lib/new.so", "/lib/setup2.so"});
    EXPECT_THAT(read("odbcinst.ini"), Not(HasSubstr("old.so")));
    EXPECT_THAT(read("odbcinst.ini"), HasSubstr("Driver=/lib/new.so\nSetup=/lib/setup2.so\n"));
    EXPECT_THAT(read("odbcinst.ini"), HasSubstr("UsageCount=1\n"));
    EXPECT_EQ(unregister_driver(), 0u);
    EXPECT_EQ(registered(), std::nullopt);
}

TEST_F(Register, TheSectionStaysForOtherUsers) {
    write("odbcinst.ini", "[MyFabric]\nDriver=/lib/driver.so\nUsageCount=2\n");
    EXPECT_EQ(unregister_driver(), 1u);
    EXPECT_NE(registered(), std::nullopt);
    EXPECT_EQ(unregister_driver(), 0u);
    EXPECT_EQ(registered(), std::nullopt);
}

TEST_F(Register, RemovingWhatIsNotThereNamesTheFile) {
    try {
        unregister_driver();
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.message(), HasSubstr((folder() / "odbcinst.ini").string()));
    }
}

TEST_F(Register, AFileThatCannotBeWrittenIsAnError) {
    std::filesystem::remove(folder() / "odbcinst.ini");
    std::filesystem::create_directory(folder() / "odbcinst.ini");
    EXPECT_THROW(register_driver({"/lib/driver.so", ""}), Error);
}

}  // namespace
}  // namespace myfabric::setup
