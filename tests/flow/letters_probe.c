/* Every letter over its sample data as a mail, one file each, for tests/flow/test_letters.py and for
 * whoever wants to see them in a mail program:
 *
 *     letters_probe TEMPLATES FOLDER      writes FOLDER/LANGUAGE-KIND.eml
 */
#include "base/date.h"
#include "daemon/post/calendar.h"
#include "daemon/post/compose.h"
#include "daemon/post/letters.h"

#include <stdio.h>
#include <string.h>

enum { NOW = 1795000000 }; /* 2026-11-18 */

static bool attach_calendar(struct arena *arena, struct outgoing *mail, struct error *err)
{
    struct calendar_entry entry = {.event = "2026-12-03-ki-alltag",
                                   .party = 17,
                                   .title = "KI im Alltag – Chancen und Risiken",
                                   .place = "Stadtlabor, Nordengraben 10",
                                   .description = "Klappt es doch nicht? Dann antworten Sie mit „Absage“.",
                                   .organizer_name = mail->from_name,
                                   .organizer_address = mail->from_address,
                                   .now = NOW};
    struct outgoing_calendar *calendar = LIST_ADD(arena, &mail->calendars);
    calendar->method = calendar_method(&entry);
    return berlin_parse("2026-12-03T17:00", &entry.start) && berlin_parse("2026-12-03T19:00", &entry.end) &&
           calendar_write(arena, &entry, &calendar->text, err);
}

static bool write_letter(struct arena *arena, const struct templates *templates, const char *language,
                         const char *kind, const char *folder, struct error *err)
{
    struct rendered letter;
    if (!letter_sample(arena, templates, language, kind, &letter, err)) {
        return false;
    }
    const char *seed = arena_printf(arena, "%s %s", language, kind);
    struct outgoing mail = {.from_address = "stadtlabor@example.org",
                            .from_name = "Stadtlabor Iserlohn",
                            .to_address = "petra.mueller@example.net",
                            .to_name = "Petra Müller",
                            .subject = letter.subject,
                            .text = letter.text,
                            .language = language,
                            .message_id = compose_message_id(arena, seed, "example.org"),
                            .in_reply_to = "question@example.net",
                            .auto_submitted = AUTO_REPLIED,
                            .date = NOW};
    const char *bytes;
    size_t len;
    if ((strcmp(kind, "confirmed") == 0 && !attach_calendar(arena, &mail, err)) ||
        !compose(arena, &mail, &bytes, &len, err)) {
        return false;
    }
    FILE *file = fopen(arena_printf(arena, "%s/%s-%s.eml", folder, language, kind), "wb");
    bool done = file != NULL && fwrite(bytes, 1, len, file) == len;
    if (file != NULL && fclose(file) != 0) {
        done = false;
    }
    return done || fail(err, "%s: a file could not be written there", folder);
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct error err = {{0}};
    const struct templates *templates;
    bool done = argc == 3 ? templates_load(arena, argv[1], &templates, &err)
                          : fail(&err, "usage: letters_probe TEMPLATES FOLDER");
    for (size_t i = 0; done && i < 2 * letter_kinds_n; i++) {
        done =
            write_letter(arena, templates, i % 2 == 0 ? "de" : "en", letter_kinds[i / 2].name, argv[2], &err);
    }
    if (!done) {
        fprintf(stderr, "letters_probe: %s\n", err.what);
    }
    arena_free(arena);
    return done ? 0 : 1;
}
