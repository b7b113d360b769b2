// What the client library needs of threads that the driver starts itself.
#pragma once

namespace myfabric::mysql {

/// To live as long as the thread calls the library.
class ClientThread {
public:
    ClientThread();
    ~ClientThread();
    ClientThread(const ClientThread&) = delete;
    ClientThread& operator=(const ClientThread&) = delete;
};

}  // namespace myfabric::mysql
