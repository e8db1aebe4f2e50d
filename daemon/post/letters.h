/* daemon/post/letters.h: the letters we write, from facts in JSON to subject and text.
 *
 * One mail of a citizen gets ONE letter. A letter is a frame (greeting, closing, the lab's
 * address, data protection) around one or more sections; each section is of a kind, and each
 * kind is a file of its own: templates/LANGUAGE/KIND.txt = header lines, a blank line, text, all
 * of it Mustache. `_NAME.txt` are partials. Header lines: `Subject:` (required) and
 * `Acknowledgement: yes` (a mere acknowledgement, whose bounce nobody needs to see).
 *
 * Who writes a letter only fills in JSON:
 *
 *     {"greeting_name": "Petra Müller",                   may be missing
 *      "subject": "Re: Anmeldung KI im Alltag",            may be missing: the first section's
 *      "sections": [{"kind": "confirmed", "event": {…}, "persons": [{"name": "Petra Müller"}]},
 *                   {"kind": "newsletter_confirm"}],
 *      "lab": {…}}                                         letter_lab()
 *
 * What a section may hold and must hold stands in letter_kinds.c, kind by kind, as sample data.
 * A name that is not declared there, or a required one that is missing, is an error: of a shipped
 * template at start, of a section when it is rendered. So no letter goes out with a hole in it. */
#ifndef STADTLABOR_POST_LETTERS_H
#define STADTLABOR_POST_LETTERS_H

#include "base/arena.h"
#include "base/config.h"
#include "base/error.h"
#include "parsers/programme/programme.h"
#include "parsers/reading/reading.h"

#include <jansson.h>
#include <stdbool.h>

enum { LETTER_SUBJECT_MAX = 180, LETTER_WORD_MAX = 500 }; /* bytes; of one value put into a letter */

/* Every kind, in the order of letter_kinds.c. */
struct letter_kind {
    const char *name;
    const char *optional; /* dotted names of the sample that may be missing, between blanks */
    const char *sample;   /* JSON object; a name with true or false may always be missing (false) */
};
extern const struct letter_kind letter_kinds[];
extern const size_t letter_kinds_n;
/* What staff call a letter in the outbox, German: also one that somebody wrote ("reply"). NULL: not known. */
const char *letter_kind_words(const char *kind);

struct templates;

struct rendered {
    const char *subject;   /* one line */
    const char *text;      /* LF, no blanks at line ends, one "\n" at the end; a paragraph is a line */
    const char *addressee; /* the greeting name, one line; NULL: none, or left out */
    bool acknowledgement;  /* all sections are: the envelope sender is empty (RFC 3834 section 3.3) */
};

/* Loads and checks every letter of both languages ("de", "en") below `folder`. */
bool templates_load(struct arena *arena, const char *folder, const struct templates **ret, struct error *err);

/* The check alone: every kind, every branch, every name. */
bool templates_check(const char *folder, struct error *err);

/* `language` other than "en" means "de". `data` is borrowed, not changed. Values are made one line
 * and bounded (those of `lab` excepted); a greeting name or subject that could be used to send
 * somebody a stranger's advertising through us (links, addresses) is left out. */
bool letter_render(struct arena *arena, const struct templates *templates, const char *language,
                   const json_t *data, struct rendered *ret, struct error *err);

/* The letter of one kind over its sample data, for whoever changes letters. */
bool letter_sample(struct arena *arena, const struct templates *templates, const char *language,
                   const char *kind, struct rendered *ret, struct error *err);

/* Builders; each returns a new reference.
 * Event: {"title", "when", "place"}. Lists number theirs: {"number": 1, "title", "when", "place"}. */
json_t *letter_event(struct arena *arena, const struct event *event, const char *language);
json_t *letter_events(struct arena *arena, const struct event *const *events, size_t n, const char *language);
/* [{"name": "Petra Müller"}, …]; with bits of enum missing (of the whole registration) each person
 * has besides "number", "incomplete" and "missing": {"birth_date": true, …}, which of those bits it lacks.
 * Who has no name is told by number. Nobody known yet, but something missing: one such. */
json_t *letter_persons(struct arena *arena, const struct person *persons, size_t n, unsigned missing);

/* "Donnerstag, 3. Dezember 2026, 17 bis 19 Uhr" / "Thursday, 3 December 2026, 5 pm to 7 pm". */
char *letter_when(struct arena *arena, int64_t start, int64_t end, const char *language);

/* {"name", "street", "city", "phone", "hours", "web", "privacy_text", "privacy_url"} */
json_t *letter_lab(const struct config *config, const char *language);

#endif
