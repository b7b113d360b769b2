// Handles, memory and arguments for odbc_calls.cpp, all taken from the fuzzer's input: an
// application that calls whatever it likes, but keeps to what it says of its buffers.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/bytes.h"

namespace myfabric::fuzz {

/// Room for whatever a descriptor may be told later about a buffer.
inline constexpr std::size_t roomy = 10240;
inline constexpr SQLULEN most_rows = 8;

class World {
public:
    World(Bytes in, std::string connection_string);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    Bytes in;
    /// Buffers are as large as was said when they were bound, and arrays have `rows` rows. A loose
    /// application changes descriptors afterwards, and has roomy buffers.
    const bool loose;
    const SQLULEN rows;

    // Handles. Now and then one of another type, or none: that is noted for expects_invalid().
    SQLHENV environment() { return pick(SQL_HANDLE_ENV); }
    SQLHDBC connection() { return pick(SQL_HANDLE_DBC); }
    SQLHSTMT statement() { return pick(SQL_HANDLE_STMT); }
    SQLHDESC descriptor();
    SQLSMALLINT handle_type();
    SQLHANDLE handle(SQLSMALLINT type) {
        return type == SQL_HANDLE_DESC ? descriptor() : pick(type);
    }
    /// `parent`: what it was allocated from; null for an environment.
    void add(SQLSMALLINT type, SQLHANDLE handle, SQLHANDLE parent);
    void drop(SQLHANDLE handle);
    /// Also where it runs by itself: until it has ended, the connection's statements and
    /// descriptors are nobody's, and then they are free.
    SQLRETURN disconnect(SQLHDBC connection);
    std::size_t count(SQLSMALLINT type) const;

    /// What the last pick was: for looking at its records. Null: no such handle.
    SQLHANDLE picked = nullptr;
    SQLSMALLINT picked_type = 0;
    bool wrong = false;

    // Memory, which lives as long as this.
    char* room(std::size_t size);
    template <class T>
    T* cell() {
        return reinterpret_cast<T*>(room(sizeof(T)));
    }
    /// Null now and then.
    template <class T>
    T* maybe() {
        return in.one_in(8) ? nullptr : cell<T>();
    }
    char* copy(std::string_view text, std::size_t more = 0);

    // Texts.
    struct Narrow {
        SQLCHAR* text;
        SQLSMALLINT length;
    };
    struct Wide {
        SQLWCHAR* text;
        SQLSMALLINT length;
    };
    std::string sql();
    std::string name();
    Narrow narrow(std::string text);
    Wide wide(std::string text);
    std::string connection_string();

    /// A buffer for an answer, and how much of it is named.
    struct Out {
        char* data;
        SQLSMALLINT capacity;
    };
    Out out(std::size_t unit = 1);

    SQLSMALLINT c_type();
    SQLSMALLINT sql_type();
    /// Numbers that applications give for anything.
    SQLLEN number();
    SQLUSMALLINT column();
    /// A buffer for `rows` values of the type, with something in it.
    struct Bound {
        SQLPOINTER data;
        SQLLEN capacity;
        SQLLEN* lengths;
    };
    Bound bound(SQLSMALLINT type, bool asks);
    SQLLEN length_within(SQLLEN capacity, bool asks);

private:
    struct Known {
        SQLSMALLINT type;
        SQLHANDLE handle;
        SQLHANDLE parent;
    };
    SQLHANDLE pick(SQLSMALLINT type);
    SQLHANDLE any(SQLSMALLINT type);
    void end(SQLHSTMT statement);
    void drop_children(SQLHANDLE parent);

    std::vector<Known> handles_;
    std::vector<std::unique_ptr<char[]>> memory_;
    std::string connection_string_;
};

/// Bytes that a value of the type has; 0: as the application says.
std::size_t fixed_size(SQLSMALLINT c_type);

}  // namespace myfabric::fuzz
