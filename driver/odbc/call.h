// The wrapper around every exported function: handle check, lock, diagnostics, exceptions.
#pragma once

#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

#include <exception>
#include <mutex>
#include <type_traits>
#include <utility>

#include "base/character_set.h"
#include "base/text.h"
#include "handles/connection.h"
#include "handles/statement.h"

namespace myfabric::odbc {

using handles::Connection;
using handles::DescriptorHandle;
using handles::Environment;
using handles::Statement;

inline Connection::Call begin(Statement& handle) {
    return {handle.connection(), &handle};
}
inline Connection::Call begin(Connection& handle) {
    return {handle, &handle};
}
inline bool begin(Environment&) {
    return true;
}
inline bool begin(DescriptorHandle&) {
    return true;
}

/// Runs `body(handle)` under the handle's lock. What it throws becomes diagnostic records and
/// SQL_ERROR; a body that returns SQL_ERROR has added them. One without a result means SQL_SUCCESS,
/// with info when a warning was added.
template <class H, class Body>
[[gnu::always_inline]] inline SQLRETURN run_call(SQLHANDLE raw, Body&& body) noexcept {
    H* handle = handles::checked<H>(raw);
    if (!handle) return SQL_INVALID_HANDLE;
    std::lock_guard lock(handle->mutex());
    [[maybe_unused]] const auto running = begin(*handle);
    Diagnostics& diagnostics = handle->diagnostics();
    diagnostics.clear();
    try {
        if constexpr (std::is_void_v<decltype(body(*handle))>) {
            body(*handle);
            return diagnostics.finish(SQL_SUCCESS);
        } else {
            return diagnostics.finish(body(*handle));
        }
    } catch (Error& error) {
        return diagnostics.fail(std::move(error));
    } catch (...) {
        return diagnostics.fail(std::current_exception());
    }
}

/// The same for a function of the application's: HY010 while another one runs by itself.
template <class H, class Body>
[[gnu::always_inline]] inline SQLRETURN call(SQLHANDLE raw, Body&& body) noexcept {
    if constexpr (std::is_same_v<H, Statement> || std::is_same_v<H, Connection>) {
        H* handle = handles::checked<H>(raw);
        if (handle && !handle->async().idle()) [[unlikely]]
            return handle->async().refuse();
    }
    return run_call<H>(raw, body);
}

/// Like call(), for a function that may run by itself: then it returns SQL_STILL_EXECUTING, and so
/// do further calls of `function` (SQL_API_...) until one of them returns the result. `body` holds
/// copies of the arguments. Another function meanwhile is HY010.
template <class H, class Body>
SQLRETURN call_async(SQLUSMALLINT function, SQLHANDLE raw, Body body) noexcept {
    H* handle = handles::checked<H>(raw);
    if (!handle) return SQL_INVALID_HANDLE;
    handles::AsyncCall& async = handle->async();
    if (async.idle()) [[likely]] {
        if (!handle->asynchronous()) [[likely]]
            return run_call<H>(raw, body);
        try {
            return async.start(function, [raw, body] { return run_call<H>(raw, body); });
        } catch (...) {
            return handle->diagnostics().fail(std::current_exception());
        }
    }
    // The diagnostics are the running call's until it has ended.
    return async.function() == function ? async.poll() : async.refuse();
}

/// Like call() for what does not wait for the handle's lock. A record of an error needs the lock;
/// while a call has it there is none.
template <class H, class Body>
SQLRETURN call_unlocked(SQLHANDLE raw, Body&& body) noexcept {
    H* handle = handles::checked<H>(raw);
    if (!handle) return SQL_INVALID_HANDLE;
    try {
        return body(*handle);
    } catch (...) {
        const std::unique_lock lock(handle->mutex(), std::try_to_lock);
        return lock ? handle->diagnostics().fail(std::current_exception()) : SQL_ERROR;
    }
}

inline unsigned char narrow_of(Connection& handle) {
    return handle.narrow();
}
inline unsigned char narrow_of(Statement& handle) {
    return handle.connection().narrow();
}
inline unsigned char narrow_of(DescriptorHandle& handle) {
    return handle.connection().narrow();
}

/// Calls `use` with a text argument as UTF-8. Throws 22018 for bytes that are no text in the
/// character set `narrow`.
template <class Char, class Length, class Use>
decltype(auto) with_text(CharacterSet::Number narrow, const Char* value, Length length, Use&& use) {
    if constexpr (sizeof(Char) == 1)
        if (const CharacterSet* set = CharacterSet::at(narrow)) [[unlikely]] {
            std::string converted;
            if (!set->to_utf8(text(value, length), converted))
                throw Error(state::invalid_character, "the text is not in the character set " +
                                                          set->name() +
                                                          " that the key Charset names");
            return use(std::string_view(converted));
        }
    return use(std::string_view(text(value, length)));
}
/// In that of the connection.
template <class H, class Char, class Length, class Use>
requires std::is_class_v<H>
decltype(auto) with_text(H& handle, const Char* value, Length length, Use&& use) {
    return with_text(narrow_of(handle), value, length, use);
}

/// Writes an output text and adds 01004 when it was cut.
template <class H>
void put(H& handle, TextOut out, std::string_view value) {
    out.narrow = narrow_of(handle);
    if (!out.put(value)) handle.diagnostics().warn(state::right_truncated);
}

}  // namespace myfabric::odbc
