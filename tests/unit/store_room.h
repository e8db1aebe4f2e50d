/* tests/unit/store_room.h: a store in a folder of its own, for tests of what works on one; and a desk over it
 * for those that write letters. What cannot begin ends the test. */
#ifndef STADTLABOR_TESTS_UNIT_STORE_ROOM_H
#define STADTLABOR_TESTS_UNIT_STORE_ROOM_H

#include "base/text.h"
#include "daemon/desk/desk.h"
#include "tests/unit/check.h"

#include <stdlib.h>
#include <unistd.h>

static inline void room_failed(const char *what)
{
    printf("# %s\nnot ok begin\n", what);
    exit(1);
}

static inline struct store *room_store(struct arena *arena, char **ret_folder)
{
    struct store *store = NULL;
    struct error err = {""};
    char *folder = arena_strdup(arena, "/tmp/test-store-XXXXXX");
    if (mkdtemp(folder) == NULL || !store_open(arena_printf(arena, "%s/store", folder), &store, &err)) {
        room_failed(err.what);
    }
    *ret_folder = folder;
    return store;
}

static inline void room_desk(struct arena *arena, const char *folder, struct store *store,
                             struct config *ret_config, struct desk *ret)
{
    struct error err = {""};
    const char *conf = arena_printf(arena, "%s/conf", folder);
    FILE *f = fopen(conf, "w");
    fputs("imap_host = localhost\nimap_user = lab\nimap_password_file = /dev/null\nsmtp_host = localhost\n"
          "lab_address = lab@example.org\ntemplates_folder = templates\n",
          f);
    fclose(f);
    if (!config_read(arena, conf, ret_config, &err) ||
        !desk_begin_letters(ret, arena, store, ret_config, &err)) {
        room_failed(err.what);
    }
}

static inline void room_end(struct arena *arena, struct store *store, const char *folder)
{
    static const char *const files[] = {"store", "store-wal", "store-shm", "conf"};
    store_close(store);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        unlink(arena_printf(arena, "%s/%s", folder, files[i]));
    }
    rmdir(folder);
    arena_free(arena);
}

#endif
