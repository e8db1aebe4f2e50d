/* `stadtlabor check`: everything that can be wrong before the daemon runs, one line each. */
#include "daemon/staff/commands.h"

#include "base/date.h"
#include "base/text.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/settings.h"
#include "daemon/staff/command.h"
#include "daemon/store/store_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char usage_check[] = "stadtlabor check [--whole] [--config FILE] [--json]";

struct check {
    const char *name;
    bool good;
    const char *words;
};

static bool check_patterns(struct arena *arena, const struct config *config, struct error *err)
{
    struct patterns *patterns;
    if (!desk_patterns(arena, config, &patterns, err)) {
        return false;
    }
    patterns_free(patterns);
    return true;
}

/* `*ret_what`: the file, and since when it is known to be sound. */
static bool check_store(struct arena *arena, const struct config *config, bool whole, const char **ret_what,
                        struct error *err)
{
    struct store *store = NULL;
    bool good = store_open(config->store, &store, err) &&
                (!whole || store_check_whole(store, clock_now(), err) == STORE_WHOLE) &&
                store_check_quick(store, err);
    if (good) {
        int64_t at = store_fact(store, STORE_CHECKED_FACT, 0);
        *ret_what = arena_printf(arena, "%s, %s", config->store,
                                 at == 0 ? "never read whole yet (--whole)"
                                         : arena_printf(arena, "read whole at %s", berlin_iso(arena, at)));
    }
    store_close(store);
    return good;
}

static bool check_mailbox(const struct settings *settings, struct error *err)
{
    struct mailbox *mailbox = NULL;
    bool good = mailbox_open(&settings->mailbox, &mailbox, err) == MAILBOX_OK;
    mailbox_close(mailbox);
    return good;
}

/* Each by itself: one that fails does not hide the others. */
static size_t run_all(struct arena *arena, const char *config_file, bool whole, struct check *ret)
{
    struct config config;
    struct settings settings;
    struct error err = {""};
    size_t n = 0;
    bool read = config_read(arena, config_file, &config, &err);
    ret[n++] = (struct check){"configuration", read, read ? config_file : arena_strdup(arena, err.what)};
    if (!read) {
        return n;
    }
    settings_begin(&settings, &config);
    struct {
        const char *name, *what;
        bool good;
        struct error err;
    } rows[] = {{.name = "store"},
                {.name = "patterns", .what = "every example holds"},
                {.name = "letters", .what = desk_templates_folder(arena, &config)},
                {.name = "mailbox", .what = config.imap_host},
                {.name = "relay", .what = config.smtp_host}};
    rows[0].good = check_store(arena, &config, whole, &rows[0].what, &rows[0].err);
    rows[1].good = check_patterns(arena, &config, &rows[1].err);
    rows[2].good = templates_check(desk_templates_folder(arena, &config), &rows[2].err);
    rows[3].good = check_mailbox(&settings, &rows[3].err);
    rows[4].good = sender_check(&settings.outbox.sender, &rows[4].err);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ret[n++] = (struct check){rows[i].name, rows[i].good,
                                  rows[i].good ? rows[i].what : arena_strdup(arena, rows[i].err.what)};
    }
    settings_end(&settings);
    return n;
}

int cmd_check(int argc, char **argv)
{
    const char *file = getenv("STADTLABOR_CONFIG");
    bool json = false, whole = false, all_good = true;
    file = file != NULL ? file : CONFIG_DEFAULT_FILE;
    for (int i = 1; i < argc; i++) {
        if (str_equal(argv[i], "--config") && i + 1 < argc) {
            file = argv[++i];
        } else if (str_equal(argv[i], "--json")) {
            json = true;
        } else if (str_equal(argv[i], "--whole")) {
            whole = true;
        } else {
            fprintf(stderr, "usage: %s\n", usage_check);
            return EXIT_USAGE;
        }
    }
    struct arena *arena = arena_new();
    struct check checks[8];
    size_t n = run_all(arena, file, whole, checks);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        all_good &= checks[i].good;
        json_array_append_new(list, json_pack("{ss sb ss}", "name", checks[i].name, "good", checks[i].good,
                                              "words", checks[i].words));
        if (!json) {
            printf("%-6s %-14s %s\n", checks[i].good ? "ok" : "FAILED", checks[i].name, checks[i].words);
        }
    }
    if (json) {
        command_print_json(list);
    } else {
        json_decref(list);
    }
    arena_free(arena);
    return all_good ? EXIT_DONE : EXIT_NOT_DONE;
}
