#include "setup/library_file.h"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <odbcinst.h>
#include <sql.h>

#include "ini_folder.h"

namespace myfabric::setup {
namespace {

using testing::HasSubstr;

template <class Function>
std::string library_of(Function* function) {
    Dl_info info{};
    return dladdr(reinterpret_cast<void*>(function), &info) ? info.dli_fname : "";
}

class LibraryFile : public IniFolder {
protected:
    /// A copy of a library, one byte of which is another.
    std::string changed(std::size_t at, char value) const {
        std::ostringstream bytes;
        bytes << std::ifstream(library_of(SQLAllocHandle), std::ios::binary).rdbuf();
        std::string text = bytes.str();
        text.at(at) = value;
        write("changed.so", text);
        return (folder() / "changed.so").string();
    }
};

TEST_F(LibraryFile, WithTheEntryPointsIsADriver) {
    EXPECT_FALSE(library_fault(library_of(SQLAllocHandle)));
}

TEST_F(LibraryFile, FaultsAreToldApart) {
    EXPECT_EQ(library_fault(folder() / "none.so").cause, "driver_missing");
    write("text.so", "not a library");
    EXPECT_EQ(library_fault(folder() / "text.so").cause, "driver_not_a_library");
    EXPECT_EQ(library_fault(library_of(SQLValidDSN)).cause, "driver_not_odbc");
    const LibraryFault small = library_fault(changed(4, 1));
    EXPECT_EQ(small.cause, "driver_bits");
    EXPECT_THAT(small.what, HasSubstr("is a 32-bit library, this program has 64 bits"));
    EXPECT_EQ(library_fault(changed(18, 21)).cause, "driver_processor");
}

TEST(LinkersWords, NameWhatIsMissing) {
    const LibraryFault missing = explain_linker(
        "/l/d.so", "libmariadb.so.3: cannot open shared object file: No such file or directory");
    EXPECT_EQ(missing.cause, "driver_dependency");
    EXPECT_THAT(missing.what, HasSubstr("needs the library libmariadb.so.3"));
    EXPECT_EQ(explain_linker("/l/d.so", "/l/libm.so: version `V_3' not found (required by /l/d.so)")
                  .cause,
              "driver_dependency_old");
    EXPECT_EQ(explain_linker("/l/d.so", "/l/d.so: undefined symbol: f").cause,
              "driver_dependency_old");
    EXPECT_EQ(explain_linker("/l/d.so", "/l/d.so: file too short").cause, "driver_not_loadable");
}

TEST(OurDriver, IsKnownByItsFilesName) {
    EXPECT_TRUE(is_our_driver("/usr/lib/odbc/libmyfabricodbc.so"));
    EXPECT_FALSE(is_our_driver("/usr/lib/odbc/libmaodbc.so"));
    EXPECT_FALSE(is_our_driver("libmaodbc.so"));
}

}  // namespace
}  // namespace myfabric::setup
