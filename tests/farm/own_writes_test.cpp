// Mode=AUTO, a read after a write: it goes to a secondary together with the question whether that
// has the write, and is shown only if it has.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/odbc_client.h"
#include "support/proxy.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using Rows = std::vector<std::string>;

Farm& farm() {
    static Farm shared("--secondaries 1 --no-activate");
    return shared;
}

int port_of(const std::string& status) {
    const std::string address = farm().address("shard1", status);
    return std::stoi(address.substr(address.find(':') + 1));
}

/// A primary and a secondary, each with a proxy before it.
class OwnWrites : public testing::TestWithParam<const char*> {
protected:
    OwnWrites() : primary(port_of("PRIMARY")), secondary(port_of("SECONDARY")) {}

    void SetUp() override {
        std::ofstream(file_) << R"({"ttl": 3600, "groups": {"g": {"servers": [)"
                             << R"({"host": "127.0.0.1", "status": "PRIMARY", "port": )"
                             << primary.port()
                             << R"(}, {"host": "127.0.0.1", "status": "SECONDARY", "port": )"
                             << secondary.port() << "}]}}}";
        replica.open(driver_key() + "Server=127.0.0.1;Port=" +
                     std::to_string(port_of("SECONDARY")) + ";User=fabric;Password=fabric");
        const nlohmann::json& d = farm().description();
        keys_ = driver_key() + "FabricProtocol=file;FabricHost=" + file_ +
                ";Group=g;Mode=AUTO;SSLMode=DISABLED;ReadYourWritesTimeout=1;User=" +
                d["user"].get<std::string>() + ";Password=" + d["password"].get<std::string>() +
                ";Database=" + d["database"].get<std::string>() + GetParam();
        link.open(keys_);
        write();
        ASSERT_EQ(Rows{"1"}, read("SELECT @@read_only"));
    }
    void TearDown() override {
        replica.run("START SLAVE SQL_THREAD");
        link.run("DELETE FROM journal WHERE id >= 900000");
    }
    /// A row of its own.
    void write() {
        link.run("INSERT INTO journal VALUES (" + std::to_string(++id) + ", 0, 'mine')");
    }
    void reconnect() {
        link.close();
        link.open(keys_);
    }
    Rows rows_or_state(const std::string& sql) {
        Query query(link);
        if (!SQL_SUCCEEDED(query.run(sql))) return {query.state()};
        return query.rows();
    }
    Rows read(const std::string& sql) { return link.rows(sql); }
    std::string mine() const {
        return "SELECT body, @@read_only FROM journal WHERE id = " + std::to_string(id);
    }

    bool together() const { return std::string(GetParam()).empty(); }

    std::string keys_;
    const std::string file_ = farm().description()["dir"].get<std::string>() + "/own_writes.json";
    Proxy primary, secondary;
    Link link, replica;
    int id = 900'000;
};

TEST_P(OwnWrites, AreReadInOneTurn) {
    secondary.gather(std::chrono::milliseconds(20));
    for (int i = 0; i < 10; ++i) {
        write();
        const int at_primary = primary.turns(), at_secondary = secondary.turns();
        EXPECT_EQ(Rows{"mine|1"}, read(mine()));
        EXPECT_EQ(at_primary, primary.turns()) << "it has told where the write stands";
        EXPECT_EQ(together() ? 1 : 2, secondary.turns() - at_secondary);
    }
    link.run("BEGIN");
    write();
    link.run("COMMIT");
    const int at_primary = primary.turns();
    EXPECT_EQ(Rows{"mine|1"}, read(mine()));
    EXPECT_EQ(at_primary, primary.turns());
}

TEST_P(OwnWrites, AreReadByPreparedStatements) {
    secondary.gather(std::chrono::milliseconds(20));
    Query query(link), insert(link);
    SQLINTEGER key = 0;
    ASSERT_OK(query, query.prepare("SELECT body, @@read_only FROM journal WHERE id = ?"));
    ASSERT_OK(insert, insert.prepare("INSERT INTO journal VALUES (?, 0, 'mine')"));
    for (Query* each : {&query, &insert})
        ASSERT_OK(*each, SQLBindParameter(*each, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                          &key, 0, nullptr));
    for (key = 910'000; key < 910'010; ++key) {
        ASSERT_OK(insert, insert.execute());
        const int at_primary = primary.turns(), at_secondary = secondary.turns();
        ASSERT_OK(query, query.execute());
        EXPECT_EQ(Rows{"mine|1"}, query.rows());
        query.close();
        EXPECT_EQ(at_primary, primary.turns());
        if (key > 910'000) {
            EXPECT_EQ(together() ? 1 : 2, secondary.turns() - at_secondary);
        }
    }
}

TEST_P(OwnWrites, ThatTheSecondaryLacksAreReadOnThePrimary) {
    const std::string own = " FROM journal WHERE id >= 900000";
    const std::string samples[] = {
        "SELECT COUNT(*)" + own,
        "SELECT COUNT(*)" + own + " UNION ALL SELECT REPEAT('x', 30000) FROM journal LIMIT 200",
        "SELECT COUNT(*)" + own + " HAVING SLEEP(0.3) = 0",
        "SELECT COUNT(*)" + own + " AND no_such_column = 1",
    };
    for (const std::string& sql : samples) {
        reconnect();  // which servers lag is known for a while
        write();
        const Rows before = rows_or_state(sql);
        EXPECT_EQ("1", link.value("SELECT @@read_only"));
        replica.run("STOP SLAVE SQL_THREAD");
        write();
        const Rows after = rows_or_state(sql);
        if (before.front() == "42S22")
            EXPECT_EQ(before, after);
        else
            EXPECT_EQ(std::stoi(before.front()) + 1, std::stoi(after.front())) << sql;
        EXPECT_EQ(Rows{"mine|0"}, read(mine())) << sql;
        replica.run("START SLAVE SQL_THREAD");
    }
}

TEST_P(OwnWrites, AreReadWhereverTheLinkIsCut) {
    for (std::size_t bytes = 0; bytes < 260; bytes += bytes < 30 ? 3 : 17) {
        write();
        secondary.cut_reply_of("GTID_WAIT", bytes);
        {
            Query query(link);
            ASSERT_OK(query, query.run(mine()));
            // The row, or the loss of the link; never that there is none.
            const SQLRETURN fetched = query.fetch();
            EXPECT_TRUE(fetched == SQL_SUCCESS ? query.get(1) == "mine" : query.state() == "08S01")
                << fetched << query.text() << bytes;
        }
        write();
        EXPECT_EQ(1u, read(mine()).size()) << bytes;
    }
    for (const std::size_t piece : {7u, 1u}) {
        secondary.deliver_in_pieces(piece);
        write();
        EXPECT_EQ(1u, read(mine()).size());
        EXPECT_EQ(1u, read(mine()).size());
    }
}

INSTANTIATE_TEST_SUITE_P(Of, OwnWrites, testing::Values("", ";PlainReader=0"),
                         [](const auto& tested) {
                             return std::string(*tested.param ? "OneByOne" : "Together");
                         });

}  // namespace
}  // namespace myfabric::test
