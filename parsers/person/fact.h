/* parsers/person/fact.h: what is known of a person, each fact with the words it comes from, and what speaks
 * for or against. */
#ifndef STADTLABOR_PARSERS_PERSON_FACT_H
#define STADTLABOR_PARSERS_PERSON_FACT_H

#include "parsers/programme/programme.h"

enum { PERSONS_MAX = 60 }; /* a school class and its parents; beyond: staff */

/* Where words stand and which pattern found them. */
struct evidence {
    const char *words;   /* as written; NULL: no evidence */
    const char *source;  /* "text", "subject", "display name", "signature", "forwarded", "known", "answer" */
    size_t at, len;      /* bytes in that source's text */
    const char *pattern; /* "birth.labelled" or the name of the rule in C */
    const char *where;   /* "person.patterns:12", or the C file */
};

struct fact {
    const char *value; /* tidied; NULL: not known */
    struct evidence evidence;
};

struct person {
    struct fact field[PERSON_FIELDS]; /* BIRTH_DATE as YYYY-MM-DD */
    const char *key; /* the desk's: what tells the person from others; NULL: name and birth date do */
};

/* A countable reason for or against the reading: shown to staff, summed to the confidence. */
struct reason {
    int points;       /* negative: speaks against */
    const char *what; /* German, for staff: "Name und Geburtsdatum stehen in einer Zeile" */
    const char *code; /* stable name: "two_events_fit" */
};

#endif
