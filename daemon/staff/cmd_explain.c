/* daemon/staff/cmd_explain.c: `stadtlabor explain`: how a mail is understood, for people who ask why.
 * The words that were found are marked in colour on a terminal, and listed with their pattern and
 * its file, so that IT can mend the vocabulary. */
#include "daemon/staff/commands.h"

#include "base/date.h"
#include "daemon/desk/known.h"
#include "daemon/desk/needs.h"
#include "daemon/staff/explain_mail.h"
#include "daemon/staff/reading_options.h"

const char usage_explain[] =
    "stadtlabor explain --programme FILE [--today DATE] [--expected JSON] [--patterns DIR]\n"
    "                   [--caution NUMBER] MAIL...";

int cmd_explain(int argc, char **argv)
{
    struct reading_options options;
    int status = EXIT_DONE;
    if (!reading_options(argc, argv, true, &options, &status)) {
        return status;
    }
    for (size_t i = 0; i < options.mails.n; i++) {
        struct letter letter;
        struct reading reading;
        struct error err;
        if (!reading_letter(options.arena, options.mails.at[i], &letter, &err)) {
            fprintf(stderr, "stadtlabor explain: %s\n", err.what);
            status = EXIT_NOT_DONE;
            continue;
        }
        read_letter(options.arena, &options.reader, &letter, options.has_expected ? &options.expected : NULL,
                    &reading);
        struct known known = known_nothing(options.arena, &options.programme, &letter,
                                           berlin_to_unix(options.reader.today, 0, 0));
        needs_reading(options.arena, &known, &reading); /* as the events of this programme ask for */
        explain_reading(options.arena, &letter, &reading, options.reader.caution, explain_in_colour());
    }
    reading_options_free(&options);
    return fflush(stdout) == 0 ? status : EXIT_NOT_DONE;
}
