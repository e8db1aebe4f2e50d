#include "daemon/staff/reading_command.h"

#include "base/config.h"
#include "base/file.h"
#include "base/text.h"
#include "daemon/staff/command.h"
#include "daemon/store/programme_store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAIL_FILE_MAX = 64 * 1024 * 1024, PROGRAMME_FILE_MAX = 4 * 1024 * 1024 };

struct options {
    const char *programme, *today, *patterns, *expected, *caution, *config;
    const char **mails;
    int mails_n;
    bool whole;
};

static bool take_options(int argc, char **argv, struct options *o)
{
    const struct {
        const char *name;
        const char **value;
    } with_value[] = {{"--programme", &o->programme}, {"--today", &o->today},
                      {"--patterns", &o->patterns},   {"--expected", &o->expected},
                      {"--caution", &o->caution},     {"--config", &o->config}};
    bool options = true;
    for (int i = 1; i < argc; i++) {
        bool taken = false;
        for (size_t k = 0; options && !taken && k < sizeof with_value / sizeof *with_value; k++) {
            if (str_equal(argv[i], with_value[k].name) && i + 1 < argc) {
                *with_value[k].value = argv[++i];
                taken = true;
            }
        }
        if (taken) {
            continue;
        }
        if (options && str_equal(argv[i], "--")) {
            options = false;
        } else if (options && str_equal(argv[i], "--whole")) {
            o->whole = true;
        } else if (options && argv[i][0] == '-' && argv[i][1] != '\0') {
            return false;
        } else {
            o->mails[o->mails_n++] = argv[i];
        }
    }
    return o->mails_n > 0;
}

/* From the file, else from the store that the configuration names. */
static bool load_programme(struct reading_command *c, const struct options *o)
{
    if (o->programme != NULL) {
        char *bytes;
        size_t len;
        const char *problems = NULL;
        if (!file_read(c->kept, o->programme, PROGRAMME_FILE_MAX, &bytes, &len, &c->err)) {
            return false;
        }
        bool good = programme_read_csv(c->kept, bytes, len, &c->programme, &problems, &c->err);
        if (!good && problems != NULL) {
            fprintf(stderr, "%s\n", problems);
        }
        return good || fail_within(&c->err, "%s", o->programme);
    }
    struct config config;
    struct store *store;
    const char *file = o->config != NULL ? o->config : getenv("STADTLABOR_CONFIG");
    if (!config_read(c->kept, file != NULL ? file : CONFIG_DEFAULT_FILE, &config, &c->err) ||
        !store_open(config.store, &store, &c->err)) {
        return fail_within(&c->err, "no --programme given");
    }
    bool good = programme_load(store, c->kept, &c->programme, &c->err);
    store_close(store);
    return good;
}

static bool load_patterns(struct reading_command *c, const struct options *o)
{
    const char *shipped = arena_printf(c->kept, "%s/patterns", file_share_folder(c->kept));
    const char *folders[] = {o->patterns != NULL ? o->patterns : shipped, NULL};
    c->patterns = patterns_load(folders, false, &c->err);
    return c->patterns != NULL;
}

static bool set_reader(struct reading_command *c, const struct options *o)
{
    struct date today;
    berlin_from_unix(clock_now(), &today, NULL, NULL);
    if (o->today != NULL && !date_parse_iso(o->today, &today)) {
        return fail(&c->err, "--today %s: right would be a day such as 2026-11-22", o->today);
    }
    int caution = READING_CAUTION;
    if (o->caution != NULL) {
        char *end;
        errno = 0;
        long n = strtol(o->caution, &end, 10);
        if (*o->caution == '\0' || *end != '\0' || errno != 0 || n < 0 || n > 100) {
            return fail(&c->err, "--caution %s: right would be a number from 0 to 100", o->caution);
        }
        caution = (int)n;
    }
    if (o->expected != NULL && !expected_parse(c->kept, o->expected, &c->expected, &c->err)) {
        return false;
    }
    c->has_expected = o->expected != NULL;
    c->whole = o->whole;
    c->reader = (struct reader){
        .patterns = c->patterns, .programme = &c->programme, .today = today, .caution = caution};
    return true;
}

bool reading_command_letter(struct reading_command *c, const char *path, struct letter *ret)
{
    char *bytes;
    size_t len;
    return file_read(c->arena, path, MAIL_FILE_MAX, &bytes, &len, &c->err) &&
           (letter_read(c->arena, bytes, len, true, ret, &c->err) || fail_within(&c->err, "%s", path));
}

bool reading_command_read(struct reading_command *c, const char *path, struct letter *ret_letter,
                          struct reading *ret)
{
    if (!reading_command_letter(c, path, ret_letter)) {
        return false;
    }
    read_letter(c->arena, &c->reader, ret_letter, c->has_expected ? &c->expected : NULL, ret);
    return true;
}

int reading_command_each(int argc, char **argv, bool with_programme,
                         bool (*each)(struct reading_command *, const char *path), const char *usage)
{
    struct reading_command c = {.arena = arena_new(), .kept = arena_new()};
    struct options o = {.mails = arena_alloc(c.kept, ((size_t)argc + 1) * sizeof *o.mails)};
    int status = COMMAND_DONE;
    if (!take_options(argc, argv, &o)) {
        fprintf(stderr, "usage: %s\n", usage);
        status = COMMAND_WRONG_USAGE;
    } else if (!load_patterns(&c, &o) || (with_programme && !load_programme(&c, &o)) || !set_reader(&c, &o)) {
        fprintf(stderr, "stadtlabor: %s\n", c.err.what);
        status = COMMAND_NOT_DONE;
    }
    for (int i = 0; status != COMMAND_WRONG_USAGE && c.reader.patterns != NULL && i < o.mails_n; i++) {
        arena_reset(c.arena);
        if (!each(&c, o.mails[i])) {
            fprintf(stderr, "stadtlabor: %s\n", c.err.what);
            status = COMMAND_NOT_DONE;
        }
    }
    patterns_free(c.patterns);
    arena_free(c.arena);
    arena_free(c.kept);
    return status;
}
