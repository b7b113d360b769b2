// Every function that gives a text, at every length of its buffer: what is told, what is written,
// in which unit it is counted, where it is cut.
#include <gtest/gtest.h>

#include <cstring>
#include <functional>

#include "odbc/information_texts.h"
#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

constexpr char canary = '\x5A';
constexpr long unset = -77;
// "ë", "本" and an emoji: two, three and four bytes; the last are two units of UTF-16.
constexpr const char* characters = "a\xC3\xAB\xE6\x9C\xAC\xF0\x9F\x98\x80z";
constexpr const char* plane_0 = "a\xC3\xAB\xE6\x9C\xACz";  // what names on the servers have

SQLCHAR* sql(const std::string& text) {
    return reinterpret_cast<SQLCHAR*>(const_cast<char*>(text.c_str()));
}

std::vector<SQLWCHAR> utf16(const std::string& utf8) {
    std::vector<SQLWCHAR> units;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(utf8[i + k]); };
        const std::size_t size = byte(0) < 0x80 ? 1 : byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : 4;
        char32_t code = size == 1 ? byte(0) : byte(0) & (0xFF >> (size + 1));
        for (std::size_t k = 1; k < size; ++k) code = code << 6 | (byte(k) & 0x3F);
        i += size;
        if (code >= 0x10000) units.push_back(static_cast<SQLWCHAR>(0xD7C0 + (code >> 10)));
        units.push_back(static_cast<SQLWCHAR>(code < 0x10000 ? code : 0xDC00 + (code & 0x3FF)));
    }
    units.push_back(0);
    return units;
}

/// One text: the ANSI function and the W function, one after the other.
struct Text {
    std::string name;
    bool counts_characters;  // the W function; else bytes
    bool wide;
    SQLSMALLINT type;  // whose record tells that it was cut
    SQLHANDLE handle;
    /// Calls it; a null `length` is a null pointer.
    std::function<SQLRETURN(SQLPOINTER buffer, int capacity, long* length)> call;

    int unit() const { return wide ? 2 : 1; }
    /// Of the capacity and the length, for `units`.
    int counted(std::size_t units) const {
        return static_cast<int>(units) * (counts_characters ? 1 : unit());
    }
    bool of_diagnostics() const { return name.starts_with("SQLGetDiag"); }
};

template <class Length, class Call>
SQLRETURN with_length(long* length, const Call& call) {
    Length found = static_cast<Length>(unset);
    const SQLRETURN result = call(length ? &found : nullptr);
    if (length) *length = found;
    return result;
}

/// Whether units may be cut before `at`: not within a character.
bool is_boundary(const std::string& bytes, std::size_t at, bool wide) {
    if (at * (wide ? 2 : 1) >= bytes.size()) return true;
    if (!wide) return (static_cast<unsigned char>(bytes[at]) & 0xC0) != 0x80;
    SQLWCHAR unit;
    std::memcpy(&unit, bytes.data() + 2 * at, sizeof unit);
    return unit < 0xDC00 || unit > 0xDFFF;
}

class OutputTexts : public testing::Test {
protected:
    void SetUp() override { link.open(server_string()); }

    /// Everything that `text` promises.
    static void check(const Text& text) {
        SCOPED_TRACE(text.name + (text.wide ? "W" : ""));
        std::string big(70000, canary);
        long length = unset;
        ASSERT_TRUE(SQL_SUCCEEDED(text.call(big.data(), 30000, &length)))
            << diagnostic_text(text.type, text.handle);
        const std::size_t unit = static_cast<std::size_t>(text.unit());
        std::size_t units = 0;
        while (std::any_of(big.data() + units * unit, big.data() + (units + 1) * unit,
                           [](char c) { return c != 0; }))
            ++units;
        const std::string whole = big.substr(0, units * unit);
        EXPECT_EQ(text.counted(units), length);
        for (std::size_t room = 0; room <= units + 2; ++room) {
            if (room > 40 && room + 4 < units) continue;
            check_room(text, whole, units, room);
            if (testing::Test::HasFailure()) return;
        }
        // The length alone.
        length = unset;
        EXPECT_TRUE(SQL_SUCCEEDED(text.call(nullptr, 0, &length)));
        EXPECT_EQ(text.counted(units), length) << "without a buffer";
        // A buffer of no whole number of units.
        if (text.wide && !text.counts_characters) {
            std::string odd(4 + 64, canary);
            const SQLRETURN result = text.call(odd.data(), 3, nullptr);
            EXPECT_TRUE(SQL_SUCCEEDED(result) ||
                        (text.of_diagnostics() || state(text.type, text.handle) == "HY090"));
            EXPECT_EQ(std::string(65, canary), odd.substr(3)) << "3 bytes";
        }
        EXPECT_EQ(SQL_ERROR, text.call(big.data(), -1, &length));
        if (!text.of_diagnostics()) {
            EXPECT_EQ("HY090", state(text.type, text.handle));
        }
    }

    static void check_room(const Text& text, const std::string& whole, std::size_t units,
                           std::size_t room) {
        SCOPED_TRACE("room for " + std::to_string(room) + " of " + std::to_string(units));
        const std::size_t unit = static_cast<std::size_t>(text.unit());
        for (const bool told : {true, false}) {
            std::string buffer(room * unit + 64, canary);
            long length = unset;
            const SQLRETURN result =
                text.call(buffer.data(), text.counted(room), told ? &length : nullptr);
            if (told) {
                EXPECT_EQ(text.counted(units), length);
            }
            EXPECT_EQ(std::string(64, canary), buffer.substr(room * unit)) << "behind the buffer";
            if (room > units) {
                EXPECT_EQ(SQL_SUCCESS, result);
                EXPECT_EQ(whole + std::string(unit, '\0'), buffer.substr(0, whole.size() + unit));
                continue;
            }
            EXPECT_EQ(SQL_SUCCESS_WITH_INFO, result);
            if (!text.of_diagnostics()) {
                EXPECT_EQ("01004", state(text.type, text.handle));
            }
            if (room == 0) continue;
            std::size_t end = room - 1;  // where it has to be cut
            while (!is_boundary(whole, end, text.wide)) --end;
            EXPECT_EQ(whole.substr(0, end * unit) + std::string(unit, '\0'),
                      buffer.substr(0, (end + 1) * unit));
        }
    }

    Link link;
};

TEST_F(OutputTexts, OfInformation) {
    link.run("CREATE DATABASE IF NOT EXISTS `" + std::string(plane_0) + "` CHARACTER SET utf8");
    link.run("USE `" + std::string(plane_0) + "`");
    for (const SQLUSMALLINT type : information_texts) {
        // unixODBC answers these itself, and writes beyond the buffer.
        if (driver_file() && (type == SQL_DATA_SOURCE_NAME || type == SQL_XOPEN_CLI_YEAR)) continue;
        for (const bool wide : {false, true})
            check({"SQLGetInfo " + std::to_string(type), false, wide, SQL_HANDLE_DBC, link.handle(),
                   [&, type, wide](SQLPOINTER buffer, int capacity, long* length) {
                       return with_length<SQLSMALLINT>(length, [&](SQLSMALLINT* n) {
                           return (wide ? SQLGetInfoW : SQLGetInfo)(
                               link.handle(), type, buffer, static_cast<SQLSMALLINT>(capacity), n);
                       });
                   }});
    }
    for (const bool wide : {false, true})
        check({"SQLGetConnectAttr", false, wide, SQL_HANDLE_DBC, link.handle(),
               [&, wide](SQLPOINTER buffer, int capacity, long* length) {
                   return with_length<SQLINTEGER>(length, [&](SQLINTEGER* n) {
                       return (wide ? SQLGetConnectAttrW : SQLGetConnectAttr)(
                           link.handle(), SQL_ATTR_CURRENT_CATALOG, buffer, capacity, n);
                   });
               }});
    link.run("DROP DATABASE `" + std::string(plane_0) + "`");
}

TEST_F(OutputTexts, OfColumns) {
    link.run("DROP TABLE IF EXISTS named");
    link.run("CREATE TABLE named (`" + std::string(plane_0) + "` VARCHAR(10), e VARBINARY(3))");
    Query query(link);
    ASSERT_OK(query, query.run("SELECT `" + std::string(plane_0) + "`, e, 1 FROM named"));
    SQLHDESC ird = SQL_NULL_HDESC;
    SQLGetStmtAttr(query, SQL_ATTR_IMP_ROW_DESC, &ird, 0, nullptr);
    for (SQLUSMALLINT column = 1; column <= 3; ++column)
        for (const bool wide : {false, true}) {
            const auto name = [&](const char* function, int field) {
                return std::string(function) + " " + std::to_string(column) + " " +
                       std::to_string(field);
            };
            check({name("SQLDescribeCol", 0), true, wide, SQL_HANDLE_STMT, query.handle(),
                   [&, wide](SQLPOINTER buffer, int capacity, long* length) {
                       return with_length<SQLSMALLINT>(length, [&](SQLSMALLINT* n) {
                           SQLSMALLINT type = 0, digits = 0, nullable = 0;
                           SQLULEN size = 0;
                           const auto room = static_cast<SQLSMALLINT>(capacity);
                           return wide
                                      ? SQLDescribeColW(query, column,
                                                        static_cast<SQLWCHAR*>(buffer), room, n,
                                                        &type, &size, &digits, &nullable)
                                      : SQLDescribeCol(query, column, static_cast<SQLCHAR*>(buffer),
                                                       room, n, &type, &size, &digits, &nullable);
                       });
                   }});
            check({name("SQLGetDescRec", 0), true, wide, SQL_HANDLE_DESC, ird,
                   [&, wide](SQLPOINTER buffer, int capacity, long* length) {
                       return with_length<SQLSMALLINT>(length, [&](SQLSMALLINT* n) {
                           SQLSMALLINT type = 0, sub = 0, precision = 0, scale = 0, nullable = 0;
                           SQLLEN octets = 0;
                           const auto room = static_cast<SQLSMALLINT>(capacity);
                           const auto number = static_cast<SQLSMALLINT>(column);
                           return wide ? SQLGetDescRecW(ird, number, static_cast<SQLWCHAR*>(buffer),
                                                        room, n, &type, &sub, &octets, &precision,
                                                        &scale, &nullable)
                                       : SQLGetDescRec(ird, number, static_cast<SQLCHAR*>(buffer),
                                                       room, n, &type, &sub, &octets, &precision,
                                                       &scale, &nullable);
                       });
                   }});
            for (const int field :
                 {SQL_DESC_BASE_COLUMN_NAME, SQL_DESC_BASE_TABLE_NAME, SQL_DESC_CATALOG_NAME,
                  SQL_DESC_LABEL, SQL_DESC_LITERAL_PREFIX, SQL_DESC_LITERAL_SUFFIX,
                  SQL_DESC_LOCAL_TYPE_NAME, SQL_DESC_NAME, SQL_DESC_SCHEMA_NAME,
                  SQL_DESC_TABLE_NAME, SQL_DESC_TYPE_NAME}) {
                check({name("SQLColAttribute", field), false, wide, SQL_HANDLE_STMT, query.handle(),
                       [&, wide, field](SQLPOINTER buffer, int capacity, long* length) {
                           return with_length<SQLSMALLINT>(length, [&](SQLSMALLINT* n) {
                               return (wide ? SQLColAttributeW : SQLColAttribute)(
                                   query, column, static_cast<SQLUSMALLINT>(field), buffer,
                                   static_cast<SQLSMALLINT>(capacity), n, nullptr);
                           });
                       }});
                check({name("SQLGetDescField", field), false, wide, SQL_HANDLE_DESC, ird,
                       [&, wide, field](SQLPOINTER buffer, int capacity, long* length) {
                           return with_length<SQLINTEGER>(length, [&](SQLINTEGER* n) {
                               return (wide ? SQLGetDescFieldW : SQLGetDescField)(
                                   ird, static_cast<SQLSMALLINT>(column),
                                   static_cast<SQLSMALLINT>(field), buffer, capacity, n);
                           });
                       }});
            }
        }
}

TEST_F(OutputTexts, OfParameterNames) {
    Query query(link);
    SQLHDESC ipd = SQL_NULL_HDESC;
    SQLGetStmtAttr(query, SQL_ATTR_IMP_PARAM_DESC, &ipd, 0, nullptr);
    ASSERT_EQ(SQL_SUCCESS, SQLSetDescField(ipd, 1, SQL_DESC_NAME, sql(characters), SQL_NTS));
    for (const bool wide : {false, true})
        check({"SQLGetDescField of a parameter", false, wide, SQL_HANDLE_DESC, ipd,
               [&, wide](SQLPOINTER buffer, int capacity, long* length) {
                   return with_length<SQLINTEGER>(length, [&](SQLINTEGER* n) {
                       return (wide ? SQLGetDescFieldW : SQLGetDescField)(ipd, 1, SQL_DESC_NAME,
                                                                          buffer, capacity, n);
                   });
               }});
}

TEST_F(OutputTexts, OfStatements) {
    Query query(link);
    ASSERT_EQ(SQL_SUCCESS, SQLSetCursorName(query, sql(characters), SQL_NTS)) << query.text();
    const std::string text = "SELECT {fn UCASE('" + std::string(characters) + "')}";
    std::vector<SQLWCHAR> wide_text = utf16(text);
    for (const bool wide : {false, true}) {
        check(
            {"SQLGetCursorName", true, wide, SQL_HANDLE_STMT, query.handle(),
             [&, wide](SQLPOINTER buffer, int capacity, long* length) {
                 return with_length<SQLSMALLINT>(length, [&](SQLSMALLINT* n) {
                     const auto room = static_cast<SQLSMALLINT>(capacity);
                     return wide ? SQLGetCursorNameW(query, static_cast<SQLWCHAR*>(buffer), room, n)
                                 : SQLGetCursorName(query, static_cast<SQLCHAR*>(buffer), room, n);
                 });
             }});
        check({"SQLNativeSql", true, wide, SQL_HANDLE_DBC, link.handle(),
               [&, wide](SQLPOINTER buffer, int capacity, long* length) {
                   return with_length<SQLINTEGER>(length, [&](SQLINTEGER* n) {
                       return wide ? SQLNativeSqlW(link.handle(), wide_text.data(), SQL_NTS,
                                                   static_cast<SQLWCHAR*>(buffer), capacity, n)
                                   : SQLNativeSql(link.handle(), sql(text), SQL_NTS,
                                                  static_cast<SQLCHAR*>(buffer), capacity, n);
                   });
               }});
    }
}

TEST_F(OutputTexts, OfDiagnostics) {
    Query query(link);
    // unixODBC keeps the records, and widens their bytes.
    const std::string name = std::string("SQL_CUR") + (driver_file() ? "z" : characters);
    ASSERT_EQ(SQL_ERROR, SQLSetCursorName(query, sql(name), SQL_NTS));
    for (const bool wide : {false, true}) {
        check({"SQLGetDiagRec", true, wide, SQL_HANDLE_STMT, query.handle(),
               [&, wide](SQLPOINTER buffer, int capacity, long* length) {
                   return with_length<SQLSMALLINT>(length, [&](SQLSMALLINT* n) {
                       SQLINTEGER native = 0;
                       const auto room = static_cast<SQLSMALLINT>(capacity);
                       SQLCHAR state[6];
                       SQLWCHAR wide_state[6];
                       return wide ? SQLGetDiagRecW(SQL_HANDLE_STMT, query, 1, wide_state, &native,
                                                    static_cast<SQLWCHAR*>(buffer), room, n)
                                   : SQLGetDiagRec(SQL_HANDLE_STMT, query, 1, state, &native,
                                                   static_cast<SQLCHAR*>(buffer), room, n);
                   });
               }});
        for (const int field :
             {SQL_DIAG_SQLSTATE, SQL_DIAG_MESSAGE_TEXT, SQL_DIAG_CLASS_ORIGIN,
              SQL_DIAG_SUBCLASS_ORIGIN, SQL_DIAG_CONNECTION_NAME, SQL_DIAG_SERVER_NAME}) {
            if (driver_file()) break;  // of those records, in units of its own
            check({"SQLGetDiagField " + std::to_string(field), false, wide, SQL_HANDLE_STMT,
                   query.handle(), [&, wide, field](SQLPOINTER buffer, int capacity, long* length) {
                       return with_length<SQLSMALLINT>(length, [&](SQLSMALLINT* n) {
                           return (wide ? SQLGetDiagFieldW : SQLGetDiagField)(
                               SQL_HANDLE_STMT, query, 1, static_cast<SQLSMALLINT>(field), buffer,
                               static_cast<SQLSMALLINT>(capacity), n);
                       });
                   }});
        }
    }
}

TEST_F(OutputTexts, OfConnecting) {
    const std::string string =
        server_string("InitStmt=SET @a = '" + std::string(characters) + "';");
    SQLHDBC connection = SQL_NULL_HDBC;
    SQLAllocHandle(SQL_HANDLE_DBC, link.environment(), &connection);
    std::vector<SQLWCHAR> wide_string = utf16(string);
    for (const bool is_wide : {false, true}) {
        check({"SQLDriverConnect", true, is_wide, SQL_HANDLE_DBC, connection,
               [&, is_wide](SQLPOINTER buffer, int capacity, long* length) {
                   SQLDisconnect(connection);
                   return with_length<SQLSMALLINT>(length, [&](SQLSMALLINT* n) {
                       const auto room = static_cast<SQLSMALLINT>(capacity);
                       return is_wide ? SQLDriverConnectW(connection, nullptr, wide_string.data(),
                                                          SQL_NTS, static_cast<SQLWCHAR*>(buffer),
                                                          room, n, SQL_DRIVER_NOPROMPT)
                                      : SQLDriverConnect(connection, nullptr, sql(string), SQL_NTS,
                                                         static_cast<SQLCHAR*>(buffer), room, n,
                                                         SQL_DRIVER_NOPROMPT);
                   });
               }});
    }
    SQLDisconnect(connection);
    for (const bool is_wide : {false, true}) {
        if (driver_file()) break;  // unixODBC browses named data sources only
        auto request = utf16("DRIVER=MyFabric");
        check({"SQLBrowseConnect", true, is_wide, SQL_HANDLE_DBC, connection,
               [&, is_wide](SQLPOINTER buffer, int capacity, long* length) {
                   SQLDisconnect(connection);
                   return with_length<SQLSMALLINT>(length, [&](SQLSMALLINT* n) {
                       const auto room = static_cast<SQLSMALLINT>(capacity);
                       const SQLRETURN result =
                           is_wide ? SQLBrowseConnectW(connection, request.data(), SQL_NTS,
                                                       static_cast<SQLWCHAR*>(buffer), room, n)
                                   : SQLBrowseConnect(connection, sql("DRIVER=MyFabric"), SQL_NTS,
                                                      static_cast<SQLCHAR*>(buffer), room, n);
                       if (result != SQL_NEED_DATA) return result;
                       const bool cut = state(SQL_HANDLE_DBC, connection) == "01004";
                       return static_cast<SQLRETURN>(cut ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS);
                   });
               }});
    }
    SQLDisconnect(connection);
    SQLFreeHandle(SQL_HANDLE_DBC, connection);
}

}  // namespace
}  // namespace myfabric::test
