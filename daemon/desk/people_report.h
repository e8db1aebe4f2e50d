/* daemon/desk/people_report.h: everything kept about one person, as JSON and as text that person can read
 * (DSGVO Art. 15). */
#ifndef STADTLABOR_DESK_PEOPLE_REPORT_H
#define STADTLABOR_DESK_PEOPLE_REPORT_H

#include "daemon/store/people_store.h"

#include <jansson.h>

enum { PEOPLE_TEXT_MAX = 4 * 1024 * 1024 };

/* Whom people_choose chose: {"registrations": {"title": "Anmeldungen", "rows": [{…}]}, …}; mails and letters
 * with their words as "text", where they are kept. A new reference. */
bool people_report(struct store *store, struct arena *arena, json_t **ret, struct error *err);

/* The same in German, without what machines noted about how they read a mail. */
char *people_report_text(struct arena *arena, const json_t *report);

/* One cell of people_tables as that text has it: a day and a time as people write them ("3.9.1961",
 * "22.11.2026 12:00"), the store's words in those of citizens. */
const char *people_value(struct arena *arena, const char *column, const char *value);

#endif
