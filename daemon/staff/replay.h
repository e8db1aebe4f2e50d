/* daemon/staff/replay.h: what a reading decides, compared: then, now, and what a person chose. Readings are
 * JSON as in mail.reading and queue_entry.chosen. */
#ifndef STADTLABOR_STAFF_REPLAY_H
#define STADTLABOR_STAFF_REPLAY_H

#include "base/arena.h"

#include <jansson.h>
#include <stdbool.h>

/* What matters of a reading: auto, staff, and of each intent kind, event, missing, persons, address. A new
 * reference; NULL where `json` is no reading. */
json_t *replay_essence(const char *json);

/* One line for staff, German: "Anmeldung 2026-12-03-ki-alltag: Petra Müller". */
const char *replay_words(struct arena *arena, const json_t *essence);

/* How a person's choice judges a reading: as accepted or asked, the reading does just that by itself;
 * answered or done by hand, it brings in a person; advertising, it takes it for a robot's. */
enum replay_verdict { REPLAY_NO_CHOICE, REPLAY_AGREES, REPLAY_DISAGREES };
enum replay_verdict replay_judge(const json_t *essence, const char *outcome, const char *chosen);

#endif
