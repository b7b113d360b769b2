#include "conversion/cell.h"

namespace myfabric::conversion {

const SqlState* state_of(Outcome outcome) noexcept {
    switch (outcome) {
        case Outcome::stored:
            return nullptr;
        case Outcome::truncated:
            return &state::right_truncated;
        case Outcome::fraction_truncated:
            return &state::fractional_truncation;
        case Outcome::replaced:
            return &state::general_warning;
        case Outcome::out_of_range:
            return &state::numeric_out_of_range;
        case Outcome::bad_text:
            return &state::invalid_character;
        case Outcome::bad_datetime:
            return &state::invalid_datetime;
        case Outcome::datetime_overflow:
            return &state::datetime_overflow;
        case Outcome::interval_overflow:
            return &state::interval_overflow;
        case Outcome::data_truncated:
            return &state::data_right_truncated;
        case Outcome::not_allowed:
            return &state::restricted_type;
        case Outcome::not_implemented:
            return &state::not_implemented;
        case Outcome::bad_length:
            return &state::invalid_length;
    }
    return &state::general_error;
}

}  // namespace myfabric::conversion
