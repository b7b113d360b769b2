#include "sql/escapes.h"

#include <gtest/gtest.h>

#include <bit>
#include <set>

#include "base/error.h"

namespace myfabric::sql {
namespace {

struct Sample {
    const char* odbc;
    const char* mysql;
};

TEST(Escapes, AreTranslated) {
    const Sample samples[] = {
        {"SELECT 1", "SELECT 1"},
        {"SELECT {d '2015-01-02'}", "SELECT DATE '2015-01-02'"},
        {"SELECT {t '10:11:12'}, {ts '2015-01-02 03:04:05.6'}",
         "SELECT TIME '10:11:12', TIMESTAMP '2015-01-02 03:04:05.6'"},
        {"SELECT {fn UCASE(name)}", "SELECT UCASE(name)"},
        {"SELECT {fn LENGTH(name)}", "SELECT CHAR_LENGTH(name)"},
        {"SELECT {fn CONCAT({fn UCASE('{d}')}, 'x')}", "SELECT CONCAT(UCASE('{d}'), 'x')"},
        {"SELECT {fn TIMESTAMPADD(SQL_TSI_DAY, 1, {d '2015-01-02'})}",
         "SELECT TIMESTAMPADD(DAY, 1, DATE '2015-01-02')"},
        {"SELECT {fn CONVERT(a, SQL_INTEGER)}", "SELECT CONVERT(a, SIGNED)"},
        {"SELECT * FROM {oj a LEFT OUTER JOIN b ON a.x = b.x}",
         "SELECT * FROM a LEFT OUTER JOIN b ON a.x = b.x"},
        {"{call p(?, 1)}", "CALL p(?, 1)"},
        {"{ CALL p }", "CALL p "},
        {"{?=call f(1, ?)}", "SELECT f(1, ?)"},
        {"{ ? = CALL d.f }", "SELECT d.f()"},
        {"SELECT 'a{d}' -- {x}\n", "SELECT 'a{d}' -- {x}\n"},
        {"SELECT * FROM t WHERE a LIKE 'x!%' {escape '!'}",
         "SELECT * FROM t WHERE a LIKE 'x!%' ESCAPE '!'"},
        // ODBC has no backslash escapes: a single one is written as it is.
        {"a LIKE ? {escape '\\'} AND b", "a LIKE ? ESCAPE '\\\\' AND b"},
        {"a LIKE ? {escape '\\\\'}", "a LIKE ? ESCAPE '\\\\'"},
        // The server has no literal for a date that is zero in part.
        {"SELECT {d '0000-00-00'}, {d '2015-00-01'}", "SELECT '0000-00-00', '2015-00-01'"},
        {"SELECT {ts '2015-01-02 00:00:00'}", "SELECT TIMESTAMP '2015-01-02 00:00:00'"},
        {"SELECT {guid '00112233-4455-6677-8899-AABBCCDDEEFF'}",
         "SELECT '00112233-4455-6677-8899-AABBCCDDEEFF'"},
        {"SELECT a + {interval '5' day}", "SELECT a + INTERVAL '5' DAY"},
        {"SELECT a + {INTERVAL -'1 02:03:04.5' DAY(3) TO SECOND(1)}",
         "SELECT a + INTERVAL '-1 02:03:04.5' DAY_MICROSECOND"},
        {"SELECT a + {interval '1-2' year to month}", "SELECT a + INTERVAL '1-2' YEAR_MONTH"},
        {"SELECT {fn CONVERT(a, SQL_DOUBLE)}", "SELECT (0e0 + (a))"},
        {"SELECT {fn CONVERT(f(a, b), SQL_FLOAT)}", "SELECT (0e0 + (f(a, b)))"},
        {"SELECT {fn CONVERT({fn CONVERT(a, SQL_REAL)}, SQL_TYPE_TIMESTAMP)}",
         "SELECT CONVERT((0e0 + (a)), DATETIME(6))"},
        {"SELECT {fn CHAR(65)}", "SELECT CHAR(65 USING latin1)"},
        {"SELECT {fn CHAR(65 USING utf8)}", "SELECT CHAR(65 USING utf8)"},
        {"SELECT {fn TIMESTAMPDIFF(SQL_TSI_MONTH, a, b)}", "SELECT TIMESTAMPDIFF(MONTH, a, b)"},
        {"SELECT {fn TIMESTAMPADD(HOUR, 1, a)}", "SELECT TIMESTAMPADD(HOUR, 1, a)"},
        // Words of types and intervals are names everywhere else.
        {"SELECT {fn UCASE(sql_date)}", "SELECT UCASE(sql_date)"},
        {"SELECT {fn CONVERT(sql_date, SQL_DATE)}", "SELECT CONVERT(sql_date, DATE)"},
        {"SELECT {fn my_function(1)}", "SELECT my_function(1)"},
        // Nothing grows together.
        {"SELECT{fn NOW()}FROM t", "SELECT NOW()FROM t"},
        {"SELECT * FROM {oj a JOIN b ON a.i=b.i}WHERE 1",
         "SELECT * FROM a JOIN b ON a.i=b.i WHERE 1"},
    };
    for (const Sample& sample : samples)
        EXPECT_EQ(sample.mysql, translate_escapes(sample.odbc)) << sample.odbc;
}

TEST(Escapes, BadOnesAreNamed) {
    const std::pair<const char*, const SqlState*> samples[] = {
        {"SELECT {nope 1}", &state::syntax_error},
        {"SELECT {d '2015-01-02'", &state::syntax_error},
        {"SELECT {fn NOW()}}", &state::syntax_error},
        {"SELECT {", &state::syntax_error},
        {"SELECT {}", &state::syntax_error},
        {"SELECT {fn}", &state::syntax_error},
        {"SELECT {fn 'x'}", &state::syntax_error},
        {"SELECT {d 2015-01-02}", &state::syntax_error},
        {"SELECT {d '2015-01-02' x}", &state::syntax_error},
        {"SELECT {interval '5' fortnight}", &state::syntax_error},
        {"SELECT {interval 5 day}", &state::syntax_error},
        {"SELECT {interval '5' day(", &state::syntax_error},
        {"SELECT {fn CONVERT(a, SQL_GUID)}", &state::syntax_error},
        {"SELECT {escape '\\'", &state::syntax_error},
        {"{?call f(1)}", &state::syntax_error},
        {"{? = fn f(?)}", &state::syntax_error},
        {"SELECT {fn TIMESTAMPADD(SQL_TSI_FRAC_SECOND, 1, a)}", &state::not_implemented},
    };
    for (const auto& [sql, expected] : samples) {
        try {
            translate_escapes(sql);
            ADD_FAILURE() << sql;
        } catch (const Error& error) {
            EXPECT_TRUE(error.is(*expected)) << sql << ": " << error.what();
        }
    }
}

TEST(Escapes, TheWrongWordIsInTheMessage) {
    const std::pair<const char*, const char*> samples[] = {
        {"SELECT {nope 1}", "nope"},
        {"SELECT {fn CONVERT(a, SQL_GUID)}", "SQL_GUID"},
        {"SELECT {interval '5' fortnight}", "fortnight"},
        {"SELECT {d '2015-01-02' x}", "'x'"},
    };
    for (const auto& [sql, word] : samples) {
        try {
            translate_escapes(sql);
            ADD_FAILURE() << sql;
        } catch (const Error& error) {
            EXPECT_NE(std::string::npos, error.message().find(word)) << error.message();
        }
    }
}

TEST(Escapes, BackslashesAreCharactersUnderNoBackslashEscapes) {
    EXPECT_EQ("a LIKE b ESCAPE '\\'", translate_escapes("a LIKE b {escape '\\'}", false));
    EXPECT_EQ("SELECT 'a\\', UCASE(b)", translate_escapes("SELECT 'a\\', {fn UCASE(b)}", false));
}

TEST(ScalarFunctions, AreListedOnceWithOneBitEach) {
    std::set<std::string_view> names;
    std::set<std::pair<unsigned, unsigned>> bits;
    for (const ScalarFunction& function : scalar_functions()) {
        EXPECT_TRUE(names.insert(function.name).second) << function.name;
        EXPECT_TRUE(bits.emplace(function.info_type, function.bit).second) << function.name;
        EXPECT_TRUE(std::has_single_bit(function.bit)) << function.name;
    }
}

}  // namespace
}  // namespace myfabric::sql
