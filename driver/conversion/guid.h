// SQLGUID from and to its 36 characters and 16 bytes.
#pragma once

#include <string_view>

#include "conversion/cell.h"

namespace myfabric::conversion {

static_assert(sizeof(SQLGUID) == 16);
inline constexpr std::size_t guid_size = 36;

/// Reads "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", in braces or not.
bool parse_guid(std::string_view text, SQLGUID& out) noexcept;
/// Writes guid_size lower-case characters without a terminator.
void guid_text(const SQLGUID& guid, char* out) noexcept;

/// 16 bytes in the order of the text, as UNHEX and UUID_TO_BIN return them.
SQLGUID guid_from_bytes(const char* bytes) noexcept;
void guid_to_bytes(const SQLGUID& guid, char* out) noexcept;

/// Character data and binary data to SQL_C_GUID; 22018 when it is none.
Outcome text_to_guid(Cell cell, const Target& target) noexcept;
Outcome bytes_to_guid(Cell cell, const Target& target) noexcept;

}  // namespace myfabric::conversion
