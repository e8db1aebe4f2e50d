/* daemon/desk/desk.h: what the desk works with: the store's connection of its thread, and the
 * facts that do not change while a batch is handled. */
#ifndef STADTLABOR_DESK_DESK_H
#define STADTLABOR_DESK_DESK_H

#include "base/config.h"
#include "daemon/post/letters.h"
#include "daemon/store/store.h"
#include "parsers/reading/reading.h"

struct desk {
    struct store *store;
    const struct config *config;
    struct patterns *patterns;         /* NULL: begun for letters alone */
    const struct templates *templates; /* NULL: begun for reading alone */
    struct arena *programme_arena;     /* the programme, loaded again when its version changes */
    struct programme programme;
    int64_t programme_version; /* 0: not loaded yet */
};

/* Patterns (ours, and IT's own folder) and letters are loaded and proved: a bad one is refused here,
 * at start. `desk` borrows store and config; everything is freed by desk_end. */
bool desk_begin(struct desk *desk, struct arena *arena, struct store *store, const struct config *config,
                struct error *err);
/* The same without patterns: for whoever writes letters and reads no mail. */
bool desk_begin_letters(struct desk *desk, struct arena *arena, struct store *store,
                        const struct config *config, struct error *err);
/* The same without letters, and without proof of the patterns: for whoever tries how mails are read. */
bool desk_begin_reading(struct desk *desk, struct arena *arena, struct store *store,
                        const struct config *config, struct error *err);
/* The same for another connection, with the letters of a desk that lives longer; another thread may use it.
 */
void desk_begin_beside(struct desk *desk, const struct desk *other, struct store *store);
void desk_end(struct desk *desk);

/* Loads the programme if it changed. Call within the transaction that acts on it: who called an event off
 * while it waited for its turn has done so then. Not in the middle of the work on a mail. */
bool desk_programme(struct desk *desk, struct error *err);

/* Who reads a mail that was received then: as configured, and in the programme as it is loaded. */
struct reader desk_reader(const struct desk *desk, int64_t received);

/* Folders of the shipped files, or those the configuration names. */
const char *desk_templates_folder(struct arena *arena, const struct config *config);
bool desk_patterns(struct arena *arena, const struct config *config, struct patterns **ret,
                   struct error *err);

#endif
