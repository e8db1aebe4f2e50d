/* daemon/staff/cmd_read.c: `stadtlabor read` and `stadtlabor own-words`: the parsers alone, no store,
 * no network. */
#include "daemon/staff/commands.h"
#include "daemon/staff/reading_options.h"

#include <stdio.h>

const char usage_read[] =
    "stadtlabor read --programme FILE [--today DATE] [--expected JSON] [--whole] [--patterns DIR]\n"
    "                [--caution NUMBER] MAIL...";
const char usage_own_words[] = "stadtlabor own-words [--patterns DIR] MAIL...";

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

int cmd_read(int argc, char **argv)
{
    struct reading_options options;
    int status = EXIT_DONE;
    if (!reading_options(argc, argv, true, &options, &status)) {
        return status;
    }
    struct arena *arena = arena_new();
    for (size_t i = 0; i < options.mails.n; i++) {
        struct letter letter;
        struct reading reading;
        struct error err;
        arena_reset(arena);
        if (!reading_letter(arena, options.mails.at[i], &letter, &err)) {
            fprintf(stderr, "stadtlabor read: %s\n", err.what);
            status = EXIT_NOT_DONE;
            continue;
        }
        read_letter(arena, &options.reader, &letter, options.has_expected ? &options.expected : NULL,
                    &reading);
        puts(reading_json(arena, &reading, base_name(options.mails.at[i]), options.whole));
        if (fflush(stdout) != 0) {
            status = EXIT_NOT_DONE;
            break;
        }
    }
    arena_free(arena);
    reading_options_free(&options);
    return status;
}

int cmd_own_words(int argc, char **argv)
{
    struct reading_options options;
    int status = EXIT_DONE;
    if (!reading_options(argc, argv, false, &options, &status)) {
        return status;
    }
    for (size_t i = 0; i < options.mails.n; i++) {
        struct letter letter;
        struct own_words own;
        struct error err;
        if (!reading_letter(options.arena, options.mails.at[i], &letter, &err)) {
            fprintf(stderr, "stadtlabor own-words: %s\n", err.what);
            status = EXIT_NOT_DONE;
            continue;
        }
        own_words(options.arena, options.patterns, letter.text, &own);
        puts(own_words_shown(&own));
    }
    reading_options_free(&options);
    return fflush(stdout) == 0 ? status : EXIT_NOT_DONE;
}
