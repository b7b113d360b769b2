// The head of an answer: whether a command succeeded, and what columns its rows have. Where the
// server describes the columns that it described before, byte for byte, they are not taken apart
// again. Private to driver/mysql.
#pragma once

#include <string_view>

#include "mysql/client_library.h"

namespace myfabric::mysql {

struct AnswerHead {
    enum class Kind : unsigned char {
        failed,   // the connection has an error
        read,     // the library has read it, and knows the columns if there are any
        as_known  // the columns are the known ones; the library has not seen a description
    };
    Kind kind = Kind::failed;
    /// After `read`: the description as the server sent it, for the next time; valid until more is
    /// read. Empty where it is not known.
    std::string_view description;
};

/// Reads the head of the answer to the command that was just sent. `known`: a description that may
/// come; empty: none. `in_place`: see read_packet().
AnswerHead read_answer_head(MYSQL* handle, bool in_place, std::string_view known);

}  // namespace myfabric::mysql
