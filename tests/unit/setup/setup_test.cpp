#include <gmock/gmock.h>
#include <odbcinst.h>

#include "base/text.h"
#include "base/unicode.h"
#include "ini_folder.h"
#include "setup/register.h"

namespace myfabric::setup {
namespace {

using testing::HasSubstr;
using testing::Not;

class ConfigDsn : public IniFolder {
protected:
    ConfigDsn() { write("odbcinst.ini", "[MyFabric]\nDriver=/nowhere/driver.so\n"); }

    /// `attributes` with ';' for the null bytes.
    static bool config(WORD request, std::string attributes, const char* driver = "MyFabric") {
        SQLValidDSN("any");  // forgets the errors of earlier calls, as every installer call does
        std::replace(attributes.begin(), attributes.end(), ';', '\0');
        attributes += '\0';
        return ConfigDSN(nullptr, request, driver, attributes.c_str());
    }
    static DWORD error_code() {
        DWORD code = 0;
        char message[1024];
        SQLInstallerError(1, &code, message, sizeof message, nullptr);
        return code;
    }
};

TEST_F(ConfigDsn, AddsADataSource) {
    ASSERT_TRUE(config(ODBC_ADD_DSN, "DSN=shop;Server=db1;Port=3307")) << installer_message();
    EXPECT_THAT(read("user.ini"), HasSubstr("[shop]"));
    EXPECT_THAT(read("user.ini"), HasSubstr("MyFabric"));
    EXPECT_THAT(read("user.ini"), HasSubstr("db1"));
    EXPECT_THAT(read("user.ini"), HasSubstr("3307"));
}

TEST_F(ConfigDsn, AddingAnExistingNameWritesItAnew) {
    ASSERT_TRUE(config(ODBC_ADD_DSN, "DSN=shop;Server=db1;Database=old"));
    ASSERT_TRUE(config(ODBC_ADD_DSN, "DSN=shop;Server=db2"));
    EXPECT_THAT(read("user.ini"), HasSubstr("db2"));
    EXPECT_THAT(read("user.ini"), Not(HasSubstr("db1")));
    EXPECT_THAT(read("user.ini"), Not(HasSubstr("old")));
}

TEST_F(ConfigDsn, ChangesTheNamedKeysOnly) {
    ASSERT_TRUE(config(ODBC_ADD_DSN, "DSN=shop;Server=db1;Database=d"));
    ASSERT_TRUE(config(ODBC_CONFIG_DSN, "DSN=shop;Server=db2"));
    EXPECT_THAT(read("user.ini"), HasSubstr("db2"));
    EXPECT_THAT(read("user.ini"), Not(HasSubstr("db1")));
    EXPECT_THAT(read("user.ini"), HasSubstr("Database"));
}

TEST_F(ConfigDsn, ReplacesAnotherSpellingOfAKey) {
    ASSERT_TRUE(config(ODBC_ADD_DSN, "DSN=shop;UID=anna"));
    ASSERT_TRUE(config(ODBC_CONFIG_DSN, "DSN=shop;User=bob"));
    EXPECT_THAT(read("user.ini"), Not(HasSubstr("anna")));
    EXPECT_THAT(read("user.ini"), HasSubstr("bob"));
}

TEST_F(ConfigDsn, TheFirstOfRepeatedKeysCounts) {
    ASSERT_TRUE(config(ODBC_ADD_DSN, "DSN=shop;UID=anna;User=bob"));
    EXPECT_THAT(read("user.ini"), HasSubstr("anna"));
    EXPECT_THAT(read("user.ini"), Not(HasSubstr("bob")));
}

TEST_F(ConfigDsn, AnEmptyValueTakesAKeyAway) {
    ASSERT_TRUE(config(ODBC_ADD_DSN, "DSN=shop;Server=db1;Database=d"));
    ASSERT_TRUE(config(ODBC_CONFIG_DSN, "DSN=shop;Database="));
    EXPECT_THAT(read("user.ini"), Not(HasSubstr("Database")));
    EXPECT_THAT(read("user.ini"), HasSubstr("db1"));
}

TEST_F(ConfigDsn, RemovesADataSource) {
    ASSERT_TRUE(config(ODBC_ADD_DSN, "DSN=shop;Server=db1"));
    ASSERT_TRUE(config(ODBC_REMOVE_DSN, "DSN=shop"));
    EXPECT_THAT(read("user.ini"), Not(HasSubstr("shop")));
}

struct Bad {
    WORD request;
    const char* attributes;
    const char* driver;
    DWORD code;
};

TEST_F(ConfigDsn, ABadRequestChangesNothingAndTellsWhy) {
    ASSERT_TRUE(config(ODBC_ADD_DSN, "DSN=shop;Server=db1"));
    const std::string before = read("user.ini");
    const std::string too_long = "DSN=shop;InitStmt=" + std::string(1000, 'x');
    for (const auto& [request, attributes, driver, code] : {
             Bad{9, "DSN=shop", "MyFabric", ODBC_ERROR_INVALID_REQUEST_TYPE},
             Bad{ODBC_ADD_DSN, "Server=db1", "MyFabric", ODBC_ERROR_INVALID_DSN},
             Bad{ODBC_ADD_DSN, "DSN=  ;Server=db1", "MyFabric", ODBC_ERROR_INVALID_DSN},
             Bad{ODBC_ADD_DSN, "DSN=a[b]", "MyFabric", ODBC_ERROR_INVALID_DSN},
             Bad{ODBC_ADD_DSN, "DSN=n;Server=x", "Unknown", ODBC_ERROR_INVALID_NAME},
             Bad{ODBC_ADD_DSN, "DSN=n;Server=x", "", ODBC_ERROR_INVALID_NAME},
             Bad{ODBC_ADD_DSN, "DSN=n;Server=x", nullptr, ODBC_ERROR_INVALID_NAME},
             Bad{ODBC_ADD_DSN, "DSN=n;Server", "MyFabric", ODBC_ERROR_INVALID_KEYWORD_VALUE},
             Bad{ODBC_ADD_DSN, "DSN=n;=x", "MyFabric", ODBC_ERROR_INVALID_KEYWORD_VALUE},
             Bad{ODBC_ADD_DSN, "DSN=n;Servr=x", "MyFabric", ODBC_ERROR_INVALID_KEYWORD_VALUE},
             Bad{ODBC_ADD_DSN, "DSN=n;Driver=x", "MyFabric", ODBC_ERROR_INVALID_KEYWORD_VALUE},
             Bad{ODBC_ADD_DSN, "DSN=n;Port=many", "MyFabric", ODBC_ERROR_INVALID_KEYWORD_VALUE},
             Bad{ODBC_ADD_DSN, "DSN=n;UID=a\nb", "MyFabric", ODBC_ERROR_INVALID_KEYWORD_VALUE},
             Bad{ODBC_CONFIG_DSN, too_long.c_str(), "MyFabric", ODBC_ERROR_INVALID_KEYWORD_VALUE},
             Bad{ODBC_CONFIG_DSN, "DSN=shop;Port=-1", "MyFabric", ODBC_ERROR_INVALID_KEYWORD_VALUE},
             Bad{ODBC_CONFIG_DSN, "DSN=none;Port=1", "MyFabric", ODBC_ERROR_INVALID_DSN},
             Bad{ODBC_REMOVE_DSN, "DSN=none", "MyFabric", ODBC_ERROR_INVALID_DSN},
         }) {
        EXPECT_FALSE(config(request, attributes, driver)) << attributes;
        EXPECT_EQ(error_code(), code) << attributes << ": " << installer_message();
        EXPECT_NE(installer_message(), "") << attributes;
        EXPECT_EQ(read("user.ini"), before) << attributes;
    }
}

TEST_F(ConfigDsn, NoAttributesAtAllIsAnError) {
    SQLValidDSN("any");
    EXPECT_FALSE(ConfigDSN(nullptr, ODBC_ADD_DSN, "MyFabric", nullptr));
    EXPECT_EQ(error_code(), static_cast<DWORD>(ODBC_ERROR_INVALID_DSN));
}

std::u16string wide(std::string_view text) {
    std::u16string result(utf16_length(text), u'\0');
    utf8_to_utf16(text, reinterpret_cast<SQLWCHAR*>(result.data()), result.size());
    return result;
}

TEST_F(ConfigDsn, TheWideFormWritesUtf8) {
    const std::u16string driver = wide("MyFabric");
    std::u16string attributes = wide("DSN=shop");
    attributes += u'\0';
    attributes += wide("Database=caf\xc3\xa9");
    attributes += u'\0';
    attributes += u'\0';
    ASSERT_TRUE(ConfigDSNW(nullptr, ODBC_ADD_DSN, reinterpret_cast<LPCWSTR>(driver.c_str()),
                           reinterpret_cast<LPCWSTR>(attributes.c_str())))
        << installer_message();
    EXPECT_THAT(read("user.ini"), HasSubstr("caf\xc3\xa9"));
}

TEST_F(ConfigDsn, TheDriversOwnSectionCanBeChanged) {
    WORD length = 9;
    char message[8] = "old";
    EXPECT_TRUE(ConfigDriver(nullptr, ODBC_INSTALL_DRIVER, "MyFabric", nullptr, message,
                             sizeof message, &length));
    EXPECT_STREQ(message, "");
    EXPECT_EQ(length, 0);
    EXPECT_TRUE(
        ConfigDriver(nullptr, ODBC_REMOVE_DRIVER, "MyFabric", nullptr, nullptr, 0, nullptr));
    EXPECT_TRUE(ConfigDriver(nullptr, ODBC_CONFIG_DRIVER, "MyFabric", "CPTimeout=60\0", nullptr, 0,
                             nullptr));
    EXPECT_THAT(read("odbcinst.ini"), HasSubstr("CPTimeout"));
    EXPECT_FALSE(
        ConfigDriver(nullptr, ODBC_CONFIG_DRIVER, "Other", "CPTimeout=60\0", nullptr, 0, nullptr));
    EXPECT_EQ(error_code(), static_cast<DWORD>(ODBC_ERROR_INVALID_NAME));
    SQLValidDSN("any");
    EXPECT_FALSE(ConfigDriver(nullptr, 50, "MyFabric", nullptr, nullptr, 0, nullptr));
    EXPECT_EQ(error_code(), static_cast<DWORD>(ODBC_ERROR_INVALID_REQUEST_TYPE));
}

TEST_F(ConfigDsn, TheWideFormChangesTheDriversSection) {
    const std::u16string driver = wide("MyFabric");
    const std::u16string arguments = wide("CPTimeout=70") + u'\0' + u'\0';
    EXPECT_TRUE(ConfigDriverW(nullptr, ODBC_CONFIG_DRIVER,
                              reinterpret_cast<LPCWSTR>(driver.c_str()),
                              reinterpret_cast<LPCWSTR>(arguments.c_str()), nullptr, 0, nullptr));
    EXPECT_THAT(read("odbcinst.ini"), HasSubstr("70"));
}

}  // namespace
}  // namespace myfabric::setup
