// raw_bench: the work of odbc_bench done with the plain MySQL / MariaDB C API, as the limit to
// compare drivers with.
//
//   c++ -O2 -std=c++17 raw_bench.cpp -o raw_bench $(mariadb_config --cflags --libs) -pthread (or
//   mysql_config)
//
//   raw_bench [-p text|store|bin] [options] "SERVER=..;PORT=..;UID=..;PWD=..;DATABASE=..;SOCKET=.."
//   [case ...]
//
//   text   text protocol, rows taken from the wire one at a time (mysql_use_result)
//   store  text protocol, the whole result first (mysql_store_result)
//   bin    binary protocol: mysql_stmt with bound buffers (and the bulk protocol for arrays, where
//   the library has it)

#include <mysql.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_TOGGLE_COLLECT
#endif

namespace {

// "bool" in some client libraries, "char" in others.
using Flag = std::remove_pointer_t<decltype(MYSQL_BIND::is_null)>;

enum class Mode { text, store, bin };
Mode mode = Mode::text;
double scale = 1.0;
int repeat = 1;
std::string catalog = "benchcat";
std::string server = "127.0.0.1", user, password, database, unix_socket;
unsigned port = 3306;

size_t scaled(size_t n) {
    return std::max<size_t>(1, static_cast<size_t>(static_cast<double>(n) * scale));
}

struct Failure {
    std::string text;
};

struct Connection {
    MYSQL* m = nullptr;
    void connect() {
        m = mysql_init(nullptr);
        mysql_options(m, MYSQL_SET_CHARSET_NAME, "utf8mb4");
        if (!mysql_real_connect(m, unix_socket.empty() ? server.c_str() : "localhost", user.c_str(),
                                password.c_str(), database.c_str(), port,
                                unix_socket.empty() ? nullptr : unix_socket.c_str(), 0))
            throw Failure{mysql_error(m)};
    }
    void close() {
        if (m) mysql_close(m);
        m = nullptr;
    }
    ~Connection() { close(); }
    void query(const std::string& q) {
        if (mysql_real_query(m, q.data(), q.size())) throw Failure{mysql_error(m)};
    }
    MYSQL_RES* result() {
        MYSQL_RES* r = mode == Mode::store ? mysql_store_result(m) : mysql_use_result(m);
        if (!r) throw Failure{mysql_error(m)};
        return r;
    }
};

struct Stmt {
    MYSQL_STMT* s;
    explicit Stmt(Connection& c) : s(mysql_stmt_init(c.m)) {}
    Stmt(const Stmt&) = delete;
    Stmt& operator=(const Stmt&) = delete;
    ~Stmt() { mysql_stmt_close(s); }
    void check(int bad) {
        if (bad) throw Failure{mysql_stmt_error(s)};
    }
    void prepare(const std::string& q) { check(mysql_stmt_prepare(s, q.data(), q.size())); }
    void execute() { check(mysql_stmt_execute(s)); }
    bool fetch() {
        int rc = mysql_stmt_fetch(s);
        if (rc == MYSQL_NO_DATA) return false;
        if (rc == 1) check(1);
        return true;
    }
};

MYSQL_BIND bind(enum_field_types type, void* buf, unsigned long size, unsigned long* len,
                Flag* null) {
    MYSQL_BIND b;
    std::memset(&b, 0, sizeof b);
    b.buffer_type = type;
    b.buffer = buf;
    b.buffer_length = size;
    b.length = len;
    b.is_null = null;
    return b;
}

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

template <class C>
uint64_t ends(const C* p, long chars) {
    if (chars <= 0) return 0;
    return static_cast<uint64_t>(chars) * 131 + static_cast<uint64_t>(p[0]) * 7 +
           static_cast<uint64_t>(p[chars - 1]);
}
uint64_t of(double d) {
    return static_cast<uint64_t>(static_cast<int64_t>(d * 1000.0 + (d < 0 ? -0.5 : 0.5)));
}

struct Stamp {
    int16_t year;
    uint16_t month, day, hour, minute, second;
    uint32_t fraction;
};
uint64_t of(const Stamp& t) {
    return static_cast<uint64_t>(t.year) * 3 + t.month * 5 + t.day * 7 + t.hour * 11 +
           t.minute * 13 + t.second * 17 + t.fraction;
}

// Text to numbers, as a good driver would do it.
template <class T>
T integer(const char* p, unsigned long n) {
    T v = 0;
    std::from_chars(p, p + n, v);
    return v;
}
double real(const char* p, unsigned long n) {
    double v = 0;
    std::from_chars(p, p + n, v);
    return v;
}
unsigned two(const char* p) {
    return static_cast<unsigned>((p[0] - '0') * 10 + (p[1] - '0'));
}
Stamp stamp(const char* p) {
    Stamp t;
    t.year = static_cast<int16_t>(two(p) * 100 + two(p + 2));
    t.month = static_cast<uint16_t>(two(p + 5));
    t.day = static_cast<uint16_t>(two(p + 8));
    t.hour = static_cast<uint16_t>(two(p + 11));
    t.minute = static_cast<uint16_t>(two(p + 14));
    t.second = static_cast<uint16_t>(two(p + 17));
    t.fraction = 0;
    return t;
}
Stamp stamp(const MYSQL_TIME& m) {
    Stamp t;
    t.year = static_cast<int16_t>(m.year);
    t.month = static_cast<uint16_t>(m.month);
    t.day = static_cast<uint16_t>(m.day);
    t.hour = static_cast<uint16_t>(m.hour);
    t.minute = static_cast<uint16_t>(m.minute);
    t.second = static_cast<uint16_t>(m.second);
    t.fraction = static_cast<uint32_t>(m.second_part * 1000);
    return t;
}

// UTF-8 (valid) to UTF-16, eight ASCII bytes at a time; returns the units written.
size_t utf16(const char* s, size_t n, char16_t* out) {
    const unsigned char* p = reinterpret_cast<const unsigned char*>(s);
    const unsigned char* e = p + n;
    char16_t* o = out;
    while (p < e) {
        while (e - p >= 8) {
            uint64_t w;
            std::memcpy(&w, p, 8);
            if (w & 0x8080808080808080ull) break;
            for (int i = 0; i < 8; ++i) o[i] = p[i];
            p += 8;
            o += 8;
        }
        if (p >= e) break;
        unsigned c = *p;
        if (c < 0x80) {
            *o++ = static_cast<char16_t>(c);
            p += 1;
        } else if (c < 0xE0) {
            *o++ = static_cast<char16_t>((c & 0x1F) << 6 | (p[1] & 0x3F));
            p += 2;
        } else if (c < 0xF0) {
            *o++ = static_cast<char16_t>((c & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F));
            p += 3;
        } else {
            unsigned v =
                ((c & 7u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu)) -
                0x10000;
            *o++ = static_cast<char16_t>(0xD800 + (v >> 10));
            *o++ = static_cast<char16_t>(0xDC00 + (v & 0x3FF));
            p += 4;
        }
    }
    return static_cast<size_t>(o - out);
}

// ---- cases
// ---------------------------------------------------------------------------------------

void connect_case(const char* name) {
    size_t n = scaled(300);
    Connection c;
    c.connect();
    c.close();
    Timer t;
    t.start();
    for (size_t i = 0; i < n; ++i) {
        c.connect();
        c.close();
    }
    report(name, "ops", n, t.stop(), n);
}

void fetch_int(const char* name, size_t array) {
    size_t n = scaled(1000000);
    Connection c;
    c.connect();
    std::vector<int32_t> v[4];
    for (auto& x : v) x.resize(array);
    uint64_t sum = 0;
    size_t rows = 0, got = 0;
    auto take = [&] {
        for (size_t r = 0; r < got; ++r)
            sum += static_cast<uint64_t>(static_cast<int64_t>(v[0][r]) + v[1][r] * 3LL +
                                         v[2][r] * 5LL + v[3][r] * 7LL);
        rows += got;
        got = 0;
    };
    std::string q = "SELECT a, b, c, d FROM b_int ORDER BY a LIMIT " + std::to_string(n);
    Timer t;
    t.start();
    if (mode == Mode::bin) {
        Stmt s(c);
        s.prepare(q);
        int32_t x[4];
        MYSQL_BIND b[4];
        for (int k = 0; k < 4; ++k)
            b[k] = bind(MYSQL_TYPE_LONG, &x[k], sizeof x[k], nullptr, nullptr);
        s.execute();
        mysql_stmt_bind_result(s.s, b);
        while (s.fetch()) {
            for (int k = 0; k < 4; ++k) v[k][got] = x[k];
            if (++got == array) take();
        }
    } else {
        c.query(q);
        MYSQL_RES* r = c.result();
        while (MYSQL_ROW row = mysql_fetch_row(r)) {
            unsigned long* len = mysql_fetch_lengths(r);
            for (int k = 0; k < 4; ++k) v[k][got] = integer<int32_t>(row[k], len[k]);
            if (++got == array) take();
        }
        mysql_free_result(r);
    }
    take();
    report(name, "rows", rows, t.stop(), sum);
}

struct Mixed {
    int32_t id = 0, nul = 0;
    int64_t big = 0;
    double dbl = 0;
    char dec[32], txt[132];
    char16_t wdec[32], wtxt[132];
    long ndec = 0, ntxt = 0;
    Stamp ts{};
    bool is_null = false;
};

void fetch_mixed(const char* name, size_t total, bool seven, bool wide) {
    size_t n = scaled(total);
    Connection c;
    c.connect();
    Mixed m;
    uint64_t sum = 0;
    size_t rows = 0;
    std::string q = std::string("SELECT id, big, dbl, dec_, name, ts") + (seven ? ", n" : "") +
                    " FROM b_mixed ORDER BY id LIMIT " + std::to_string(n);
    auto take = [&] {
        sum += static_cast<uint64_t>(m.id) + static_cast<uint64_t>(m.big) + of(m.dbl) + of(m.ts);
        if (wide)
            sum += ends(m.wdec, m.ndec) + ends(m.wtxt, m.ntxt);
        else
            sum += ends(m.dec, m.ndec) + ends(m.txt, m.ntxt);
        if (seven && !m.is_null) sum += static_cast<uint64_t>(m.nul) * 3;
        ++rows;
    };
    Timer t;
    t.start();
    if (mode == Mode::bin) {
        Stmt s(c);
        s.prepare(q);
        MYSQL_TIME when;
        unsigned long len[7];
        Flag null[7];
        MYSQL_BIND b[7] = {bind(MYSQL_TYPE_LONG, &m.id, sizeof m.id, &len[0], &null[0]),
                           bind(MYSQL_TYPE_LONGLONG, &m.big, sizeof m.big, &len[1], &null[1]),
                           bind(MYSQL_TYPE_DOUBLE, &m.dbl, sizeof m.dbl, &len[2], &null[2]),
                           bind(MYSQL_TYPE_STRING, m.dec, sizeof m.dec, &len[3], &null[3]),
                           bind(MYSQL_TYPE_STRING, m.txt, sizeof m.txt, &len[4], &null[4]),
                           bind(MYSQL_TYPE_DATETIME, &when, sizeof when, &len[5], &null[5]),
                           bind(MYSQL_TYPE_LONG, &m.nul, sizeof m.nul, &len[6], &null[6])};
        s.execute();
        mysql_stmt_bind_result(s.s, b);
        while (s.fetch()) {
            m.ndec = static_cast<long>(len[3]);
            m.ntxt = static_cast<long>(len[4]);
            if (wide) {
                m.ndec = static_cast<long>(utf16(m.dec, len[3], m.wdec));
                m.ntxt = static_cast<long>(utf16(m.txt, len[4], m.wtxt));
            }
            m.ts = stamp(when);
            m.is_null = null[6];
            take();
        }
    } else {
        c.query(q);
        MYSQL_RES* r = c.result();
        while (MYSQL_ROW row = mysql_fetch_row(r)) {
            unsigned long* len = mysql_fetch_lengths(r);
            m.id = integer<int32_t>(row[0], len[0]);
            m.big = integer<int64_t>(row[1], len[1]);
            m.dbl = real(row[2], len[2]);
            if (wide) {
                m.ndec = static_cast<long>(utf16(row[3], len[3], m.wdec));
                m.ntxt = static_cast<long>(utf16(row[4], len[4], m.wtxt));
            } else {
                m.ndec = static_cast<long>(len[3]);
                std::memcpy(m.dec, row[3], len[3] + 1);
                m.ntxt = static_cast<long>(len[4]);
                std::memcpy(m.txt, row[4], len[4] + 1);
            }
            m.ts = stamp(row[5]);
            if (seven) {
                m.is_null = row[6] == nullptr;
                if (row[6]) m.nul = integer<int32_t>(row[6], len[6]);
            }
            take();
        }
        mysql_free_result(r);
    }
    report(name, "rows", rows, t.stop(), sum);
}

void fetch_text(const char* name, const char* table, int columns, size_t total, bool wide) {
    const size_t array = 500, width = 128;
    size_t n = scaled(total);
    Connection c;
    c.connect();
    std::vector<char> narrow(array * width * static_cast<size_t>(columns));
    std::vector<char16_t> units(array * width * static_cast<size_t>(columns));
    uint64_t sum = 0;
    size_t rows = 0, slot = 0;
    std::string q = "SELECT ";
    for (int k = 0; k < columns; ++k) q += (k ? ", c" : "c") + std::to_string(k);
    q += std::string(" FROM ") + table + " ORDER BY id LIMIT " + std::to_string(n);
    auto put = [&](size_t k, const char* p, size_t len) {
        size_t at = (k * array + slot) * width;
        if (wide)
            sum += ends(&units[at], static_cast<long>(utf16(p, len, &units[at])));
        else {
            std::memcpy(&narrow[at], p, len + 1);
            sum += ends(&narrow[at], static_cast<long>(len));
        }
    };
    Timer t;
    t.start();
    if (mode == Mode::bin) {
        Stmt s(c);
        s.prepare(q);
        std::vector<MYSQL_BIND> b;
        std::vector<char> tmp(width * static_cast<size_t>(columns));
        std::vector<unsigned long> len(static_cast<size_t>(columns));
        for (size_t k = 0; k < len.size(); ++k)
            b.push_back(bind(MYSQL_TYPE_STRING, &tmp[k * width], width, &len[k], nullptr));
        s.execute();
        mysql_stmt_bind_result(s.s, b.data());
        while (s.fetch()) {
            for (size_t k = 0; k < len.size(); ++k) put(k, &tmp[k * width], len[k]);
            ++rows;
            if (++slot == array) slot = 0;
        }
    } else {
        c.query(q);
        MYSQL_RES* r = c.result();
        while (MYSQL_ROW row = mysql_fetch_row(r)) {
            unsigned long* len = mysql_fetch_lengths(r);
            for (size_t k = 0; k < static_cast<size_t>(columns); ++k) put(k, row[k], len[k]);
            ++rows;
            if (++slot == array) slot = 0;
        }
        mysql_free_result(r);
    }
    report(name, "rows", rows, t.stop(), sum);
}

void fetch_blob(const char* name) {
    size_t n = scaled(200), rows = 0, bytes = 0;
    Connection c;
    c.connect();
    std::vector<unsigned char> buf(65536);
    uint64_t sum = 0;
    std::string q = "SELECT body FROM b_blob ORDER BY id LIMIT " + std::to_string(n);
    auto take = [&](size_t got) {
        bytes += got;
        sum += got + buf[0] + buf[got - 1];
    };
    Timer t;
    t.start();
    if (mode == Mode::bin) {
        Stmt s(c);
        s.prepare(q);
        unsigned long len = 0;
        MYSQL_BIND b = bind(MYSQL_TYPE_BLOB, nullptr, 0, &len, nullptr);
        s.execute();
        mysql_stmt_bind_result(s.s, &b);
        while (s.fetch()) {
            for (unsigned long at = 0; at < len; at += buf.size()) {
                unsigned long left = 0;
                MYSQL_BIND part = bind(MYSQL_TYPE_BLOB, buf.data(),
                                       static_cast<unsigned long>(buf.size()), &left, nullptr);
                mysql_stmt_fetch_column(s.s, &part, 0, at);
                take(std::min<size_t>(buf.size(), len - at));
            }
            ++rows;
        }
    } else {
        c.query(q);
        MYSQL_RES* r = c.result();
        while (MYSQL_ROW row = mysql_fetch_row(r)) {
            unsigned long len = mysql_fetch_lengths(r)[0];
            for (unsigned long at = 0; at < len; at += buf.size()) {
                size_t got = std::min<size_t>(buf.size(), len - at);
                std::memcpy(buf.data(), row[0] + at, got);
                take(got);
            }
            ++rows;
        }
        mysql_free_result(r);
    }
    double sec = t.stop();
    char extra[64];
    std::snprintf(extra, sizeof extra, "mb_per_s=%.0f", static_cast<double>(bytes) / 1e6 / sec);
    report(name, "rows", rows, sec, sum, extra);
}

uint64_t one_text_point(Connection& c, size_t key) {
    char q[80];
    int len = std::snprintf(q, sizeof q, "SELECT b, c, d FROM b_int WHERE a = %zu", key);
    if (mysql_real_query(c.m, q, static_cast<unsigned long>(len))) throw Failure{mysql_error(c.m)};
    MYSQL_RES* r = c.result();
    uint64_t sum = 0;
    if (MYSQL_ROW row = mysql_fetch_row(r)) {
        unsigned long* l = mysql_fetch_lengths(r);
        for (int k = 0; k < 3; ++k)
            sum += static_cast<uint64_t>(static_cast<int64_t>(integer<int32_t>(row[k], l[k])));
    }
    while (mode != Mode::store && mysql_fetch_row(r)) {
    }
    mysql_free_result(r);
    return sum;
}

struct Point {
    Stmt s;
    int32_t key = 1, v[3] = {0, 0, 0};
    explicit Point(Connection& c) : s(c) {
        s.prepare("SELECT b, c, d FROM b_int WHERE a = ?");
        MYSQL_BIND p = bind(MYSQL_TYPE_LONG, &key, sizeof key, nullptr, nullptr), b[3];
        mysql_stmt_bind_param(s.s, &p);
        for (int k = 0; k < 3; ++k)
            b[k] = bind(MYSQL_TYPE_LONG, &v[k], sizeof v[k], nullptr, nullptr);
        s.execute();
        mysql_stmt_bind_result(s.s, b);
        while (s.fetch()) {
        }
    }
    uint64_t get(size_t k) {
        key = static_cast<int32_t>(k);
        s.execute();
        uint64_t sum = 0;
        while (s.fetch()) sum += static_cast<uint64_t>(static_cast<int64_t>(v[0]) + v[1] + v[2]);
        return sum;
    }
};

uint64_t points(Connection& c, size_t n, Timer* t, double* seconds, size_t seed, bool prepared) {
    uint64_t sum = 0;
    if (prepared) {
        Point p(c);
        if (t) t->start();
        for (size_t i = 0; i < n; ++i) sum += p.get(1 + (i * 7919 + seed) % 900000);
        if (t) *seconds = t->stop();
    } else {
        if (t) t->start();
        for (size_t i = 0; i < n; ++i) sum += one_text_point(c, 1 + (i * 7919 + seed) % 900000);
        if (t) *seconds = t->stop();
    }
    return sum;
}

void point(const char* name, bool prepared) {
    size_t n = scaled(20000);
    Connection c;
    c.connect();
    Timer t;
    double sec = 0;
    uint64_t sum = points(c, n, &t, &sec, 0, prepared && mode == Mode::bin);
    report(name, "ops", n, sec, sum);
}

void prepare_cycle(const char* name) {
    size_t n = scaled(10000);
    Connection c;
    c.connect();
    uint64_t sum = 0;
    Timer t;
    t.start();
    for (size_t i = 0; i < n; ++i) {
        size_t key = 1 + (i * 7919) % 900000;
        if (mode != Mode::bin) {
            sum += one_text_point(c, key);
            continue;
        }
        Stmt s(c);
        int32_t k32 = static_cast<int32_t>(key), v[3];
        s.prepare("SELECT b, c, d FROM b_int WHERE a = ?");
        MYSQL_BIND p = bind(MYSQL_TYPE_LONG, &k32, sizeof k32, nullptr, nullptr), b[3];
        mysql_stmt_bind_param(s.s, &p);
        s.execute();
        for (int k = 0; k < 3; ++k)
            b[k] = bind(MYSQL_TYPE_LONG, &v[k], sizeof v[k], nullptr, nullptr);
        mysql_stmt_bind_result(s.s, b);
        while (s.fetch()) sum += static_cast<uint64_t>(static_cast<int64_t>(v[0]) + v[1] + v[2]);
    }
    report(name, "ops", n, t.stop(), sum);
}

int fill_name(char* p, size_t cap, size_t i) {
    return std::snprintf(p, cap, "row %zu of the array", i);
}
MYSQL_TIME fill_ts(size_t i) {
    MYSQL_TIME t;
    std::memset(&t, 0, sizeof t);
    t.year = static_cast<unsigned>(2000 + i % 25);
    t.month = static_cast<unsigned>(1 + i % 12);
    t.day = static_cast<unsigned>(1 + i % 28);
    t.hour = static_cast<unsigned>(i % 24);
    t.minute = static_cast<unsigned>(i % 60);
    t.second = static_cast<unsigned>(i % 59);
    t.time_type = MYSQL_TIMESTAMP_DATETIME;
    return t;
}

uint64_t inserted(Connection& c) {
    c.query(
        "SELECT CAST(COUNT(*) + SUM(id) + SUM(CHAR_LENGTH(name)) + SUM(FLOOR(val)) + SUM(DAY(ts) + "
        "SECOND(ts) + YEAR(ts)) AS SIGNED) FROM b_ins");
    MYSQL_RES* r = mysql_store_result(c.m);
    MYSQL_ROW row = mysql_fetch_row(r);
    uint64_t v = row && row[0] ? std::strtoull(row[0], nullptr, 10) : 0;
    mysql_free_result(r);
    return v;
}

const char* const insert_sql = "INSERT INTO b_ins (id, name, val, ts) VALUES (?, ?, ?, ?)";

// One row of VALUES as text; the shortest form of the double that reads back equal.
void append_values(std::string& q, size_t i) {
    char buf[64];
    q += '(';
    q.append(buf, std::to_chars(buf, buf + sizeof buf, static_cast<int32_t>(i)).ptr);
    char name[33];
    int len = fill_name(name, sizeof name, i);
    q += ",'";
    for (int k = 0; k < len; ++k) {
        if (name[k] == '\'' || name[k] == '\\') q += '\\';
        q += name[k];
    }
    q += "',";
    q.append(buf, std::to_chars(buf, buf + sizeof buf, static_cast<double>(i) * 1.25).ptr);
    MYSQL_TIME t = fill_ts(i);
    auto d2 = [](char* p, unsigned v) {
        p[0] = static_cast<char>('0' + v / 10 % 10);
        p[1] = static_cast<char>('0' + v % 10);
    };
    char ts[] = ",'0000-00-00 00:00:00')";
    d2(ts + 2, t.year / 100);
    d2(ts + 4, t.year % 100);
    d2(ts + 7, t.month);
    d2(ts + 10, t.day);
    d2(ts + 13, t.hour);
    d2(ts + 16, t.minute);
    d2(ts + 19, t.second);
    q.append(ts, sizeof ts - 1);
}

void insert_single(const char* name) {
    size_t n = scaled(20000);
    Connection c;
    c.connect();
    c.query("TRUNCATE TABLE b_ins");
    mysql_autocommit(c.m, 0);
    Timer t;
    double sec;
    if (mode == Mode::bin) {
        Stmt s(c);
        s.prepare(insert_sql);
        int32_t id;
        char txt[33];
        unsigned long ltxt = 0;
        double val;
        MYSQL_TIME ts;
        MYSQL_BIND b[4] = {bind(MYSQL_TYPE_LONG, &id, sizeof id, nullptr, nullptr),
                           bind(MYSQL_TYPE_STRING, txt, sizeof txt, &ltxt, nullptr),
                           bind(MYSQL_TYPE_DOUBLE, &val, sizeof val, nullptr, nullptr),
                           bind(MYSQL_TYPE_DATETIME, &ts, sizeof ts, nullptr, nullptr)};
        mysql_stmt_bind_param(s.s, b);
        t.start();
        for (size_t i = 0; i < n; ++i) {
            id = static_cast<int32_t>(i);
            ltxt = static_cast<unsigned long>(fill_name(txt, sizeof txt, i));
            val = static_cast<double>(i) * 1.25;
            ts = fill_ts(i);
            s.execute();
        }
        mysql_commit(c.m);
        sec = t.stop();
    } else {
        std::string q;
        t.start();
        for (size_t i = 0; i < n; ++i) {
            q = "INSERT INTO b_ins (id, name, val, ts) VALUES ";
            append_values(q, i);
            c.query(q);
        }
        mysql_commit(c.m);
        sec = t.stop();
    }
    report(name, "rows", n, sec, inserted(c));
    mysql_commit(c.m);
}

void insert_array(const char* name, size_t array) {
    size_t total = std::max<size_t>(array, scaled(200000) / array * array);
    Connection c;
    c.connect();
    c.query("TRUNCATE TABLE b_ins");
    mysql_autocommit(c.m, 0);
    Timer t;
    double sec;
    if (mode == Mode::bin) {
#ifdef MARIADB_PACKAGE_VERSION_ID
        Stmt s(c);
        struct Text33 {
            char b[33];
        };
        std::vector<int32_t> id(array);
        std::vector<Text33> txt(array);
        std::vector<char*> ptxt(array);
        std::vector<unsigned long> ltxt(array);
        std::vector<double> val(array);
        std::vector<MYSQL_TIME> ts(array);
        std::vector<MYSQL_TIME*> pts(array);
        for (size_t r = 0; r < array; ++r) {
            ptxt[r] = txt[r].b;
            pts[r] = &ts[r];
        }
        s.prepare(insert_sql);
        unsigned size = static_cast<unsigned>(array);
        mysql_stmt_attr_set(s.s, STMT_ATTR_ARRAY_SIZE, &size);
        MYSQL_BIND b[4] = {bind(MYSQL_TYPE_LONG, id.data(), 0, nullptr, nullptr),
                           bind(MYSQL_TYPE_STRING, ptxt.data(), 0, ltxt.data(), nullptr),
                           bind(MYSQL_TYPE_DOUBLE, val.data(), 0, nullptr, nullptr),
                           bind(MYSQL_TYPE_DATETIME, pts.data(), 0, nullptr, nullptr)};
        mysql_stmt_bind_param(s.s, b);
        t.start();
        for (size_t done = 0; done < total; done += array) {
            for (size_t r = 0; r < array; ++r) {
                size_t i = done + r;
                id[r] = static_cast<int32_t>(i);
                ltxt[r] = static_cast<unsigned long>(fill_name(txt[r].b, sizeof txt[r].b, i));
                val[r] = static_cast<double>(i) * 1.25;
                ts[r] = fill_ts(i);
            }
            s.execute();
        }
        mysql_commit(c.m);
        sec = t.stop();
#else
        throw Failure{"this client library has no bulk protocol"};
#endif
    } else {
        std::string q;
        t.start();
        for (size_t done = 0; done < total; done += array) {
            q = "INSERT INTO b_ins (id, name, val, ts) VALUES ";
            for (size_t r = 0; r < array; ++r) {
                if (r) q += ',';
                append_values(q, done + r);
            }
            c.query(q);
        }
        mysql_commit(c.m);
        sec = t.stop();
    }
    report(name, "rows", total, sec, inserted(c));
    mysql_commit(c.m);
}

size_t drain(Connection& c, uint64_t& sum) {
    MYSQL_RES* r = c.result();
    size_t rows = 0;
    unsigned fields = mysql_num_fields(r);
    while (MYSQL_ROW row = mysql_fetch_row(r)) {
        unsigned long* l = mysql_fetch_lengths(r);
        sum += ends(reinterpret_cast<const unsigned char*>(row[0]), static_cast<long>(l[0]));
        if (fields > 1 && row[1])
            sum += ends(reinterpret_cast<const unsigned char*>(row[1]), static_cast<long>(l[1]));
        ++rows;
    }
    mysql_free_result(r);
    return rows;
}

void catalog_tables(const char* name) {
    size_t n = scaled(10), rows = 0;
    Connection c;
    c.connect();
    uint64_t sum = 0;
    Timer t;
    t.start();
    for (size_t i = 0; i < n; ++i) {
        c.query("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '" +
                catalog + "' AND TABLE_TYPE = 'BASE TABLE' ORDER BY TABLE_NAME");
        rows += drain(c, sum);
    }
    report(name, "rows", rows, t.stop(), sum);
}

void catalog_columns(const char* name, bool all) {
    size_t n = all ? 1 : scaled(100), rows = 0;
    Connection c;
    c.connect();
    uint64_t sum = 0;
    Timer t;
    t.start();
    for (size_t i = 0; i < n; ++i) {
        char nm[16];
        std::snprintf(nm, sizeof nm, "t%03zu", i * 4 % 500);
        std::string q =
            "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, CHARACTER_MAXIMUM_LENGTH, "
            "NUMERIC_PRECISION, NUMERIC_SCALE, "
            "IS_NULLABLE, COLUMN_DEFAULT, ORDINAL_POSITION FROM information_schema.COLUMNS WHERE "
            "TABLE_SCHEMA = '" +
            catalog + "'";
        if (!all) q += " AND TABLE_NAME = '" + std::string(nm) + "'";
        q += " ORDER BY TABLE_NAME, ORDINAL_POSITION";
        c.query(q);
        rows += drain(c, sum);
    }
    report(name, "rows", rows, t.stop(), sum);
}

void catalog_keys(const char* name) {
    size_t n = scaled(100), rows = 0;
    Connection c;
    c.connect();
    uint64_t sum = 0;
    Timer t;
    t.start();
    for (size_t i = 0; i < n; ++i) {
        char nm[16];
        std::snprintf(nm, sizeof nm, "t%03zu", i * 4 % 500);
        c.query(
            "SELECT TABLE_NAME, COLUMN_NAME, SEQ_IN_INDEX FROM information_schema.STATISTICS WHERE "
            "TABLE_SCHEMA = '" +
            catalog + "' AND TABLE_NAME = '" + nm +
            "' AND INDEX_NAME = 'PRIMARY' ORDER BY SEQ_IN_INDEX");
        rows += drain(c, sum);
    }
    report(name, "rows", rows, t.stop(), sum);
}

void memory_case(const char* name) {
    std::fflush(stdout);
    pid_t pid = fork();
    if (pid < 0) throw Failure{"fork failed"};
    if (pid == 0) {
        int rc = 0;
        try {
            size_t n = scaled(1000000), rows = 0;
            Connection c;
            c.connect();
            struct rusage before {};
            getrusage(RUSAGE_SELF, &before);
            uint64_t sum = 0;
            std::string q = "SELECT a, b, c, d FROM b_int ORDER BY a LIMIT " + std::to_string(n);
            Timer t;
            t.start();
            if (mode == Mode::bin) {
                Stmt s(c);
                s.prepare(q);
                int32_t x[4];
                MYSQL_BIND b[4];
                for (int k = 0; k < 4; ++k)
                    b[k] = bind(MYSQL_TYPE_LONG, &x[k], sizeof x[k], nullptr, nullptr);
                s.execute();
                mysql_stmt_bind_result(s.s, b);
                while (s.fetch()) {
                    sum += static_cast<uint64_t>(static_cast<int64_t>(x[0]) + x[3]);
                    ++rows;
                }
            } else {
                c.query(q);
                MYSQL_RES* r = c.result();
                while (MYSQL_ROW row = mysql_fetch_row(r)) {
                    unsigned long* l = mysql_fetch_lengths(r);
                    sum +=
                        static_cast<uint64_t>(static_cast<int64_t>(integer<int32_t>(row[0], l[0])) +
                                              integer<int32_t>(row[3], l[3]));
                    ++rows;
                }
                mysql_free_result(r);
            }
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
            mysql_thread_init();
            try {
                CALLGRIND_TOGGLE_COLLECT;  // the toggle is of one thread
                sums[k] = points(conns[k], each, nullptr, nullptr, k * 1000, mode == Mode::bin);
                CALLGRIND_TOGGLE_COLLECT;
            } catch (const Failure& f) {
                errors[k] = f.text;
            }
            mysql_thread_end();
        });
    for (auto& th : pool) th.join();
    double sec = t.stop();
    for (auto& e : errors)
        if (!e.empty()) throw Failure{e};
    uint64_t sum = 0;
    for (auto s : sums) sum += s;
    report(name, "ops", each * threads, sec, sum);
}

void call_overhead(const char* name) {
    size_t n = scaled(2000000);
    Connection c;
    c.connect();
    c.query("SELECT b, c, d FROM b_int WHERE a = 1");
    MYSQL_RES* r = mysql_store_result(c.m);
    uint64_t sum = 0;
    Timer t;
    t.start();
    for (size_t i = 0; i < n; ++i) sum += mysql_num_fields(r);
    double sec = t.stop();
    mysql_free_result(r);
    char extra[64];
    std::snprintf(extra, sizeof extra, "ns_per_call=%.1f", sec * 1e9 / static_cast<double>(n));
    report(name, "ops", n, sec, sum, extra);
}

struct Case {
    const char* name;
    void (*run)(const char*);
};

// The same names as in odbc_bench; "_prep" and "_a1" cases are the same work here, chosen by -p.
const Case cases[] = {
    {"memory", [](const char* n) { memory_case(n); }},
    {"connect", [](const char* n) { connect_case(n); }},
    {"fetch_int_a1000", [](const char* n) { fetch_int(n, 1000); }},
    {"fetch_int_a1", [](const char* n) { fetch_int(n, 1); }},
    {"fetch_int_prep", [](const char* n) { fetch_int(n, 1000); }},
    {"fetch_mixed", [](const char* n) { fetch_mixed(n, 300000, true, false); }},
    {"fetch_mixed_a1", [](const char* n) { fetch_mixed(n, 300000, true, false); }},
    {"fetch_mixed_prep", [](const char* n) { fetch_mixed(n, 300000, true, false); }},
    {"fetch_wide_char", [](const char* n) { fetch_text(n, "b_wide", 20, 100000, false); }},
    {"fetch_wide_wchar", [](const char* n) { fetch_text(n, "b_wide", 20, 100000, true); }},
    {"fetch_uni_wchar", [](const char* n) { fetch_text(n, "b_uni", 4, 100000, true); }},
    {"fetch_getdata", [](const char* n) { fetch_mixed(n, 200000, false, false); }},
    {"fetch_getdata_w", [](const char* n) { fetch_mixed(n, 200000, false, true); }},
    {"fetch_getdata_prep", [](const char* n) { fetch_mixed(n, 200000, false, true); }},
    {"fetch_blob", [](const char* n) { fetch_blob(n); }},
    {"prepared_point", [](const char* n) { point(n, true); }},
    {"direct_point", [](const char* n) { point(n, false); }},
    {"prepare_cycle", [](const char* n) { prepare_cycle(n); }},
    {"insert_single", [](const char* n) { insert_single(n); }},
    {"insert_array", [](const char* n) { insert_array(n, 1000); }},
    {"catalog_tables", [](const char* n) { catalog_tables(n); }},
    {"catalog_columns_all", [](const char* n) { catalog_columns(n, true); }},
    {"catalog_columns_one", [](const char* n) { catalog_columns(n, false); }},
    {"catalog_keys", [](const char* n) { catalog_keys(n); }},
    {"threads", [](const char* n) { threads_case(n); }},
    {"call_overhead", [](const char* n) { call_overhead(n); }},
};

void parse(const std::string& s) {
    size_t at = 0;
    while (at < s.size()) {
        size_t end = std::min(s.find(';', at), s.size());
        std::string pair = s.substr(at, end - at);
        at = end + 1;
        size_t eq = pair.find('=');
        if (eq == std::string::npos) continue;
        std::string k = pair.substr(0, eq), v = pair.substr(eq + 1);
        auto is = [&](const char* name) { return strcasecmp(k.c_str(), name) == 0; };
        if (is("SERVER"))
            server = v;
        else if (is("PORT"))
            port = static_cast<unsigned>(std::atoi(v.c_str()));
        else if (is("UID") || is("USER"))
            user = v;
        else if (is("PWD") || is("PASSWORD"))
            password = v;
        else if (is("DATABASE"))
            database = v;
        else if (is("SOCKET"))
            unix_socket = v;
    }
}

}  // namespace

int main(int argc, char** argv) {
    int o;
    while ((o = getopt(argc, argv, "s:r:p:c:l")) != -1) {
        switch (o) {
            case 's':
                scale = std::atof(optarg);
                break;
            case 'r':
                repeat = std::atoi(optarg);
                break;
            case 'c':
                catalog = optarg;
                break;
            case 'p':
                mode = !std::strcmp(optarg, "bin")     ? Mode::bin
                       : !std::strcmp(optarg, "store") ? Mode::store
                                                       : Mode::text;
                break;
            case 'l':
                for (auto& c : cases) std::puts(c.name);
                return 0;
            default:
                return 2;
        }
    }
    if (optind >= argc) {
        std::fprintf(
            stderr,
            "usage: %s [-p text|store|bin] [-s SCALE] [-r REPEAT] [-c CATALOG] KEYS [case ...]\n",
            argv[0]);
        return 2;
    }
    parse(argv[optind++]);
    std::vector<std::string> wanted(argv + optind, argv + argc);
    mysql_library_init(0, nullptr, nullptr);
    int failed = 0;
    for (auto& c : cases) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), c.name) == wanted.end())
            continue;
        for (int i = 0; i < repeat; ++i) {
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
    mysql_library_end();
    return failed ? 1 : 0;
}
