// SOCI: values, NULL, rows, bulk operations, long texts, transactions, the last id, errors.
#include <soci/odbc/soci-odbc.h>
#include <soci/soci.h>

#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

namespace {

int checked = 0;

template <class Got, class Wanted>
void is(const Got& got, const Wanted& wanted, const char* what) {
    ++checked;
    if (!(got == wanted))
        std::cout << "FAIL " << what << ": expected " << wanted << ", got " << got << '\n';
}

void values(soci::session& sql) {
    sql << "DROP TABLE IF EXISTS soci_rows";
    sql << "CREATE TABLE soci_rows (id INT PRIMARY KEY AUTO_INCREMENT, t VARCHAR(60) CHARACTER SET "
           "utf8mb4, n INT, u INT UNSIGNED, b BIGINT, d DOUBLE, m DATETIME, l LONGTEXT CHARACTER "
           "SET "
           "utf8mb4) ENGINE=InnoDB";
    const std::string text = "Zo\xc3\xab \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80";
    const long long big = 9007199254740993;
    const std::uint32_t large = 4000000000;
    double real = 0.1;
    std::tm moment{};
    moment.tm_year = 120, moment.tm_mon = 1, moment.tm_mday = 29, moment.tm_hour = 12;
    sql << "INSERT INTO soci_rows (t, n, u, b, d, m) VALUES (:t, :n, :u, :b, :d, :m)",
        soci::use(text), soci::use(-5), soci::use(static_cast<long long>(large)), soci::use(big),
        soci::use(real), soci::use(moment);
    long long id = 0;
    is(sql.get_last_insert_id("soci_rows", id) && id == 1, true, "the last id");

    std::string t;
    int n = 0;
    long long u = 0, b = 0;
    double d = 0;
    std::tm m{};
    soci::indicator of_n = soci::i_null;
    sql << "SELECT t, n, u, b, d, m FROM soci_rows WHERE id = :id", soci::use(id), soci::into(t),
        soci::into(n, of_n), soci::into(u), soci::into(b), soci::into(d), soci::into(m);
    is(t, text, "a text");
    is(n, -5, "an integer");
    is(u, static_cast<long long>(large), "an unsigned integer");
    is(b, big, "a large integer");
    is(d, 0.1, "a real number");
    is(m.tm_year == 120 && m.tm_mon == 1 && m.tm_mday == 29 && m.tm_hour == 12, true, "a moment");

    soci::indicator none = soci::i_null;
    sql << "INSERT INTO soci_rows (t, n) VALUES (:t, :n)", soci::use(t, none), soci::use(n);
    sql << "SELECT t FROM soci_rows WHERE id = 2", soci::into(t, of_n);
    is(of_n == soci::i_null, true, "NULL");
}

void rows(soci::session& sql) {
    std::vector<int> numbers;
    std::vector<std::string> texts;
    for (int i = 0; i < 50; ++i) {
        numbers.push_back(i);
        texts.push_back("row " + std::to_string(i));
    }
    sql << "DELETE FROM soci_rows";
    sql << "INSERT INTO soci_rows (n, t) VALUES (:n, :t)", soci::use(numbers), soci::use(texts);
    std::vector<int> read(20);
    std::vector<std::string> read_texts(20);
    soci::statement blocks = (sql.prepare << "SELECT n, t FROM soci_rows ORDER BY n",
                              soci::into(read), soci::into(read_texts));
    blocks.execute();
    std::size_t count = 0;
    while (blocks.fetch()) {
        for (std::size_t i = 0; i < read.size(); ++i, ++count)
            if (read[i] != static_cast<int>(count) || read_texts[i] != texts[count])
                std::cout << "FAIL row " << count << " of blocks\n";
        read.resize(20);
        read_texts.resize(20);
    }
    is(count, numbers.size(), "rows of blocks");

    count = 0;
    soci::rowset<soci::row> dynamic =
        (sql.prepare << "SELECT n, t, u, d, b FROM soci_rows ORDER BY n");
    for (const soci::row& row : dynamic) {
        if (row.get<int>(0) != static_cast<int>(count)) std::cout << "FAIL a dynamic row\n";
        ++count;
        if (count > 1) continue;
        is(row.get_properties(1).get_name(), std::string("t"), "a column's name");
        is(row.get_properties(1).get_data_type() == soci::dt_string, true, "a text's type");
        is(row.get_properties(3).get_data_type() == soci::dt_double, true, "a real number's type");
    }
    is(count, numbers.size(), "dynamic rows");
    soci::statement changed = (sql.prepare << "UPDATE soci_rows SET n = n + 1 WHERE n < 10");
    changed.execute(true);
    is(changed.get_affected_rows(), 10, "rows of an UPDATE");
}

void ends_and_errors(soci::session& sql) {
    {
        soci::transaction given_up(sql);
        sql << "DELETE FROM soci_rows";
    }
    int count = 0;
    sql << "SELECT COUNT(*) FROM soci_rows", soci::into(count);
    is(count, 50, "rows after a rollback");
    {
        soci::transaction kept(sql);
        sql << "DELETE FROM soci_rows WHERE n > 20";
        kept.commit();
    }
    sql << "SELECT COUNT(*) FROM soci_rows WHERE n > 20", soci::into(count);
    is(count, 0, "rows after a commit");

    std::string text;
    for (int i = 0; i < 30000; ++i) text += "a\xc3\xa9\xe6\x97\xa5";
    soci::long_string written, read;
    written.value = text;
    sql << "INSERT INTO soci_rows (n, l) VALUES (1000, :l)", soci::use(written);
    sql << "SELECT l FROM soci_rows WHERE n = 1000", soci::into(read);
    is(read.value == text, true, "a long text");

    std::string state;
    try {
        sql << "SELECT * FROM soci_no_such";
    } catch (const soci::odbc_soci_error& error) {
        state = reinterpret_cast<const char*>(error.odbc_error_code());
    }
    is(state, std::string("42S02"), "the state of an error");
    sql << "DROP TABLE soci_rows";
}

}  // namespace

int main(int, char** arguments) {
    try {
        soci::session sql(
            soci::odbc, "DSN=" + std::string(arguments[1]) + ";Server_Name=MySQL;UnsignedAs=wider");
        values(sql);
        rows(sql);
        ends_and_errors(sql);
    } catch (const std::exception& error) {
        std::cout << "FAIL " << error.what() << '\n';
    }
    std::cout << "checked " << checked << '\n';
}
