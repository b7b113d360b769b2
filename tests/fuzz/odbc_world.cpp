#include "fuzz/odbc_world.h"

#include <sqlucode.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstring>
#include <thread>

namespace myfabric::fuzz {
namespace {

constexpr const char* texts[] = {
    "SELECT 1",
    "SELECT * FROM fuzz_t",
    "SELECT id, c, w, b, d, ts, t, dt, f, dd, bi, bits, e FROM fuzz_t WHERE id > ? ORDER BY id",
    "SELECT c, w, b FROM fuzz_t FOR UPDATE",
    "SELECT ?, ?",
    "SELECT REPEAT('\xc3\xa4', 700), REPEAT('x', 1500)",
    "SELECT 1; SELECT 'two', 2; INSERT INTO fuzz_t (c) VALUES ('three')",
    "INSERT INTO fuzz_t (c, b) VALUES (?, ?)",
    "INSERT INTO fuzz_t (c, d, ts, t, dt) VALUES (?, ?, ?, ?, ?)",
    "INSERT INTO fuzz_t (id) VALUES (1)",
    "UPDATE fuzz_t SET c = ? WHERE CURRENT OF SQL_CUR0",
    "DELETE FROM fuzz_t WHERE CURRENT OF SQL_CUR1",
    "UPDATE fuzz_t SET b = ? WHERE id = ?",
    "DELETE FROM fuzz_t WHERE id = ?",
    "{call fuzz_p(?, ?, ?)}",
    "{call fuzz_p(1, 2, ?)}",
    "{?=call fuzz_f(?)}",
    "{call fuzz_rows(?)}",
    "SELECT {fn LENGTH(?)}, {d '2015-01-02'}, {ts '2015-01-02 03:04:05.6'}",
    "SELECT MAX(bits), COALESCE(bits, 1), f FROM fuzz_t",
    "SELECT bogus FROM fuzz_t",
    "SELECT ? FROM (SELECT 1) x WHERE ? = ? AND '?' = \"?\" -- ?",
    "SET autocommit = 0",
    "START TRANSACTION",
    "COMMIT",
    "ROLLBACK",
    "SET NAMES latin1",
    "SET @a = 1, sql_mode = ''",
    "CREATE TEMPORARY TABLE IF NOT EXISTS fuzz_tmp (a INT)",
    "CALL fabric.status()",
    "CALL fabric.server()",
    "CALL fabric.reset_session()",
    "CALL fabric.use_group(?)",
    "/*fabric: group=g*/ SELECT 1",
    "SHOW TABLES",
    "EXPLAIN SELECT * FROM fuzz_t",
    "KILL CONNECTION_ID()",
    "",
    "?",
    "{",
};
constexpr const char* names[] = {"fuzz_t", "%",    "",           "fuzz\\_t",   "test",    "fuzz_p",
                                 "id",     "c",    "SQL_CUR1",   "TABLE,VIEW", "'TABLE'", "fuzz_%",
                                 "`a`",    "CUR1", "no_such_db", "_"};
constexpr SQLSMALLINT c_types[] = {SQL_C_CHAR,
                                   SQL_C_WCHAR,
                                   SQL_C_BINARY,
                                   SQL_C_SLONG,
                                   SQL_C_ULONG,
                                   SQL_C_LONG,
                                   SQL_C_SSHORT,
                                   SQL_C_SHORT,
                                   SQL_C_STINYINT,
                                   SQL_C_UTINYINT,
                                   SQL_C_SBIGINT,
                                   SQL_C_UBIGINT,
                                   SQL_C_FLOAT,
                                   SQL_C_DOUBLE,
                                   SQL_C_BIT,
                                   SQL_C_NUMERIC,
                                   SQL_C_TYPE_DATE,
                                   SQL_C_TYPE_TIME,
                                   SQL_C_TYPE_TIMESTAMP,
                                   SQL_C_DATE,
                                   SQL_C_TIMESTAMP,
                                   SQL_C_GUID,
                                   SQL_C_INTERVAL_DAY_TO_SECOND,
                                   SQL_C_INTERVAL_YEAR,
                                   SQL_C_DEFAULT,
                                   SQL_ARD_TYPE,
                                   4711};
constexpr SQLSMALLINT sql_types[] = {SQL_CHAR,          SQL_VARCHAR,
                                     SQL_LONGVARCHAR,   SQL_WVARCHAR,
                                     SQL_DECIMAL,       SQL_NUMERIC,
                                     SQL_INTEGER,       SQL_SMALLINT,
                                     SQL_BIGINT,        SQL_TINYINT,
                                     SQL_BIT,           SQL_REAL,
                                     SQL_FLOAT,         SQL_DOUBLE,
                                     SQL_BINARY,        SQL_VARBINARY,
                                     SQL_LONGVARBINARY, SQL_TYPE_DATE,
                                     SQL_TYPE_TIME,     SQL_TYPE_TIMESTAMP,
                                     SQL_GUID,          SQL_INTERVAL_DAY_TO_SECOND,
                                     SQL_ALL_TYPES,     4711};
constexpr std::size_t longest_value = 200;

/// The result of a function that may run by itself.
template <class Function>
SQLRETURN awaited(Function&& function) {
    const auto begun = std::chrono::steady_clock::now();
    SQLRETURN result = function();
    while (result == SQL_STILL_EXECUTING) {
        must(std::chrono::steady_clock::now() - begun < std::chrono::seconds(15));
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        result = function();
    }
    return result;
}

/// Ends a function that connects and still runs by itself: it is to be called again, whichever it
/// is. To others it is nothing but an error.
void settle(SQLHDBC connection) {
    SQLCHAR text[] = "Server=127.0.0.1;Port=1";
    awaited([=] { return SQLConnect(connection, nullptr, 0, nullptr, 0, nullptr, 0); });
    awaited([&] {
        return SQLDriverConnect(connection, nullptr, text, SQL_NTS, nullptr, 0, nullptr,
                                SQL_DRIVER_NOPROMPT);
    });
    awaited([&] { return SQLBrowseConnect(connection, text, SQL_NTS, nullptr, 0, nullptr); });
}

}  // namespace

std::size_t fixed_size(SQLSMALLINT c_type) {
    switch (c_type) {
        case SQL_C_CHAR:
        case SQL_C_WCHAR:
        case SQL_C_BINARY:
            return 0;
        case SQL_C_BIT:
        case SQL_C_STINYINT:
        case SQL_C_UTINYINT:
            return 1;
        case SQL_C_SSHORT:
        case SQL_C_SHORT:
            return 2;
        case SQL_C_SLONG:
        case SQL_C_ULONG:
        case SQL_C_LONG:
        case SQL_C_FLOAT:
            return 4;
        case SQL_C_SBIGINT:
        case SQL_C_UBIGINT:
        case SQL_C_DOUBLE:
            return 8;
        case SQL_C_NUMERIC:
            return sizeof(SQL_NUMERIC_STRUCT);
        case SQL_C_TYPE_DATE:
        case SQL_C_DATE:
            return sizeof(SQL_DATE_STRUCT);
        case SQL_C_TYPE_TIME:
            return sizeof(SQL_TIME_STRUCT);
        case SQL_C_TYPE_TIMESTAMP:
        case SQL_C_TIMESTAMP:
        case SQL_C_GUID:
            return 16;
        case SQL_C_INTERVAL_DAY_TO_SECOND:
        case SQL_C_INTERVAL_YEAR:
            return sizeof(SQL_INTERVAL_STRUCT);
        default:
            return longest_value;  // whatever it turns out to be
    }
}

World::World(Bytes given, std::string connection_string)
    : in(given),
      loose(in.one_in(2)),
      rows(1 + in.below(most_rows)),
      connection_string_(std::move(connection_string)) {}

World::~World() {
    const std::vector<Known> all = handles_;
    for (const Known& known : all)
        if (known.type == SQL_HANDLE_STMT) end(known.handle);
    for (const int type : {SQL_HANDLE_DESC, SQL_HANDLE_DBC, SQL_HANDLE_ENV})
        for (const Known& known : all) {
            if (known.type != type) continue;
            if (type == SQL_HANDLE_DBC) {
                settle(known.handle);
                awaited([&] { return SQLEndTran(SQL_HANDLE_DBC, known.handle, SQL_ROLLBACK); });
                disconnect(known.handle);
            }
            must(SQLFreeHandle(known.type, known.handle) == SQL_SUCCESS);
        }
}

SQLRETURN World::disconnect(SQLHDBC connection) {
    const SQLRETURN result = awaited([=] { return SQLDisconnect(connection); });
    if (SQL_SUCCEEDED(result)) drop_children(connection);
    return result;
}

/// Frees it, also while it executes or needs data.
void World::end(SQLHSTMT statement) {
    const auto begun = std::chrono::steady_clock::now();
    while (SQLFreeHandle(SQL_HANDLE_STMT, statement) != SQL_SUCCESS) {
        SQLCancel(statement);
        must(std::chrono::steady_clock::now() - begun < std::chrono::seconds(15));
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

SQLHANDLE World::any(SQLSMALLINT type) {
    std::vector<SQLHANDLE> fitting;
    for (const Known& known : handles_)
        if (known.type == type) fitting.push_back(known.handle);
    return fitting.empty() ? nullptr : fitting[in.below(fitting.size())];
}

SQLHANDLE World::pick(SQLSMALLINT type) {
    picked_type = type;
    if (in.one_in(40)) {
        picked =
            in.below(2) || handles_.empty() ? nullptr : handles_[in.below(handles_.size())].handle;
        wrong = std::ranges::none_of(
            handles_, [&](const Known& k) { return k.type == type && k.handle == picked; });
        return picked;
    }
    picked = any(type);
    wrong = !picked;
    return picked;
}

SQLHDESC World::descriptor() {
    if (in.below(3) == 0) return pick(SQL_HANDLE_DESC);
    constexpr SQLINTEGER implicit[] = {SQL_ATTR_APP_ROW_DESC, SQL_ATTR_APP_PARAM_DESC,
                                       SQL_ATTR_IMP_ROW_DESC, SQL_ATTR_IMP_PARAM_DESC};
    SQLHDESC found = nullptr;
    const SQLHSTMT of = any(SQL_HANDLE_STMT);
    if (of) SQLGetStmtAttr(of, implicit[in.below(4)], &found, sizeof found, nullptr);
    picked = found;
    picked_type = SQL_HANDLE_DESC;
    wrong = !found;
    return found;
}

SQLSMALLINT World::handle_type() {
    constexpr SQLSMALLINT types[] = {SQL_HANDLE_ENV, SQL_HANDLE_DBC, SQL_HANDLE_STMT,
                                     SQL_HANDLE_DESC};
    return types[in.below(4)];
}

void World::add(SQLSMALLINT type, SQLHANDLE handle, SQLHANDLE parent) {
    handles_.push_back({type, handle, parent});
}

void World::drop(SQLHANDLE handle) {
    std::erase_if(handles_, [&](const Known& known) { return known.handle == handle; });
    if (picked == handle) picked = nullptr;
}

void World::drop_children(SQLHANDLE parent) {
    std::erase_if(handles_, [&](const Known& known) { return known.parent == parent; });
}

std::size_t World::count(SQLSMALLINT type) const {
    return static_cast<std::size_t>(
        std::ranges::count(handles_, type, [](const Known& known) { return known.type; }));
}

char* World::room(std::size_t size) {
    memory_.emplace_back(new char[size]);
    if (size) std::memset(memory_.back().get(), 0, size);
    return memory_.back().get();
}

char* World::copy(std::string_view text, std::size_t more) {
    char* const at = room(text.size() + more);
    if (!text.empty()) std::memcpy(at, text.data(), text.size());
    return at;
}

std::string World::sql() {
    if (in.one_in(12)) return std::string(in.text(in.below(60)));
    return texts[in.below(std::size(texts))];
}

std::string World::name() {
    if (in.one_in(8)) return std::string(in.text(in.below(40)));
    return names[in.below(std::size(names))];
}

World::Narrow World::narrow(std::string text) {
    switch (in.below(8)) {
        case 0:
            return {nullptr, static_cast<SQLSMALLINT>(in.below(4) ? 0 : SQL_NTS)};
        case 1:
            return {reinterpret_cast<SQLCHAR*>(copy(text)), static_cast<SQLSMALLINT>(-4711)};
        case 2:
        case 3:
        case 4:
            return {reinterpret_cast<SQLCHAR*>(copy(text)), static_cast<SQLSMALLINT>(text.size())};
        default:
            return {reinterpret_cast<SQLCHAR*>(copy(text, 1)), SQL_NTS};
    }
}

World::Wide World::wide(std::string text) {
    std::string units;
    for (const char c : text) {
        units.push_back(c);
        units.push_back(c & char(0x80) ? char(0xd8 + (c & 7)) : '\0');
    }
    switch (in.below(8)) {
        case 0:
            return {nullptr, static_cast<SQLSMALLINT>(in.below(4) ? 0 : SQL_NTS)};
        case 1:
            return {reinterpret_cast<SQLWCHAR*>(copy(units)), static_cast<SQLSMALLINT>(-4711)};
        case 2:
        case 3:
            return {reinterpret_cast<SQLWCHAR*>(copy(units)),
                    static_cast<SQLSMALLINT>(text.size())};
        default:
            return {reinterpret_cast<SQLWCHAR*>(copy(units, 2)), SQL_NTS};
    }
}

std::string World::connection_string() {
    constexpr const char* more[] = {"",
                                    "Multi_Statements=1;",
                                    "UnsignedAs=wider;WrapIntegers=1;",
                                    "TrimNul=1;BinaryAsBytes=1;",
                                    "No_Cache=1;",
                                    "Zero_Date_To_Min=1;Min_Date_To_Zero=1;",
                                    "Server=nowhere;ConnectTimeout=1;",
                                    "{{{",
                                    "PWD=wrong;"};
    std::string text = in.one_in(10) ? std::string(in.text(in.below(50))) : "";
    return text + more[in.below(std::size(more))] + connection_string_;
}

World::Out World::out(std::size_t unit) {
    constexpr SQLSMALLINT sizes[] = {0, 1, 2, 3, 8, 20, 129, 512};
    if (in.one_in(8)) return {nullptr, static_cast<SQLSMALLINT>(in.below(20))};
    if (in.one_in(12)) return {room(8), static_cast<SQLSMALLINT>(-3)};
    const SQLSMALLINT capacity = sizes[in.below(std::size(sizes))];
    // A number may come instead of a text.
    return {room(std::max<std::size_t>(static_cast<std::size_t>(capacity) * unit, 8)), capacity};
}

SQLSMALLINT World::c_type() {
    return c_types[in.below(std::size(c_types))];
}

SQLSMALLINT World::sql_type() {
    return sql_types[in.below(std::size(sql_types))];
}

SQLLEN World::number() {
    constexpr SQLLEN numbers[] = {0,   1,  2,  3,  4,     5,        7,       100,
                                  255, -1, -2, -3, 65535, LONG_MAX, LONG_MIN};
    return numbers[in.below(std::size(numbers))];
}

SQLUSMALLINT World::column() {
    return static_cast<SQLUSMALLINT>(in.one_in(20) ? 65535 : in.below(15));
}

SQLLEN World::length_within(SQLLEN capacity, bool asks) {
    switch (in.below(asks ? 12 : 8)) {
        case 0:
            return SQL_NULL_DATA;
        case 1:
        case 2:
            return SQL_NTS;
        case 3:
            return 0;
        case 8:
        case 9:
            return SQL_DATA_AT_EXEC;
        case 10:
            return SQL_LEN_DATA_AT_EXEC(7);
        case 11:
            return in.below(2) ? SQL_COLUMN_IGNORE : SQL_DEFAULT_PARAM;
        default:
            return static_cast<SQLLEN>(in.below(static_cast<std::size_t>(capacity) + 1));
    }
}

World::Bound World::bound(SQLSMALLINT type, bool asks) {
    constexpr SQLLEN sizes[] = {2, 4, 8, 20, 40, 100, 200};
    SQLLEN capacity = static_cast<SQLLEN>(fixed_size(type));
    if (capacity == 0) capacity = sizes[in.below(std::size(sizes))];
    const std::size_t size = loose ? roomy : static_cast<std::size_t>(capacity) * rows;
    char* const data = room(size);
    auto* const lengths = reinterpret_cast<SQLLEN*>(room(loose ? roomy : rows * sizeof(SQLLEN)));
    // Each value ends with zeros: it may be given by SQL_NTS.
    const std::string_view value = in.text(in.below(static_cast<std::size_t>(capacity)));
    const std::size_t ending = fixed_size(type) ? 0 : 2;
    const std::size_t used = value.size() > ending ? value.size() - ending : 0;
    for (SQLULEN row = 0; row < rows; ++row) {
        if (used) std::memcpy(data + row * static_cast<std::size_t>(capacity), value.data(), used);
        lengths[row] = length_within(capacity, asks);
    }
    return {in.one_in(12) ? nullptr : data, capacity, in.one_in(6) ? nullptr : lengths};
}

}  // namespace myfabric::fuzz
