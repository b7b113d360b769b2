#include "handles/environment.h"

#include <string>

#include "base/error.h"

namespace myfabric::handles {

void set_environment_attribute(Environment& environment, SQLINTEGER attribute, SQLPOINTER value) {
    const auto number = static_cast<SQLINTEGER>(reinterpret_cast<SQLLEN>(value));
    const auto wrong_value = [&] {
        return Error(state::invalid_attribute_value, "value " + std::to_string(number) +
                                                         " is not one of environment attribute " +
                                                         std::to_string(attribute));
    };
    switch (attribute) {
        case SQL_ATTR_ODBC_VERSION:
            if (!environment.connections.empty())
                throw Error(state::function_sequence,
                            "the ODBC version must be set before a connection is allocated");
            if (number != SQL_OV_ODBC2 && number != SQL_OV_ODBC3 && number != SQL_OV_ODBC3_80)
                throw wrong_value();
            environment.odbc_version = number;
            return;
        case SQL_ATTR_CONNECTION_POOLING:
            environment.connection_pooling = static_cast<SQLUINTEGER>(number);
            return;
        case SQL_ATTR_CP_MATCH:
            if (number != SQL_CP_STRICT_MATCH && number != SQL_CP_RELAXED_MATCH)
                throw wrong_value();
            environment.cp_match = static_cast<SQLUINTEGER>(number);
            return;
        case SQL_ATTR_OUTPUT_NTS:
            if (number == SQL_TRUE) return;
            throw Error(state::not_implemented, "output texts are always terminated");
        default:
            throw Error(state::invalid_attribute,
                        "there is no environment attribute " + std::to_string(attribute));
    }
}

void get_environment_attribute(const Environment& environment, SQLINTEGER attribute,
                               SQLPOINTER value) {
    const auto put = [value](SQLINTEGER number) {
        if (value) *static_cast<SQLINTEGER*>(value) = number;
    };
    switch (attribute) {
        case SQL_ATTR_ODBC_VERSION:
            put(environment.odbc_version);
            return;
        case SQL_ATTR_CONNECTION_POOLING:
            put(static_cast<SQLINTEGER>(environment.connection_pooling));
            return;
        case SQL_ATTR_CP_MATCH:
            put(static_cast<SQLINTEGER>(environment.cp_match));
            return;
        case SQL_ATTR_OUTPUT_NTS:
            put(SQL_TRUE);
            return;
        default:
            throw Error(state::invalid_attribute,
                        "there is no environment attribute " + std::to_string(attribute));
    }
}

}  // namespace myfabric::handles
