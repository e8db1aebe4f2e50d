#include "daemon/store/doorbell.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool address_of(const char *store_path, struct sockaddr_un *ret)
{
    *ret = (struct sockaddr_un){.sun_family = AF_UNIX};
    int len = snprintf(ret->sun_path, sizeof ret->sun_path, "%s.bell", store_path);
    return len > 0 && (size_t)len < sizeof ret->sun_path;
}

int doorbell_listen(const char *store_path, struct error *err)
{
    struct sockaddr_un address;
    if (!address_of(store_path, &address)) {
        fail(err, "%s.bell: the path is too long for a socket; right would be a store with a shorter path",
             store_path);
        return -1;
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    unlink(address.sun_path);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        chmod(address.sun_path, 0660) != 0) {
        fail(err, "%s: %s", address.sun_path, strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return -1;
    }
    return fd;
}

void doorbell_close(int fd, const char *store_path)
{
    struct sockaddr_un address;
    if (fd >= 0 && address_of(store_path, &address)) {
        close(fd);
        unlink(address.sun_path);
    }
}

bool doorbell_rang(int fd)
{
    char byte;
    bool rang = false;
    while (recv(fd, &byte, 1, 0) >= 0) {
        rang = true;
    }
    return rang;
}

void doorbell_ring(const char *store_path)
{
    struct sockaddr_un address;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && address_of(store_path, &address)) {
        sendto(fd, "!", 1, MSG_NOSIGNAL, (struct sockaddr *)&address, sizeof address);
    }
    if (fd >= 0) {
        close(fd);
    }
}
