/* parsers/person/address.h: postal addresses as people write them. */
#ifndef STADTLABOR_PARSERS_PERSON_ADDRESS_H
#define STADTLABOR_PARSERS_PERSON_ADDRESS_H

#include "base/list.h"
#include "parsers/pattern/pattern_file.h"

struct address_found {
    size_t at, len;                 /* the whole, bytes in the text */
    const char *street;             /* with house number, tidied; NULL: none */
    const char *street_no_number;   /* a street without a house number (incomplete); NULL: none */
    const char *postal_code, *city; /* NULL: not said */
    size_t street_at, street_len, code_at, code_len, city_at, city_len;
    const char *pattern, *where;
};

struct addresses {
    LIST(struct address_found) found; /* in order of place, not overlapping */
};

void addresses_find(struct arena *arena, const struct patterns *patterns, const char *text,
                    struct addresses *ret);

#endif
