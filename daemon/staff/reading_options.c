/* daemon/staff/reading_options.c */
#include "daemon/staff/reading_options.h"

#include "base/file.h"
#include "base/text.h"
#include "daemon/staff/commands.h"
#include "parsers/reading/expected.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAIL_BYTES_MAX = 32 * 1024 * 1024, PROGRAMME_BYTES_MAX = 4 * 1024 * 1024 };

struct given {
    const char *programme, *today, *patterns, *caution, *expected;
};

static bool take_options(int argc, char **argv, struct given *given, struct reading_options *options)
{
    const struct {
        const char *name;
        const char **value;
    } known[] = {{"--programme", &given->programme},
                 {"--today", &given->today},
                 {"--patterns", &given->patterns},
                 {"--caution", &given->caution},
                 {"--expected", &given->expected}};
    bool files_only = false;
    for (int i = 1; i < argc; i++) {
        bool taken = false;
        if (files_only || argv[i][0] != '-' || argv[i][1] == '\0') {
            *LIST_ADD(options->arena, &options->mails) = argv[i];
            continue;
        }
        if (str_equal(argv[i], "--")) {
            files_only = true;
            continue;
        }
        if (str_equal(argv[i], "--whole")) {
            options->whole = true;
            continue;
        }
        for (size_t k = 0; k < sizeof known / sizeof *known && !taken; k++) {
            size_t len = strlen(known[k].name);
            if (str_starts(argv[i], known[k].name) && argv[i][len] == '=') {
                *known[k].value = argv[i] + len + 1;
                taken = true;
            } else if (str_equal(argv[i], known[k].name) && i + 1 < argc) {
                *known[k].value = argv[++i];
                taken = true;
            }
        }
        if (!taken) {
            fprintf(stderr, "stadtlabor %s: unknown option or missing value: %s\n", argv[0], argv[i]);
            return false;
        }
    }
    if (options->mails.n == 0) {
        fprintf(stderr, "stadtlabor %s: no mail given\n", argv[0]);
        return false;
    }
    return true;
}

static bool load_programme(struct reading_options *options, const char *path, struct error *err)
{
    char *bytes;
    size_t len;
    const char *problems;
    if (path == NULL) {
        return fail(err, "--programme FILE is needed");
    }
    if (!file_read(options->arena, path, PROGRAMME_BYTES_MAX, &bytes, &len, err)) {
        return false;
    }
    if (!programme_read_csv(options->arena, bytes, len, &options->programme, &problems, err)) {
        fputs(problems, stderr);
        return fail_within(err, "%s", path);
    }
    if (!(options->programme.columns & EVENT_COLUMN_BIT(COLUMN_CODE))) {
        return fail(err, "%s: a column \"code\" is needed, as the readings name events by it", path);
    }
    programme_prepare(options->arena, options->patterns, &options->programme);
    return true;
}

static bool use_given(const struct given *given, bool need_programme, struct reading_options *options,
                      struct error *err)
{
    struct arena *arena = options->arena;
    const char *const folders[] = {arena_printf(arena, "%s/patterns", file_share_folder(arena)),
                                   given->patterns, NULL};
    options->patterns = patterns_load(folders, false, err);
    if (options->patterns == NULL || (need_programme && !load_programme(options, given->programme, err))) {
        return false;
    }
    options->reader = (struct reader){.patterns = options->patterns,
                                      .programme = &options->programme,
                                      .caution = READING_CAUTION,
                                      .own_address = "stadtlabor@iserlohn.de"};
    berlin_from_unix(clock_now(), &options->reader.today, NULL, NULL);
    if (given->today != NULL && !date_parse_iso(given->today, &options->reader.today)) {
        return fail(err, "--today %s: not a date; write 2026-11-22", given->today);
    }
    if (given->caution != NULL) {
        char *end;
        long caution = strtol(given->caution, &end, 10);
        if (*end != '\0' || end == given->caution || caution < 0 || caution > 101) {
            return fail(err, "--caution %s: not a number from 0 to 100", given->caution);
        }
        options->reader.caution = (int)caution;
    }
    options->has_expected = given->expected != NULL;
    return given->expected == NULL || expected_parse(arena, given->expected, &options->expected, err);
}

bool reading_options(int argc, char **argv, bool need_programme, struct reading_options *ret, int *ret_status)
{
    struct given given = {0};
    struct error err;
    *ret = (struct reading_options){.arena = arena_new()};
    if (!take_options(argc, argv, &given, ret)) {
        *ret_status = EXIT_USAGE;
    } else if (!use_given(&given, need_programme, ret, &err)) {
        fprintf(stderr, "stadtlabor %s: %s\n", argv[0], err.what);
        *ret_status = EXIT_NOT_DONE;
    } else {
        return true;
    }
    reading_options_free(ret);
    return false;
}

void reading_options_free(struct reading_options *options)
{
    patterns_free(options->patterns);
    arena_free(options->arena);
    *options = (struct reading_options){0};
}

bool reading_letter(struct arena *arena, const char *path, struct letter *ret, struct error *err)
{
    char *bytes;
    size_t len;
    if (!file_read(arena, path, MAIL_BYTES_MAX, &bytes, &len, err)) {
        return false;
    }
    return letter_read(arena, bytes, len, true, ret, err) || fail_within(err, "%s", path);
}
