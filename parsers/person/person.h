/* parsers/person/person.h: who takes part, put together from names, dates and addresses. */
#ifndef STADTLABOR_PARSERS_PERSON_PERSON_H
#define STADTLABOR_PARSERS_PERSON_PERSON_H

#include "parsers/mail/letter.h"
#include "parsers/mail/own_words.h"
#include "parsers/person/fact.h"
#include "parsers/programme/reader.h"

struct persons {
    LIST(struct person) person;
    LIST(struct evidence) names; /* of the text that are surely some, whoever's */
    LIST(struct reason) reasons; /* what speaks for and against */
    bool too_many;               /* more than PERSONS_MAX */
    bool counted;                /* the text says how many ("wir sind zu viert") … */
    int count;                   /* … and this is the number */
    size_t count_at;             /* … which stands at this byte of the text */
};

/* The people to be registered: `own` words first, then closing, then display name; relation words
 * ("meine Tochter", "meine Frau und ich") decide who takes part. */
void persons_find(struct arena *arena, const struct reader *reader, const struct letter *letter,
                  const struct own_words *own, struct persons *ret);

/* "VON DER HEIDE" → "von der Heide", "o'brien" → "O'Brien", "müller-lüdenscheidt" → "Müller-Lüdenscheidt". */
char *name_tidy(struct arena *arena, const char *name);

#endif
