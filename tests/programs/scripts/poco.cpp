// POCO Data: values, NULL, bulk operations, OUT parameters, several results, transactions, errors.
#include <Poco/Data/LOB.h>
#include <Poco/Data/ODBC/Connector.h>
#include <Poco/Data/ODBC/ODBCException.h>
#include <Poco/Data/RecordSet.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <Poco/DateTime.h>
#include <Poco/Nullable.h>
// These need the others before them.
#include <Poco/Data/BulkBinding.h>
#include <Poco/Data/BulkExtraction.h>

#include <iostream>
#include <string>
#include <vector>

using namespace Poco::Data::Keywords;
using Poco::Data::RecordSet;
using Poco::Data::Session;
using Poco::Data::Statement;

namespace {

int checked = 0;

template <class Got, class Wanted>
void is(const Got& got, const Wanted& wanted, const char* what) {
    ++checked;
    if (!(got == wanted))
        std::cout << "FAIL " << what << ": expected " << wanted << ", got " << got << '\n';
}

void values(Session& session) {
    session << "DROP TABLE IF EXISTS poco_rows", now;
    session << "CREATE TABLE poco_rows (id INT PRIMARY KEY, t VARCHAR(60) CHARACTER SET utf8mb4, n "
               "TINYINT, u INT UNSIGNED, b BIGINT UNSIGNED, d DOUBLE, m DATETIME, x LONGBLOB) "
               "ENGINE=InnoDB",
        now;
    std::string text = "Zo\xc3\xab \xe6\x97\xa5 \xf0\x9f\x98\x80";
    Poco::Int8 small = -5;
    Poco::UInt32 large = 4000000000;
    Poco::UInt64 huge = 18446744073709551615U;
    double real = 0.1;
    Poco::DateTime moment(2020, 2, 29, 12, 34, 56);
    Poco::Data::BLOB bytes(reinterpret_cast<const unsigned char*>("\0\xff\x01"), 3);
    int id = 1;
    session << "INSERT INTO poco_rows VALUES (?, ?, ?, ?, ?, ?, ?, ?)", use(id), use(text),
        use(small), use(large), use(huge), use(real), use(moment), use(bytes), now;
    std::string t;
    Poco::Int8 n = 0;
    Poco::UInt32 u = 0;
    Poco::UInt64 b = 0;
    double d = 0;
    Poco::DateTime m;
    Poco::Data::BLOB x;
    session << "SELECT t, n, u, b, d, m, x FROM poco_rows WHERE id = ?", use(id), into(t), into(n),
        into(u), into(b), into(d), into(m), into(x), now;
    is(t, text, "a text");
    is(static_cast<int>(n), -5, "a small integer");
    is(u, large, "an unsigned integer");
    is(b, huge, "a large unsigned integer");
    is(d, real, "a real number");
    is(m == moment, true, "a moment");
    is(x == bytes, true, "bytes");

    session << "INSERT INTO poco_rows (id) VALUES (2)", now;
    Poco::Nullable<std::string> none;
    session << "SELECT t FROM poco_rows WHERE id = 2", into(none), now;
    is(none.isNull(), true, "NULL");
    RecordSet rows(session, "SELECT id, t FROM poco_rows ORDER BY id");
    is(rows.rowCount(), 2U, "rows of a set");
    is(rows.columnName(1), std::string("t"), "a column's name");
    is(rows.value(0, 0).convert<int>(), 1, "a value of a set");
}

void many(Session& session) {
    session << "DELETE FROM poco_rows", now;
    std::vector<int> ids;
    std::vector<std::string> texts;
    for (int i = 0; i < 100; ++i) {
        ids.push_back(i);
        texts.push_back("row " + std::to_string(i));
    }
    session << "INSERT INTO poco_rows (id, t) VALUES (?, ?)", use(ids, bulk), use(texts, bulk), now;
    std::vector<int> read;
    std::vector<std::string> read_texts;
    session << "SELECT id, t FROM poco_rows ORDER BY id", into(read, bulk(100U)),
        into(read_texts, bulk(100U)), now;
    is(read == ids, true, "integers in bulk");
    is(read_texts == texts, true, "texts in bulk");
    std::vector<int> by_row;
    session << "SELECT id FROM poco_rows ORDER BY id", into(by_row), now;
    is(by_row == ids, true, "integers row by row");
}

void procedures(Session& session) {
    session << "DROP PROCEDURE IF EXISTS poco_out", now;
    session
        << "CREATE PROCEDURE poco_out(IN a INT, OUT b INT, INOUT c INT) SET b = a * 2, c = c + 1",
        now;
    int a = 21, b = 0, c = 6;
    session << "{call poco_out(?, ?, ?)}", in(a), out(b), io(c), now;
    is(b, 42, "an OUT parameter");
    is(c, 7, "an INOUT parameter");
    session << "DROP FUNCTION IF EXISTS poco_doubled", now;
    session << "CREATE FUNCTION poco_doubled(a INT) RETURNS INT DETERMINISTIC RETURN a * 2", now;
    int value = 0;
    session << "{? = call poco_doubled(?)}", out(value), in(a), now;
    is(value, 42, "a function's value");
    session << "DROP PROCEDURE poco_out", now;
    session << "DROP FUNCTION poco_doubled", now;
}

void ends_and_errors(Session& session) {
    session.setFeature("autoCommit", false);
    session.begin();
    session << "DELETE FROM poco_rows", now;
    session.rollback();
    int count = 0;
    session << "SELECT COUNT(*) FROM poco_rows", into(count), now;
    is(count, 100, "rows after a rollback");
    session.begin();
    session << "DELETE FROM poco_rows WHERE id > 9", now;
    session.commit();
    session << "SELECT COUNT(*) FROM poco_rows", into(count), now;
    is(count, 10, "rows after a commit");
    session.setFeature("autoCommit", true);

    std::string state;
    try {
        session << "SELECT * FROM poco_no_such", now;
    } catch (const Poco::Data::ODBC::StatementException& error) {
        state = error.diagnostics().sqlState(0);
    }
    is(state, std::string("42S02"), "the state of an error");
    session << "DROP TABLE poco_rows", now;
}

}  // namespace

int main(int, char** arguments) {
    try {
        Poco::Data::ODBC::Connector::registerConnector();
        Session session("ODBC", "DSN=" + std::string(arguments[1]) + ";WrapIntegers=1");
        values(session);
        many(session);
        procedures(session);
        ends_and_errors(session);
    } catch (const Poco::Exception& error) {
        std::cout << "FAIL " << error.displayText() << '\n';
    }
    std::cout << "checked " << checked << '\n';
}
