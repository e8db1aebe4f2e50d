#include "daemon/post/checkpoint.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

void checkpoint(const char *name)
{
    /* The one counter of the process: only one name is counted in a run. */
    static atomic_long passed;
    const char *wanted = getenv("STADTLABOR_KILL_AT");
    size_t len = strlen(name);
    if (wanted == NULL || strncmp(wanted, name, len) != 0 || wanted[len] != ':') {
        return;
    }
    if (atomic_fetch_add(&passed, 1) + 1 == strtol(wanted + len + 1, NULL, 10)) {
        raise(SIGKILL);
    }
}
