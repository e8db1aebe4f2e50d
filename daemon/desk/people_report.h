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

#endif
