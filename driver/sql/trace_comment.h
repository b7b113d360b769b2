// The comment in front of a statement by which the server's logs join a trace. Pure.
#pragma once

#include <string>
#include <string_view>

namespace myfabric::sql {

/// Whether `value` is a traceparent as the W3C's Trace Context says: version, trace id, parent id
/// and flags in lower-case hexadecimal digits, "00-4bf92f3577b34da6a3ce929d0e0e4736-
/// 00f067aa0ba902b7-01"; neither id is zero. Nothing else passes, so a value cannot end a comment.
bool is_traceparent(std::string_view value) noexcept;

/// "/*traceparent='00-...'*/"; empty for an empty value. Throws HY024 for what is no traceparent.
std::string trace_comment(std::string_view value);

}  // namespace myfabric::sql
