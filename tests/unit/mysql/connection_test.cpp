#include "mysql/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace myfabric::mysql {
namespace {

// The last check before a client library sees a host, whatever source it came from.
TEST(Connection, IsMadeToAHostAndNothingElse) {
    for (const char* host :
         {"127.0.0.1;plugin-dir=/tmp/x;default-auth=evil", "127.0.0.1;local-infile=1",
          "127.0.0.1;ssl-verify-server-cert=0;ssl-enforce=0", "h;init-command=SELECT 1", "h=1",
          "127.0.0.1,127.0.0.2", "127.0.0.1 ", "h\n", "mysql://127.0.0.1"}) {
        Login login;
        login.host = host;
        login.connect_timeout = 1;
        try {
            const Connection connection(login);
            ADD_FAILURE() << host;
        } catch (const Error& error) {
            EXPECT_EQ(error.state(), "08001");
            EXPECT_THAT(error.message(), testing::HasSubstr("is no host to connect to"));
        }
    }
}

TEST(Connection, PortsEndAt65535) {
    Login login;
    login.host = "127.0.0.1";
    login.port = 65536 + 3306;
    try {
        const Connection connection(login);
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_THAT(error.message(), testing::HasSubstr("there is no port 68842"));
    }
}

}  // namespace
}  // namespace myfabric::mysql
