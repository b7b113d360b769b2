#include "cursor/get_data.h"

#include <string>

#include "base/error.h"
#include "conversion/datetime.h"
#include "conversion/to_c.h"
#include "conversion/types.h"

namespace myfabric::cursor {

void CellReader::begin(const results::Results& results) {
    reset();
    if (columns_ == results.shared_columns() && format_ == results.format()) return;
    columns_ = results.shared_columns();
    format_ = results.format();
    known_.clear();
}

SQLRETURN CellReader::read_null(const results::Column& column, SQLLEN* indicator,
                                conversion::Outcome& outcome) {
    if (!indicator)
        throw Error(state::indicator_required,
                    "column '" + column.name + "' is NULL and there is no indicator");
    *indicator = SQL_NULL_DATA;
    outcome = conversion::Outcome::stored;
    done_ = Done::as_asked;
    return SQL_SUCCESS;
}

SQLRETURN CellReader::read(const results::Results& results, unsigned column, SQLSMALLINT c_type,
                           conversion::Target target, SQLLEN* indicator,
                           conversion::Outcome& outcome, bool wide_types) {
    outcome = conversion::Outcome::stored;
    const results::Column& description = results.columns()[column];
    const bool again = column == column_ && done_ != Done::no;
    if (again && c_type == (done_ == Done::as_known ? known_[column].c_type : asked_))
        return SQL_NO_DATA;
    asked_ = c_type;
    if (column != column_ || again) {
        column_ = column;
        done_ = Done::no;
        progress_ = {};
        // Programs join parts as they come and expect each to fill the buffer.
        progress_.whole_characters = false;
    }

    const char* value = results.row().values[column];
    if (!value) return read_null(description, indicator, outcome);
    const SQLSMALLINT asked = c_type;
    if (c_type == SQL_C_DEFAULT) c_type = conversion::default_c_type(description, wide_types);
    const conversion::CType type = conversion::c_type(c_type, description);
    const conversion::Cell cell{value, results.row().lengths[column]};
    target.length = indicator;
    target.narrow = description.reading.narrow;
    const auto convert = [&] { return conversion::converter(description, results.format(), type); };
    const bool known = column < known_.size() && known_[column].c_type == asked;
    // The digits of a NUMERIC come from the descriptor, those of some columns from the column.
    // Narrow text in a character set takes another way.
    if (!known && type != conversion::CType::numeric && !target.narrow &&
        !conversion::shows_definition(description, results.format(), type)) {
        known_.resize(results.columns().size());
        known_[column] = {asked, convert()};
    }
    if (conversion::c_type_size(type) == 0) {
        char scratch[conversion::rendered_size];
        outcome = conversion::deliver_part(cell, description, results.format(), type, target,
                                           progress_, scratch);
        done_ = progress_.done ? Done::as_asked : Done::no;
    } else {
        target.capacity = conversion::c_type_size(type);
        outcome = convert()(cell, target);
        if (outcome == conversion::Outcome::bad_datetime &&
            conversion::is_zero_date(cell, description, results.format()))
            return read_null(description, indicator, outcome);
        // After a failed conversion the application may ask for another type.
        done_ = outcome <= conversion::Outcome::replaced ? Done::as_asked : Done::no;
    }
    return SQL_SUCCESS;
}

}  // namespace myfabric::cursor
