/* parsers/reading/expected.h: `struct expected` as JSON, the form in which an open conversation is stored
 * and in which `stadtlabor read --expected` takes it:
 *
 *     {"missing":["birth_date"],"event":"2026-12-03-ki-alltag","offered":["…","…"],
 *      "persons":[{"first_name":"Petra","last_name":"Müller"}],
 *      "newsletter":true,"which_cancel":true,"confirm_persons":true,"place_given":true}
 *
 * Every member may be absent. */
#ifndef STADTLABOR_PARSERS_READING_EXPECTED_H
#define STADTLABOR_PARSERS_READING_EXPECTED_H

#include "parsers/reading/reading.h"

char *expected_json(struct arena *arena, const struct expected *expected);

/* Persons' facts get the evidence source "known". Refused: what is not such an object, an unknown
 * name, more than PERSONS_MAX persons. */
bool expected_parse(struct arena *arena, const char *json, struct expected *ret, struct error *err);

#endif
