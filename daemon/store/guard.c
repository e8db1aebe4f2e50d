#include "daemon/store/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int lock_file(const char *path, const char *store_path, struct error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);
    if (fd < 0) {
        fail(err, "%s: %s", path, strerror(errno));
        return -1;
    }
    (void)fchmod(fd, 0660); /* whatever the umask; only its owner may, and that is enough */
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        return fd;
    }
    if (errno == EWOULDBLOCK) {
        fail(err, "another stadtlabord works on %s; stop it first (systemctl stop stadtlabord)", store_path);
    } else {
        fail(err, "%s: %s", path, strerror(errno));
    }
    close(fd);
    return -1;
}

int guard_take(const char *store_path, struct error *err)
{
    char *path;
    if (asprintf(&path, "%s.lock", store_path) < 0) {
        fail(err, "out of memory");
        return -1;
    }
    int fd = lock_file(path, store_path, err);
    free(path);
    return fd;
}
