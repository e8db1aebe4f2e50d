/* daemon/staff/reading_options.h: options and files that `read`, `own-words` and `explain` share. */
#ifndef STADTLABOR_DAEMON_STAFF_READING_OPTIONS_H
#define STADTLABOR_DAEMON_STAFF_READING_OPTIONS_H

#include "parsers/reading/reading.h"

struct reading_options {
    struct arena *arena; /* lives as long as the command */
    struct patterns *patterns;
    struct programme programme;
    struct expected expected;
    bool has_expected, whole;
    struct reader reader;
    LIST(const char *) mails; /* file names, "-" is stdin */
};

/* Options may stand before or after the mails:
 *     --programme FILE   CSV of the events
 *     --today DATE       2026-11-22; default: today in Berlin
 *     --patterns DIR     further patterns, behind those of share/stadtlabor/patterns
 *     --caution N        0 to 100
 *     --expected JSON    what had been asked (parsers/reading/expected.h)
 *     --whole            evidence, reasons, language, confidence as well
 * False with a sentence on stderr; `*ret_status` is the exit status then. `need_programme` false:
 * only the patterns are loaded. */
bool reading_options(int argc, char **argv, bool need_programme, struct reading_options *ret,
                     int *ret_status);
void reading_options_free(struct reading_options *options);

/* Reads one mail file of at most 32 MB. */
bool reading_letter(struct arena *arena, const char *path, struct letter *ret, struct error *err);

#endif
