// odbc_bench: a portable benchmark for ODBC drivers of MySQL-compatible servers.
//
// One file, C++17, links only the driver manager:  c++ -O2 -std=c++17 odbc_bench.cpp -o odbc_bench
// -lodbc -pthread
//
//   odbc_bench [options] CONNECTION-STRING [case ...]
//
// The cases key_* and hint_* need a farm with a table of two shards: keys 1.. and 1000.. .
//
// See README.md for the cases and for how to read the output.

#include <dlfcn.h>
#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

// With the Valgrind headers present the measured regions can be counted alone:
//   valgrind --tool=callgrind --collect-atstart=no ./odbc_bench ...
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_TOGGLE_COLLECT
#endif

namespace {

struct Options {
    std::string dsn;  // connection string
    std::string catalog = "benchcat";
    double scale = 1.0;
    int repeat = 1;
    bool wide = false;  // call the W entry points
    std::vector<std::string> cases;
};
Options opt;

size_t scaled(size_t n) {
    return std::max<size_t>(1, static_cast<size_t>(static_cast<double>(n) * opt.scale));
}

struct Failure {
    std::string text;
};

std::string diagnostics(SQLSMALLINT type, SQLHANDLE h) {
    std::string all;
    for (SQLSMALLINT i = 1; i < 4; ++i) {
        SQLCHAR state[6] = {0}, msg[512] = {0};
        SQLINTEGER native = 0;
        SQLSMALLINT len = 0;
        if (!SQL_SUCCEEDED(SQLGetDiagRec(type, h, i, state, &native, msg, sizeof msg, &len))) break;
        all += std::string(reinterpret_cast<char*>(state)) + " (" + std::to_string(native) + ") " +
               reinterpret_cast<char*>(msg) + "; ";
    }
    return all.empty() ? "no diagnostics" : all;
}

void ok(SQLRETURN rc, SQLSMALLINT type, SQLHANDLE h, const char* what) {
    if (SQL_SUCCEEDED(rc) || rc == SQL_NO_DATA) return;
    throw Failure{std::string(what) + ": rc " + std::to_string(rc) + ": " + diagnostics(type, h)};
}

std::vector<SQLWCHAR> widen(const std::string& s) {
    std::vector<SQLWCHAR> w(s.begin(), s.end());
    w.push_back(0);
    return w;
}

SQLCHAR* text_of(const char* s) {
    return reinterpret_cast<SQLCHAR*>(const_cast<char*>(s));
}

SQLHENV env = SQL_NULL_HENV;

struct Connection {
    SQLHDBC h = SQL_NULL_HDBC;
    bool open = false;
    Connection() { ok(SQLAllocHandle(SQL_HANDLE_DBC, env, &h), SQL_HANDLE_ENV, env, "alloc dbc"); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    void connect() {
        SQLRETURN rc;
        if (opt.wide) {
            auto w = widen(opt.dsn);
            rc = SQLDriverConnectW(h, nullptr, w.data(), SQL_NTS, nullptr, 0, nullptr,
                                   SQL_DRIVER_NOPROMPT);
        } else {
            SQLCHAR out[1024];
            SQLSMALLINT n;
            rc = SQLDriverConnect(h, nullptr,
                                  reinterpret_cast<SQLCHAR*>(const_cast<char*>(opt.dsn.c_str())),
                                  SQL_NTS, out, sizeof out, &n, SQL_DRIVER_NOPROMPT);
        }
        ok(rc, SQL_HANDLE_DBC, h, "connect");
        open = true;
    }
    void disconnect() {
        if (!open) return;
        open = false;
        SQLRETURN rc = SQLDisconnect(h);
        if (!SQL_SUCCEEDED(rc)) {
            SQLEndTran(SQL_HANDLE_DBC, h, SQL_ROLLBACK);
            SQLDisconnect(h);
        }
    }
    void autocommit(bool on) {
        ok(SQLSetConnectAttr(
               h, SQL_ATTR_AUTOCOMMIT,
               reinterpret_cast<SQLPOINTER>(on ? SQL_AUTOCOMMIT_ON : SQL_AUTOCOMMIT_OFF),
               SQL_IS_UINTEGER),
           SQL_HANDLE_DBC, h, "autocommit");
    }
    void commit() { ok(SQLEndTran(SQL_HANDLE_DBC, h, SQL_COMMIT), SQL_HANDLE_DBC, h, "commit"); }
    ~Connection() {
        disconnect();
        SQLFreeHandle(SQL_HANDLE_DBC, h);
    }
};

struct Statement {
    SQLHSTMT h = SQL_NULL_HSTMT;
    explicit Statement(Connection& c) {
        ok(SQLAllocHandle(SQL_HANDLE_STMT, c.h, &h), SQL_HANDLE_DBC, c.h, "alloc stmt");
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement() { SQLFreeHandle(SQL_HANDLE_STMT, h); }
    void check(SQLRETURN rc, const char* what) { ok(rc, SQL_HANDLE_STMT, h, what); }
    void direct(const std::string& sql) {
        SQLRETURN rc;
        if (opt.wide) {
            auto w = widen(sql);
            rc = SQLExecDirectW(h, w.data(), static_cast<SQLINTEGER>(sql.size()));
        } else {
            rc = SQLExecDirect(h, reinterpret_cast<SQLCHAR*>(const_cast<char*>(sql.data())),
                               static_cast<SQLINTEGER>(sql.size()));
        }
        check(rc, "SQLExecDirect");
    }
    void prepare(const std::string& sql) {
        SQLRETURN rc;
        if (opt.wide) {
            auto w = widen(sql);
            rc = SQLPrepareW(h, w.data(), static_cast<SQLINTEGER>(sql.size()));
        } else {
            rc = SQLPrepare(h, reinterpret_cast<SQLCHAR*>(const_cast<char*>(sql.data())),
                            static_cast<SQLINTEGER>(sql.size()));
        }
        check(rc, "SQLPrepare");
    }
    void execute() { check(SQLExecute(h), "SQLExecute"); }
    void run(const std::string& sql, bool prepared) {
        if (prepared) {
            prepare(sql);
            execute();
        } else {
            direct(sql);
        }
    }
    void attr(SQLINTEGER a, SQLULEN v) {
        check(SQLSetStmtAttr(h, a, reinterpret_cast<SQLPOINTER>(v), SQL_IS_UINTEGER),
              "SQLSetStmtAttr");
    }
    void attr_ptr(SQLINTEGER a, void* p) {
        check(SQLSetStmtAttr(h, a, p, SQL_IS_POINTER), "SQLSetStmtAttr");
    }
    void bind(SQLUSMALLINT col, SQLSMALLINT ctype, void* p, SQLLEN len, SQLLEN* ind) {
        check(SQLBindCol(h, col, ctype, p, len, ind), "SQLBindCol");
    }
    bool fetch() {
        SQLRETURN rc = SQLFetch(h);
        if (rc == SQL_NO_DATA) return false;
        if (!SQL_SUCCEEDED(rc)) check(rc, "SQLFetch");
        return true;
    }
    void close() { check(SQLFreeStmt(h, SQL_CLOSE), "SQLFreeStmt"); }
};

// ---- measuring and reporting -------------------------------------------------------------------

using Clock = std::chrono::steady_clock;

// Processor time of this process in the last measured region, without the server's.
double last_user = 0, last_system = 0;

struct Timer {
    Clock::time_point t0;
    struct rusage u0 {};
    void start() {
        getrusage(RUSAGE_SELF, &u0);
        CALLGRIND_TOGGLE_COLLECT;
        t0 = Clock::now();
    }
    double stop() {
        double s = std::chrono::duration<double>(Clock::now() - t0).count();
        CALLGRIND_TOGGLE_COLLECT;
        struct rusage u1 {};
        getrusage(RUSAGE_SELF, &u1);
        auto span = [](const timeval& a, const timeval& b) {
            return static_cast<double>(b.tv_sec - a.tv_sec) +
                   static_cast<double>(b.tv_usec - a.tv_usec) / 1e6;
        };
        last_user = span(u0.ru_utime, u1.ru_utime);
        last_system = span(u0.ru_stime, u1.ru_stime);
        return s;
    }
};

void report(const char* name, const char* unit, size_t n, double seconds, uint64_t check,
            const std::string& extra = "") {
    std::printf(
        "%-20s %-5s n=%-8zu sec=%-10.6f rate=%-12.1f user=%-9.6f sys=%-9.6f check=%016llx%s%s\n",
        name, unit, n, seconds, seconds > 0 ? static_cast<double>(n) / seconds : 0.0, last_user,
        last_system, static_cast<unsigned long long>(check), extra.empty() ? "" : " ",
        extra.c_str());
    std::fflush(stdout);
}

// What a checksum takes of a string: its length and its ends.
template <class C>
uint64_t ends(const C* p, SQLLEN chars) {
    if (chars <= 0) return 0;
    return static_cast<uint64_t>(chars) * 131 + static_cast<uint64_t>(p[0]) * 7 +
           static_cast<uint64_t>(p[chars - 1]);
}

uint64_t of(const SQL_TIMESTAMP_STRUCT& t) {
    return static_cast<uint64_t>(t.year) * 3 + t.month * 5 + t.day * 7 + t.hour * 11 +
           t.minute * 13 + t.second * 17 + t.fraction;
}
uint64_t of(double d) {
    return static_cast<uint64_t>(static_cast<int64_t>(d * 1000.0 + (d < 0 ? -0.5 : 0.5)));
}

// ---- cases
// ---------------------------------------------------------------------------------------

void connect_case(const char* name) {
    size_t n = scaled(300);
    Connection c;
    c.connect();
    c.disconnect();
    Timer t;
    t.start();
    for (size_t i = 0; i < n; ++i) {
        c.connect();
        c.disconnect();
    }
    report(name, "ops", n, t.stop(), n);
}

// The first connection of this process, the loading of the driver included: another process for
// each measurement, so run it often.
void first_connect(const char* name) {
    Timer t;
    t.start();
    Connection c;
    c.connect();
    double sec = t.stop();
    c.disconnect();
    report(name, "ops", 1, sec, 1);
}

// What the dynamic linker and the constructors of the driver's library and of those that it needs
// take, without the driver manager.
void load_case(const char* name) {
    std::string path;
    for (const char* key : {"DRIVER=", "Driver="}) {
        size_t at = opt.dsn.find(key);
        if (at == std::string::npos) continue;
        at += std::strlen(key);
        path = opt.dsn.substr(at, opt.dsn.find(';', at) - at);
    }
    if (path.empty()) throw Failure{"name the library in the connection string: DRIVER=/..."};
    Timer t;
    t.start();
    void* library = dlopen(path.c_str(), RTLD_LAZY);
    double sec = t.stop();
    if (!library) throw Failure{dlerror()};
    report(name, "ops", 1, sec, 1);
}

void fetch_int(const char* name, size_t array, bool prepared) {
    size_t n = scaled(1000000);
    Connection c;
    c.connect();
    Statement s(c);
    std::vector<SQLINTEGER> v[4];
    std::vector<SQLLEN> ind[4];
    for (int k = 0; k < 4; ++k) {
        v[k].resize(array);
        ind[k].resize(array);
    }
    SQLULEN got = 0;
    s.attr(SQL_ATTR_ROW_ARRAY_SIZE, array);
    s.attr_ptr(SQL_ATTR_ROWS_FETCHED_PTR, &got);
    for (int k = 0; k < 4; ++k)
        s.bind(static_cast<SQLUSMALLINT>(k + 1), SQL_C_SLONG, v[k].data(), sizeof(SQLINTEGER),
               ind[k].data());
    uint64_t sum = 0;
    size_t rows = 0;
    Timer t;
    t.start();
    s.run("SELECT a, b, c, d FROM b_int ORDER BY a LIMIT " + std::to_string(n), prepared);
    while (s.fetch()) {
        for (SQLULEN r = 0; r < got; ++r)
            sum += static_cast<uint64_t>(static_cast<int64_t>(v[0][r]) + v[1][r] * 3LL +
                                         v[2][r] * 5LL + v[3][r] * 7LL);
        rows += got;
    }
    s.close();
    report(name, "rows", rows, t.stop(), sum);
}

const char* const mixed_columns = "id, big, dbl, dec_, name, ts, n";

void fetch_mixed(const char* name, size_t array, bool prepared) {
    size_t n = scaled(300000);
    Connection c;
    c.connect();
    Statement s(c);
    struct Text32 {
        SQLCHAR b[32];
    };
    struct Text132 {
        SQLCHAR b[132];
    };
    std::vector<SQLINTEGER> id(array), nul(array);
    std::vector<SQLBIGINT> big(array);
    std::vector<SQLDOUBLE> dbl(array);
    std::vector<Text32> dec(array);
    std::vector<Text132> txt(array);
    std::vector<SQL_TIMESTAMP_STRUCT> ts(array);
    std::vector<SQLLEN> ind[7];
    for (auto& i : ind) i.resize(array);
    SQLULEN got = 0;
    s.attr(SQL_ATTR_ROW_ARRAY_SIZE, array);
    s.attr_ptr(SQL_ATTR_ROWS_FETCHED_PTR, &got);
    s.bind(1, SQL_C_SLONG, id.data(), sizeof(SQLINTEGER), ind[0].data());
    s.bind(2, SQL_C_SBIGINT, big.data(), sizeof(SQLBIGINT), ind[1].data());
    s.bind(3, SQL_C_DOUBLE, dbl.data(), sizeof(SQLDOUBLE), ind[2].data());
    s.bind(4, SQL_C_CHAR, dec.data(), sizeof(Text32), ind[3].data());
    s.bind(5, SQL_C_CHAR, txt.data(), sizeof(Text132), ind[4].data());
    s.bind(6, SQL_C_TYPE_TIMESTAMP, ts.data(), sizeof(SQL_TIMESTAMP_STRUCT), ind[5].data());
    s.bind(7, SQL_C_SLONG, nul.data(), sizeof(SQLINTEGER), ind[6].data());
    uint64_t sum = 0;
    size_t rows = 0;
    Timer t;
    t.start();
    s.run(std::string("SELECT ") + mixed_columns + " FROM b_mixed ORDER BY id LIMIT " +
              std::to_string(n),
          prepared);
    while (s.fetch()) {
        for (SQLULEN r = 0; r < got; ++r) {
            sum += static_cast<uint64_t>(id[r]) + static_cast<uint64_t>(big[r]) + of(dbl[r]) +
                   ends(dec[r].b, ind[3][r]) + ends(txt[r].b, ind[4][r]) + of(ts[r]);
            if (ind[6][r] != SQL_NULL_DATA) sum += static_cast<uint64_t>(nul[r]) * 3;
        }
        rows += got;
    }
    s.close();
    report(name, "rows", rows, t.stop(), sum);
}

constexpr int wide_columns = 20;

template <class C>
void fetch_text(const char* name, SQLSMALLINT ctype, const std::string& table, int columns,
                size_t total) {
    const size_t array = 500, width = 128;
    size_t n = scaled(total);
    Connection c;
    c.connect();
    Statement s(c);
    std::vector<std::vector<C>> v(static_cast<size_t>(columns));
    std::vector<std::vector<SQLLEN>> ind(static_cast<size_t>(columns));
    SQLULEN got = 0;
    s.attr(SQL_ATTR_ROW_ARRAY_SIZE, array);
    s.attr_ptr(SQL_ATTR_ROWS_FETCHED_PTR, &got);
    std::string sql = "SELECT ";
    for (int k = 0; k < columns; ++k) {
        auto u = static_cast<size_t>(k);
        v[u].resize(array * width);
        ind[u].resize(array);
        s.bind(static_cast<SQLUSMALLINT>(k + 1), ctype, v[u].data(),
               static_cast<SQLLEN>(width * sizeof(C)), ind[u].data());
        sql += (k ? ", c" : "c") + std::to_string(k);
    }
    sql += " FROM " + table + " ORDER BY id LIMIT " + std::to_string(n);
    uint64_t sum = 0;
    size_t rows = 0;
    Timer t;
    t.start();
    s.direct(sql);
    while (s.fetch()) {
        for (size_t k = 0; k < v.size(); ++k)
            for (SQLULEN r = 0; r < got; ++r)
                sum += ends(&v[k][r * width], ind[k][r] / static_cast<SQLLEN>(sizeof(C)));
        rows += got;
    }
    s.close();
    report(name, "rows", rows, t.stop(), sum);
}

void fetch_getdata(const char* name, bool wide_text, bool prepared) {
    size_t n = scaled(200000);
    Connection c;
    c.connect();
    Statement s(c);
    uint64_t sum = 0;
    size_t rows = 0;
    Timer t;
    t.start();
    s.run("SELECT id, big, dbl, dec_, name, ts FROM b_mixed ORDER BY id LIMIT " + std::to_string(n),
          prepared);
    SQLINTEGER id = 0;
    SQLBIGINT big = 0;
    SQLDOUBLE dbl = 0;
    SQLCHAR dec[32], txt[132];
    SQLWCHAR wdec[32], wtxt[132];
    SQL_TIMESTAMP_STRUCT ts{};
    SQLLEN ind = 0;
    auto get = [&](SQLUSMALLINT col, SQLSMALLINT type, void* p, SQLLEN len) {
        SQLRETURN rc = SQLGetData(s.h, col, type, p, len, &ind);
        if (rc != SQL_SUCCESS) s.check(rc, "SQLGetData");
    };
    while (s.fetch()) {
        get(1, SQL_C_SLONG, &id, sizeof id);
        sum += static_cast<uint64_t>(id);
        get(2, SQL_C_SBIGINT, &big, sizeof big);
        sum += static_cast<uint64_t>(big);
        get(3, SQL_C_DOUBLE, &dbl, sizeof dbl);
        sum += of(dbl);
        if (wide_text) {
            get(4, SQL_C_WCHAR, wdec, sizeof wdec);
            sum += ends(wdec, ind / 2);
            get(5, SQL_C_WCHAR, wtxt, sizeof wtxt);
            sum += ends(wtxt, ind / 2);
        } else {
            get(4, SQL_C_CHAR, dec, sizeof dec);
            sum += ends(dec, ind);
            get(5, SQL_C_CHAR, txt, sizeof txt);
            sum += ends(txt, ind);
        }
        get(6, SQL_C_TYPE_TIMESTAMP, &ts, sizeof ts);
        sum += of(ts);
        ++rows;
    }
    s.close();
    report(name, "rows", rows, t.stop(), sum);
}

void fetch_blob(const char* name) {
    size_t n = scaled(200);
    Connection c;
    c.connect();
    Statement s(c);
    std::vector<unsigned char> buf(65536);
    uint64_t sum = 0;
    size_t rows = 0, bytes = 0;
    Timer t;
    t.start();
    s.direct("SELECT body FROM b_blob ORDER BY id LIMIT " + std::to_string(n));
    while (s.fetch()) {
        for (;;) {
            SQLLEN ind = 0;
            SQLRETURN rc =
                SQLGetData(s.h, 1, SQL_C_BINARY, buf.data(), static_cast<SQLLEN>(buf.size()), &ind);
            if (rc == SQL_NO_DATA) break;
            s.check(rc, "SQLGetData");
            size_t got = rc == SQL_SUCCESS ? static_cast<size_t>(ind) : buf.size();
            bytes += got;
            sum += got + buf[0] + buf[got - 1];
            if (rc == SQL_SUCCESS) break;
        }
        ++rows;
    }
    s.close();
    double sec = t.stop();
    char extra[64];
    std::snprintf(extra, sizeof extra, "mb_per_s=%.0f", static_cast<double>(bytes) / 1e6 / sec);
    report(name, "rows", rows, sec, sum, extra);
}

uint64_t prepared_points(Connection& c, size_t n, Timer* t, double* seconds, size_t seed) {
    Statement s(c);
    s.prepare("SELECT b, c, d FROM b_int WHERE a = ?");
    SQLINTEGER key = 1, v[3] = {0, 0, 0};
    SQLLEN kind = 0, ind[3];
    s.check(SQLBindParameter(s.h, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &key,
                             sizeof key, &kind),
            "SQLBindParameter");
    for (int k = 0; k < 3; ++k)
        s.bind(static_cast<SQLUSMALLINT>(k + 1), SQL_C_SLONG, &v[k], sizeof v[k], &ind[k]);
    uint64_t sum = 0;
    s.execute();
    s.fetch();
    s.close();
    if (t) t->start();
    for (size_t i = 0; i < n; ++i) {
        key = static_cast<SQLINTEGER>(1 + (i * 7919 + seed) % 900000);
        s.execute();
        if (s.fetch()) sum += static_cast<uint64_t>(static_cast<int64_t>(v[0]) + v[1] + v[2]);
        s.close();
    }
    if (t) *seconds = t->stop();
    return sum;
}

void prepared_point(const char* name) {
    size_t n = scaled(20000);
    Connection c;
    c.connect();
    Timer t;
    double sec = 0;
    uint64_t sum = prepared_points(c, n, &t, &sec, 0);
    report(name, "ops", n, sec, sum);
}

void direct_point(const char* name) {
    size_t n = scaled(20000);
    Connection c;
    c.connect();
    Statement s(c);
    SQLINTEGER v[3] = {0, 0, 0};
    SQLLEN ind[3];
    for (int k = 0; k < 3; ++k)
        s.bind(static_cast<SQLUSMALLINT>(k + 1), SQL_C_SLONG, &v[k], sizeof v[k], &ind[k]);
    uint64_t sum = 0;
    Timer t;
    t.start();
    for (size_t i = 0; i < n; ++i) {
        s.direct("SELECT b, c, d FROM b_int WHERE a = " + std::to_string(1 + (i * 7919) % 900000));
        if (s.fetch()) sum += static_cast<uint64_t>(static_cast<int64_t>(v[0]) + v[1] + v[2]);
        s.close();
    }
    report(name, "ops", n, t.stop(), sum);
}

// What scripting layers do for every query: a new statement, prepare, bind, execute, fetch, drop.
// `fresh`: each has a text that nobody has prepared before; `direct`: by SQLExecDirect.
void prepare_cycle(const char* name, bool fresh, bool direct) {
    size_t n = scaled(10000);
    Connection c;
    c.connect();
    uint64_t sum = 0;
    Timer t;
    t.start();
    for (size_t i = 0; i < n; ++i) {
        Statement s(c);
        SQLINTEGER key = static_cast<SQLINTEGER>(1 + (i * 7919) % 900000), v[3] = {0, 0, 0};
        SQLLEN kind = 0, ind[3];
        std::string sql = "SELECT b, c, d FROM b_int WHERE a = ?";
        if (fresh) sql += " LIMIT " + std::to_string(i + 1);
        if (!direct) s.prepare(sql);
        s.check(SQLBindParameter(s.h, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &key,
                                 sizeof key, &kind),
                "SQLBindParameter");
        if (direct)
            s.direct(sql);
        else
            s.execute();
        SQLSMALLINT cols = 0;
        s.check(SQLNumResultCols(s.h, &cols), "SQLNumResultCols");
        for (int k = 0; k < 3; ++k)
            s.bind(static_cast<SQLUSMALLINT>(k + 1), SQL_C_SLONG, &v[k], sizeof v[k], &ind[k]);
        if (s.fetch()) sum += static_cast<uint64_t>(static_cast<int64_t>(v[0]) + v[1] + v[2]);
    }
    report(name, "ops", n, t.stop(), sum);
}

/// Point selects by turns on both sides of a farm, each with the shard key set before by attribute
/// or in a hint; `stay`: always the same side. See run for the farm.
void sharded_point(const char* name, bool hint, bool stay) {
    constexpr SQLINTEGER shard_key = 20002;
    const size_t n = scaled(100000);
    Connection c;
    c.connect();
    Statement s(c);
    SQLINTEGER v[3];
    SQLLEN ind[3];
    for (SQLUSMALLINT k = 0; k < 3; ++k)
        s.bind(static_cast<SQLUSMALLINT>(k + 1), SQL_C_SLONG, &v[k], sizeof v[k], &ind[k]);
    uint64_t sum = 0;
    const auto select = [&](size_t i) {
        const std::string key = std::to_string(stay || i % 2 ? 7 : 1007);
        std::string sql = "SELECT b, c, d FROM b_int WHERE a = 77";
        if (hint)
            sql = "/*fabric: key=" + key + "*/ " + sql;
        else
            ok(SQLSetConnectAttr(c.h, shard_key, text_of(key.c_str()), SQL_NTS), SQL_HANDLE_DBC,
               c.h, "SQLSetConnectAttr");
        s.direct(sql);
        if (s.fetch()) sum += static_cast<uint64_t>(static_cast<int64_t>(v[0]) + v[1] + v[2]);
        s.close();
    };
    for (size_t i = 0; i < 4; ++i) select(i);  // both sessions are there
    Timer t;
    t.start();
    for (size_t i = 0; i < n; ++i) select(i);
    report(name, "ops", n, t.stop(), sum);
}

/// A statement that the server refuses, its record read; prepared: a row that is there already.
void failing_statement(const char* name, bool prepared) {
    const size_t n = scaled(20000);
    Connection c;
    c.connect();
    Statement s(c);
    if (prepared) s.prepare("INSERT INTO b_int VALUES (1, 0, 0, 0)");
    uint64_t sum = 0;
    Timer t;
    t.start();
    for (size_t i = 0; i < n; ++i) {
        const SQLRETURN rc =
            prepared ? SQLExecute(s.h)
                     : SQLExecDirect(s.h, text_of("SELECT nothing FROM b_int"), SQL_NTS);
        if (SQL_SUCCEEDED(rc)) throw Failure{"a wrong statement succeeded"};
        SQLCHAR state[6], message[512];
        SQLINTEGER native = 0;
        SQLSMALLINT length = 0;
        SQLGetDiagRec(SQL_HANDLE_STMT, s.h, 1, state, &native, message, sizeof message, &length);
        sum += static_cast<uint64_t>(native);
    }
    report(name, "ops", n, t.stop(), sum);
}

/// Cells that are longer than their buffer: 01004 for each, no record read.
void truncated_cell(const char* name) {
    const size_t n = scaled(200000);
    Connection c;
    c.connect();
    Statement s(c);
    s.attr(SQL_ATTR_ROW_ARRAY_SIZE, 100);
    std::vector<std::array<char, 8>> v(100);
    std::vector<SQLLEN> ind(100);
    s.direct("SELECT REPEAT('x', 40) FROM b_int LIMIT " + std::to_string(n));
    s.bind(1, SQL_C_CHAR, v.data(), sizeof v[0], ind.data());
    uint64_t sum = 0;
    size_t rows = 0;
    Timer t;
    t.start();
    SQLRETURN rc;
    while (SQL_SUCCEEDED(rc = SQLFetch(s.h))) {
        if (rc != SQL_SUCCESS_WITH_INFO) throw Failure{"a cell was not cut"};
        sum += static_cast<uint64_t>(ind[0]);
        rows += 100;
    }
    report(name, "rows", rows, t.stop(), sum);
}

/// A long cell by SQLGetData in parts of 100 bytes.
void getdata_part(const char* name) {
    const size_t n = scaled(200000);
    Connection c;
    c.connect();
    Statement s(c);
    s.direct("SELECT REPEAT('x', " + std::to_string(n * 100) + ")");
    s.fetch();
    char part[101];
    SQLLEN left = 0;
    uint64_t sum = 0;
    size_t parts = 0;
    Timer t;
    t.start();
    while (SQL_SUCCEEDED(SQLGetData(s.h, 1, SQL_C_CHAR, part, sizeof part, &left))) {
        sum += static_cast<uint64_t>(left);
        ++parts;
    }
    report(name, "ops", parts, t.stop(), sum);
}

void describe_column(const char* name, bool attribute) {
    const size_t n = scaled(1000000);
    Connection c;
    c.connect();
    Statement s(c);
    s.direct("SELECT a, b, c, d FROM b_int LIMIT 1");
    uint64_t sum = 0;
    Timer t;
    t.start();
    for (size_t i = 0; i < n; ++i) {
        const SQLUSMALLINT column = static_cast<SQLUSMALLINT>(1 + i % 4);
        if (attribute) {
            SQLLEN size = 0;
            s.check(SQLColAttribute(s.h, column, SQL_DESC_OCTET_LENGTH, nullptr, 0, nullptr, &size),
                    "SQLColAttribute");
            sum += static_cast<uint64_t>(size);
        } else {
            SQLCHAR text[64];
            SQLSMALLINT length = 0, type = 0, digits = 0, nullable = 0;
            SQLULEN size = 0;
            s.check(SQLDescribeCol(s.h, column, text, sizeof text, &length, &type, &size, &digits,
                                   &nullable),
                    "SQLDescribeCol");
            sum += size;
        }
    }
    report(name, "ops", n, t.stop(), sum);
}

/// SQLEndTran with nothing to end.
void commit_idle(const char* name) {
    const size_t n = scaled(100000);
    Connection c;
    c.connect();
    c.autocommit(false);
    Timer t;
    t.start();
    for (size_t i = 0; i < n; ++i) c.commit();
    report(name, "ops", n, t.stop(), n);
}

int fill_name(char* p, size_t cap, size_t i) {
    return std::snprintf(p, cap, "row %zu of the array", i);
}
SQL_TIMESTAMP_STRUCT fill_ts(size_t i) {
    SQL_TIMESTAMP_STRUCT t{};
    t.year = static_cast<SQLSMALLINT>(2000 + i % 25);
    t.month = static_cast<SQLUSMALLINT>(1 + i % 12);
    t.day = static_cast<SQLUSMALLINT>(1 + i % 28);
    t.hour = static_cast<SQLUSMALLINT>(i % 24);
    t.minute = static_cast<SQLUSMALLINT>(i % 60);
    t.second = static_cast<SQLUSMALLINT>(i % 59);
    return t;
}

const char* const insert_sql = "INSERT INTO b_ins (id, name, val, ts) VALUES (?, ?, ?, ?)";

uint64_t inserted(Connection& c) {
    Statement s(c);
    SQLBIGINT v = 0;
    SQLLEN ind = 0;
    s.direct(
        "SELECT CAST(COUNT(*) + SUM(id) + SUM(CHAR_LENGTH(name)) + SUM(FLOOR(val)) + SUM(DAY(ts) + "
        "SECOND(ts) + YEAR(ts)) AS SIGNED) FROM b_ins");
    s.bind(1, SQL_C_SBIGINT, &v, sizeof v, &ind);
    s.fetch();
    return static_cast<uint64_t>(v);
}

void truncate_ins(Connection& c) {
    Statement s(c);
    s.direct("TRUNCATE TABLE b_ins");
}

void insert_single(const char* name) {
    size_t n = scaled(20000);
    Connection c;
    c.connect();
    truncate_ins(c);
    c.autocommit(false);
    double sec;
    {
        Statement s(c);
        SQLINTEGER id = 0;
        char txt[33];
        SQLDOUBLE val = 0;
        SQL_TIMESTAMP_STRUCT ts{};
        SQLLEN iid = 0, itxt = 0, ival = 0, its = 0;
        s.prepare(insert_sql);
        s.check(SQLBindParameter(s.h, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &id,
                                 sizeof id, &iid),
                "SQLBindParameter");
        s.check(SQLBindParameter(s.h, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 32, 0, txt,
                                 sizeof txt, &itxt),
                "SQLBindParameter");
        s.check(SQLBindParameter(s.h, 3, SQL_PARAM_INPUT, SQL_C_DOUBLE, SQL_DOUBLE, 15, 0, &val,
                                 sizeof val, &ival),
                "SQLBindParameter");
        s.check(SQLBindParameter(s.h, 4, SQL_PARAM_INPUT, SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP,
                                 19, 0, &ts, sizeof ts, &its),
                "SQLBindParameter");
        Timer t;
        t.start();
        for (size_t i = 0; i < n; ++i) {
            id = static_cast<SQLINTEGER>(i);
            itxt = fill_name(txt, sizeof txt, i);
            val = static_cast<double>(i) * 1.25;
            ts = fill_ts(i);
            its = sizeof ts;
            s.execute();
        }
        c.commit();
        sec = t.stop();
    }
    report(name, "rows", n, sec, inserted(c));
    c.commit();
}

void insert_array(const char* name, size_t array) {
    size_t total = std::max<size_t>(array, scaled(200000) / array * array);
    Connection c;
    c.connect();
    truncate_ins(c);
    c.autocommit(false);
    struct Text33 {
        char b[33];
    };
    std::vector<SQLINTEGER> id(array);
    std::vector<Text33> txt(array);
    std::vector<SQLDOUBLE> val(array);
    std::vector<SQL_TIMESTAMP_STRUCT> ts(array);
    std::vector<SQLLEN> iid(array), itxt(array), ival(array), its(array);
    std::vector<SQLUSMALLINT> status(array);
    SQLULEN processed = 0;
    double sec;
    {
        Statement s(c);
        s.prepare(insert_sql);
        s.attr(SQL_ATTR_PARAM_BIND_TYPE, SQL_PARAM_BIND_BY_COLUMN);
        s.attr(SQL_ATTR_PARAMSET_SIZE, array);
        s.attr_ptr(SQL_ATTR_PARAM_STATUS_PTR, status.data());
        s.attr_ptr(SQL_ATTR_PARAMS_PROCESSED_PTR, &processed);
        s.check(SQLBindParameter(s.h, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, id.data(),
                                 sizeof(SQLINTEGER), iid.data()),
                "SQLBindParameter");
        s.check(SQLBindParameter(s.h, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 32, 0,
                                 txt.data(), sizeof(Text33), itxt.data()),
                "SQLBindParameter");
        s.check(SQLBindParameter(s.h, 3, SQL_PARAM_INPUT, SQL_C_DOUBLE, SQL_DOUBLE, 15, 0,
                                 val.data(), sizeof(SQLDOUBLE), ival.data()),
                "SQLBindParameter");
        s.check(SQLBindParameter(s.h, 4, SQL_PARAM_INPUT, SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP,
                                 19, 0, ts.data(), sizeof(SQL_TIMESTAMP_STRUCT), its.data()),
                "SQLBindParameter");
        Timer t;
        t.start();
        for (size_t done = 0; done < total; done += array) {
            for (size_t r = 0; r < array; ++r) {
                size_t i = done + r;
                id[r] = static_cast<SQLINTEGER>(i);
                iid[r] = 0;
                itxt[r] = fill_name(txt[r].b, sizeof txt[r].b, i);
                val[r] = static_cast<double>(i) * 1.25;
                ival[r] = 0;
                ts[r] = fill_ts(i);
                its[r] = sizeof(SQL_TIMESTAMP_STRUCT);
            }
            s.execute();
            if (processed != array)
                throw Failure{"parameter sets processed: " + std::to_string(processed)};
        }
        c.commit();
        sec = t.stop();
    }
    report(name, "rows", total, sec, inserted(c));
    c.commit();
}

size_t drain(Statement& s, uint64_t& sum, bool columns = true) {
    SQLCHAR table[256], column[256];
    SQLLEN it = 0, ic = 0;
    s.bind(3, SQL_C_CHAR, table, sizeof table, &it);
    if (columns) s.bind(4, SQL_C_CHAR, column, sizeof column, &ic);
    size_t rows = 0;
    while (s.fetch()) {
        sum += ends(table, it) + (ic > 0 ? ends(column, ic) : 0);
        ++rows;
    }
    s.close();
    SQLFreeStmt(s.h, SQL_UNBIND);
    return rows;
}

SQLCHAR* text(const std::string& s) {
    return reinterpret_cast<SQLCHAR*>(const_cast<char*>(s.c_str()));
}

void catalog_tables(const char* name) {
    size_t n = scaled(10), rows = 0;
    Connection c;
    c.connect();
    Statement s(c);
    uint64_t sum = 0;
    auto wc = widen(opt.catalog), wp = widen("%"), wt = widen("TABLE");
    std::string p = "%", ty = "TABLE";
    Timer t;
    t.start();
    for (size_t i = 0; i < n; ++i) {
        s.check(opt.wide ? SQLTablesW(s.h, wc.data(), SQL_NTS, nullptr, 0, wp.data(), SQL_NTS,
                                      wt.data(), SQL_NTS)
                         : SQLTables(s.h, text(opt.catalog), SQL_NTS, nullptr, 0, text(p), SQL_NTS,
                                     text(ty), SQL_NTS),
                "SQLTables");
        rows += drain(s, sum, false);
    }
    report(name, "rows", rows, t.stop(), sum);
}

void catalog_columns(const char* name, bool all) {
    size_t n = all ? 1 : scaled(100), rows = 0;
    Connection c;
    c.connect();
    Statement s(c);
    uint64_t sum = 0;
    auto wc = widen(opt.catalog), wp = widen("%");
    std::string p = "%";
    Timer t;
    t.start();
    for (size_t i = 0; i < n; ++i) {
        char nm[16];
        std::snprintf(nm, sizeof nm, "t%03zu", i * 4 % 500);
        std::string table = all ? "%" : nm;
        auto wtab = widen(table);
        s.check(opt.wide ? SQLColumnsW(s.h, wc.data(), SQL_NTS, nullptr, 0, wtab.data(), SQL_NTS,
                                       wp.data(), SQL_NTS)
                         : SQLColumns(s.h, text(opt.catalog), SQL_NTS, nullptr, 0, text(table),
                                      SQL_NTS, text(p), SQL_NTS),
                "SQLColumns");
        rows += drain(s, sum);
    }
    report(name, "rows", rows, t.stop(), sum);
}

void catalog_keys(const char* name) {
    size_t n = scaled(100), rows = 0;
    Connection c;
    c.connect();
    Statement s(c);
    uint64_t sum = 0;
    auto wc = widen(opt.catalog);
    Timer t;
    t.start();
    for (size_t i = 0; i < n; ++i) {
        char nm[16];
        std::snprintf(nm, sizeof nm, "t%03zu", i * 4 % 500);
        std::string table = nm;
        auto wtab = widen(table);
        s.check(
            opt.wide
                ? SQLPrimaryKeysW(s.h, wc.data(), SQL_NTS, nullptr, 0, wtab.data(), SQL_NTS)
                : SQLPrimaryKeys(s.h, text(opt.catalog), SQL_NTS, nullptr, 0, text(table), SQL_NTS),
            "SQLPrimaryKeys");
        rows += drain(s, sum);
    }
    report(name, "rows", rows, t.stop(), sum);
}

// The peak memory of streaming a large forward-only result, measured in a child of its own.
void memory_case(const char* name) {
    std::fflush(stdout);
    pid_t pid = fork();
    if (pid < 0) throw Failure{"fork failed"};
    if (pid == 0) {
        int rc = 0;
        try {
            size_t n = scaled(1000000), array = 100, rows = 0;
            Connection c;
            c.connect();
            Statement s(c);
            s.attr(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_FORWARD_ONLY);
            struct rusage before {};
            getrusage(RUSAGE_SELF, &before);
            std::vector<SQLINTEGER> v[4];
            std::vector<SQLLEN> ind[4];
            SQLULEN got = 0;
            s.attr(SQL_ATTR_ROW_ARRAY_SIZE, array);
            s.attr_ptr(SQL_ATTR_ROWS_FETCHED_PTR, &got);
            for (int k = 0; k < 4; ++k) {
                v[k].resize(array);
                ind[k].resize(array);
                s.bind(static_cast<SQLUSMALLINT>(k + 1), SQL_C_SLONG, v[k].data(),
                       sizeof(SQLINTEGER), ind[k].data());
            }
            uint64_t sum = 0;
            Timer t;
            t.start();
            s.direct("SELECT a, b, c, d FROM b_int ORDER BY a LIMIT " + std::to_string(n));
            while (s.fetch()) {
                for (SQLULEN r = 0; r < got; ++r)
                    sum += static_cast<uint64_t>(static_cast<int64_t>(v[0][r]) + v[3][r]);
                rows += got;
            }
            s.close();
            double sec = t.stop();
            struct rusage after {};
            getrusage(RUSAGE_SELF, &after);
            report(name, "rows", rows, sec, sum,
                   "peak_kb=" + std::to_string(after.ru_maxrss) +
                       " growth_kb=" + std::to_string(after.ru_maxrss - before.ru_maxrss));
        } catch (const Failure& f) {
            std::printf("%-22s FAILED %s\n", name, f.text.c_str());
            rc = 1;
        }
        std::fflush(stdout);
        _exit(rc);
    }
    int st = 0;
    waitpid(pid, &st, 0);
}

void threads_case(const char* name) {
    const size_t threads = 4;
    size_t each = scaled(5000);
    std::vector<Connection> conns(threads);
    for (auto& c : conns) c.connect();
    std::vector<uint64_t> sums(threads);
    std::vector<std::string> errors(threads);
    Timer t;
    t.start();
    std::vector<std::thread> pool;
    for (size_t k = 0; k < threads; ++k)
        pool.emplace_back([&, k] {
            try {
                CALLGRIND_TOGGLE_COLLECT;  // the toggle is of one thread
                sums[k] = prepared_points(conns[k], each, nullptr, nullptr, k * 1000);
                CALLGRIND_TOGGLE_COLLECT;
            } catch (const Failure& f) {
                errors[k] = f.text;
            }
        });
    for (auto& th : pool) th.join();
    double sec = t.stop();
    for (auto& e : errors)
        if (!e.empty()) throw Failure{e};
    uint64_t sum = 0;
    for (auto s : sums) sum += s;
    report(name, "ops", each * threads, sec, sum);
}

// The fixed price of one call that does no work: application, driver manager, driver.
void call_overhead(const char* name) {
    size_t n = scaled(2000000);
    Connection c;
    c.connect();
    Statement s(c);
    s.direct("SELECT b, c, d FROM b_int WHERE a = 1");
    s.fetch();
    uint64_t sum = 0;
    Timer t;
    t.start();
    for (size_t i = 0; i < n; ++i) {
        SQLSMALLINT cols = 0;
        if (SQLNumResultCols(s.h, &cols) == SQL_SUCCESS) sum += static_cast<uint64_t>(cols);
    }
    double sec = t.stop();
    char extra[64];
    std::snprintf(extra, sizeof extra, "ns_per_call=%.1f", sec * 1e9 / static_cast<double>(n));
    report(name, "ops", n, sec, sum, extra);
}

struct Case {
    const char* name;
    void (*run)(const char*);
};

const Case cases[] = {
    {"memory", [](const char* n) { memory_case(n); }},
    {"connect", [](const char* n) { connect_case(n); }},
    {"first_connect", [](const char* n) { first_connect(n); }},
    {"load", [](const char* n) { load_case(n); }},
    {"fetch_int_a1000", [](const char* n) { fetch_int(n, 1000, false); }},
    {"fetch_int_a1", [](const char* n) { fetch_int(n, 1, false); }},
    {"fetch_int_prep", [](const char* n) { fetch_int(n, 1000, true); }},
    {"fetch_mixed", [](const char* n) { fetch_mixed(n, 1000, false); }},
    {"fetch_mixed_a1", [](const char* n) { fetch_mixed(n, 1, false); }},
    {"fetch_mixed_prep", [](const char* n) { fetch_mixed(n, 1000, true); }},
    {"fetch_wide_char",
     [](const char* n) { fetch_text<SQLCHAR>(n, SQL_C_CHAR, "b_wide", wide_columns, 100000); }},
    {"fetch_wide_wchar",
     [](const char* n) { fetch_text<SQLWCHAR>(n, SQL_C_WCHAR, "b_wide", wide_columns, 100000); }},
    {"fetch_uni_wchar",
     [](const char* n) { fetch_text<SQLWCHAR>(n, SQL_C_WCHAR, "b_uni", 4, 100000); }},
    {"fetch_getdata", [](const char* n) { fetch_getdata(n, false, false); }},
    {"fetch_getdata_w", [](const char* n) { fetch_getdata(n, true, false); }},
    {"fetch_getdata_prep", [](const char* n) { fetch_getdata(n, true, true); }},
    {"fetch_blob", [](const char* n) { fetch_blob(n); }},
    {"prepared_point", [](const char* n) { prepared_point(n); }},
    {"direct_point", [](const char* n) { direct_point(n); }},
    {"prepare_cycle", [](const char* n) { prepare_cycle(n, false, false); }},
    {"prepare_new", [](const char* n) { prepare_cycle(n, true, false); }},
    {"direct_new", [](const char* n) { prepare_cycle(n, true, true); }},
    {"key_switch", [](const char* n) { sharded_point(n, false, false); }},
    {"key_stay", [](const char* n) { sharded_point(n, false, true); }},
    {"hint_switch", [](const char* n) { sharded_point(n, true, false); }},
    {"hint_stay", [](const char* n) { sharded_point(n, true, true); }},
    {"failing_statement", [](const char* n) { failing_statement(n, false); }},
    {"failing_execution", [](const char* n) { failing_statement(n, true); }},
    {"truncated_cell", [](const char* n) { truncated_cell(n); }},
    {"getdata_part", [](const char* n) { getdata_part(n); }},
    {"describe_column", [](const char* n) { describe_column(n, false); }},
    {"column_attribute", [](const char* n) { describe_column(n, true); }},
    {"commit_idle", [](const char* n) { commit_idle(n); }},
    {"insert_single", [](const char* n) { insert_single(n); }},
    {"insert_array", [](const char* n) { insert_array(n, 1000); }},
    {"catalog_tables", [](const char* n) { catalog_tables(n); }},
    {"catalog_columns_all", [](const char* n) { catalog_columns(n, true); }},
    {"catalog_columns_one", [](const char* n) { catalog_columns(n, false); }},
    {"catalog_keys", [](const char* n) { catalog_keys(n); }},
    {"threads", [](const char* n) { threads_case(n); }},
    {"call_overhead", [](const char* n) { call_overhead(n); }},
};

int usage(const char* me) {
    std::fprintf(stderr,
                 "usage: %s [-s SCALE] [-r REPEAT] [-w] [-c CATALOG] CONNECTION-STRING [case ...]\n"
                 "  -s  multiply the row and operation counts (default 1.0)\n"
                 "  -r  run each case this many times\n"
                 "  -w  call the wide-character (W) entry points\n"
                 "  -c  catalog with the many tables (default benchcat)\n"
                 "  -l  list the cases\n",
                 me);
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    int o;
    while ((o = getopt(argc, argv, "s:r:wc:l")) != -1) {
        switch (o) {
            case 's':
                opt.scale = std::atof(optarg);
                break;
            case 'r':
                opt.repeat = std::atoi(optarg);
                break;
            case 'w':
                opt.wide = true;
                break;
            case 'c':
                opt.catalog = optarg;
                break;
            case 'l':
                for (auto& c : cases) std::puts(c.name);
                return 0;
            default:
                return usage(argv[0]);
        }
    }
    if (optind >= argc) return usage(argv[0]);
    opt.dsn = argv[optind++];
    while (optind < argc) opt.cases.emplace_back(argv[optind++]);

    if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env))) return 1;
    SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0);

    int failed = 0;
    for (auto& c : cases) {
        bool wanted = opt.cases.empty();
        for (auto& w : opt.cases) wanted = wanted || w == c.name;
        if (!wanted) continue;
        for (int i = 0; i < opt.repeat; ++i) {
            try {
                c.run(c.name);
            } catch (const Failure& f) {
                std::printf("%-22s FAILED %s\n", c.name, f.text.c_str());
                std::fflush(stdout);
                ++failed;
                break;
            }
        }
    }
    SQLFreeHandle(SQL_HANDLE_ENV, env);
    return failed ? 1 : 0;
}
