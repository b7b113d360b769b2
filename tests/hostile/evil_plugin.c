/* A library that leaves a trace when it is loaded. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

__attribute__((constructor)) static void loaded(void) {
    const char* trace = getenv("MYFABRIC_EVIL_TRACE");
    if (trace) close(open(trace, O_CREAT | O_WRONLY, 0600));
}
