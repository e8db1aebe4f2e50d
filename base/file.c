#include "base/file.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_MAX = 16 * 1024 };

bool file_read(struct arena *arena, const char *path, size_t most, char **ret_bytes, size_t *ret_len,
               struct error *err)
{
    bool done = false;
    int fd = str_equal(path, "-") ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fail(err, "%s: %s", path, strerror(errno));
    }
    struct text bytes = text_new(arena, most);
    char buffer[64 * 1024];
    ssize_t n;
    while ((n = read(fd, buffer, sizeof buffer)) != 0) {
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            fail(err, "%s: %s", path, strerror(errno));
            goto cleanup;
        }
        text_addn(&bytes, buffer, (size_t)n);
        if (bytes.overflow) {
            fail(err, "%s: more than %zu bytes", path, most);
            goto cleanup;
        }
    }
    *ret_bytes = bytes.s;
    *ret_len = bytes.len;
    done = true;
cleanup:
    if (fd != STDIN_FILENO) {
        close(fd);
    }
    return done;
}

bool file_write(const char *path, unsigned mode, const char *bytes, size_t len, struct error *err)
{
    if (strcmp(path, "-") == 0) {
        return (fwrite(bytes, 1, len, stdout) == len && fflush(stdout) == 0) || fail(err, "stdout: %m");
    }
    struct arena *arena = arena_new();
    char *fresh = arena_printf(arena, "%s.new.%d", path, (int)getpid());
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
    bool done = out != NULL && fwrite(bytes, 1, len, out) == len && fflush(out) == 0 && fsync(fd) == 0;
    if (out != NULL && fclose(out) != 0) {
        done = false;
    }
    done = done && rename(fresh, path) == 0;
    if (!done) {
        (void)fail(err, "%s: %m", path);
        if (fd >= 0) {
            unlink(fresh);
        }
    }
    arena_free(arena);
    return done;
}

bool file_read_secret(struct arena *arena, const char *path, char **ret, struct error *err)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        return fail(err, "%s: %s", path, strerror(errno));
    }
    if ((st.st_mode & (S_IROTH | S_IWOTH | S_IWGRP)) != 0) {
        return fail(err, "%s: others may read or change this secret; right would be mode 0600 or 0640", path);
    }
    char *bytes;
    size_t len;
    if (!file_read(arena, path, SECRET_MAX, &bytes, &len, err)) {
        return false;
    }
    size_t line = strcspn(bytes, "\r\n");
    if (line == 0 || strlen(bytes) != len) {
        return fail(err, "%s: the first line should hold the secret, and it is empty or not text", path);
    }
    *ret = arena_strndup(arena, bytes, line);
    return true;
}

const char *file_share_folder(struct arena *arena)
{
    const char *given = getenv("STADTLABOR_SHARE");
    if (given != NULL && given[0] != '\0') {
        return arena_strdup(arena, given);
    }
    char exe[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (len > 0) {
        exe[len] = '\0';
        const char *share = arena_printf(arena, "%s/../share/stadtlabor", dirname(exe));
        if (access(share, R_OK) == 0) {
            return share;
        }
    }
    return STADTLABOR_SHARE_FOLDER; /* set by the Makefile from PREFIX */
}
