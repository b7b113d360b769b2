// SQLBindParameter, SQLNumParams, SQLDescribeParam, SQLParamData, SQLPutData.
#include "odbc/call.h"

using namespace myfabric;
using namespace myfabric::odbc;

extern "C" {

SQLRETURN SQL_API SQLBindParameter(SQLHSTMT handle, SQLUSMALLINT number, SQLSMALLINT direction,
                                   SQLSMALLINT c_type, SQLSMALLINT sql_type, SQLULEN column_size,
                                   SQLSMALLINT decimal_digits, SQLPOINTER value,
                                   SQLLEN buffer_length, SQLLEN* indicator) {
    return call<Statement>(handle, [&](Statement& s) {
        s.must_be_idle();
        if (number == 0)
            throw Error(state::invalid_descriptor_index, "parameters are numbered from 1");
        execution::bind_parameter(s.apd().fields, s.ipd().fields, number,
                                  {direction, c_type, sql_type, column_size, decimal_digits, value,
                                   buffer_length, indicator});
    });
}

SQLRETURN SQL_API SQLNumParams(SQLHSTMT handle, SQLSMALLINT* count) {
    return call<Statement>(handle, [&](Statement& s) {
        const std::size_t found = s.parameter_count();
        if (count) *count = static_cast<SQLSMALLINT>(found);
    });
}

SQLRETURN SQL_API SQLDescribeParam(SQLHSTMT handle, SQLUSMALLINT number, SQLSMALLINT* type,
                                   SQLULEN* size, SQLSMALLINT* digits, SQLSMALLINT* nullable) {
    return call<Statement>(handle, [&](Statement& s) {
        const execution::ParameterDescription& found = s.describe_parameter(number);
        if (type) *type = found.type;
        if (size) *size = found.size;
        if (digits) *digits = found.decimal_digits;
        if (nullable) *nullable = found.nullable;
    });
}

SQLRETURN SQL_API SQLParamData(SQLHSTMT handle, SQLPOINTER* value) {
    return call<Statement>(handle, [&](Statement& s) { return s.parameter_data(value); });
}

SQLRETURN SQL_API SQLPutData(SQLHSTMT handle, SQLPOINTER data, SQLLEN length) {
    return call<Statement>(handle, [&](Statement& s) { s.put_data(data, length); });
}

}  // extern "C"
