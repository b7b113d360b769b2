#include "mysql/client_thread.h"

#include "mysql/client_library.h"

namespace myfabric::mysql {

ClientThread::ClientThread() {
    mysql_thread_init();
}

ClientThread::~ClientThread() {
    mysql_thread_end();
}

}  // namespace myfabric::mysql
