/* parsers/person/mention.h: what a text mentions of people, in order of place: names, birth dates, addresses,
 * relations ("meine Tochter"), and words that tell whose fact comes next ("ich bin", "sie ist").
 * person.c puts people together from them. */
#ifndef STADTLABOR_PARSERS_PERSON_MENTION_H
#define STADTLABOR_PARSERS_PERSON_MENTION_H

#include "parsers/language/german_date.h"
#include "parsers/person/address.h"
#include "parsers/person/name.h"
#include "parsers/programme/reader.h"

enum mention_kind { MENTION_KIN, MENTION_NAME, MENTION_SELF, MENTION_THIRD, MENTION_ADDRESS, MENTION_BIRTH };

enum kin { KIN_NONE, KIN_SPOUSE, KIN_CHILD, KIN_GRANDCHILD, KIN_PARENT, KIN_SIBLING, KIN_OTHER };

/* How a name was found, the surest last. */
enum name_source {
    NAME_IN_PASSING,
    NAME_BESIDE_ADDRESS,
    NAME_ON_LINE,
    NAME_BESIDE_BIRTH,
    NAME_WEAK_INTRO,
    NAME_INTRO,
    NAME_LABEL
};

struct mention {
    enum mention_kind kind;
    size_t at, len; /* bytes in the text */
    const char *pattern, *where;
    struct name name;
    enum name_source source;
    bool self;  /* "ich heiße …": the name is the writer's */
    bool third; /* "er heißt …": the name of whom the relation before names */
    const char
        *given; /* of "Name: Müller" the first name that stands under the next label; NULL: none does */
    bool heads; /* "Unser Sohn: Kacper": a relation as a form asks for it */
    bool host;  /* "bei ihren Eltern Jan und Ute Lohse": keeps the house of whom the text speaks */
    bool somebody_else; /* "Erziehungsberechtigte: …": takes no part */
    enum kin kin;
    bool folks;             /* "Papa: …": of KIN_SPOUSE for a parent who writes, else of KIN_PARENT */
    bool plural;            /* "meine Kinder" */
    bool refused;           /* "meine Frau kommt nicht mit" */
    bool stays, takes_part; /* what the sentence around a relation says */
    size_t sentence_at, sentence_end; /* around it */
    struct date birth;
    int points;        /* of a birth date: what speaks for it */
    bool of_both;      /* "beide am 29. Februar 2016" */
    const char *words; /* the name's, date's, address's own words, and their place */
    size_t words_at, words_len;
    struct address_found address;
    bool same;          /* "ebenda": the address named before */
    const char *number; /* "ebenda Nr. 14": with another house number; NULL: the same */
    bool shared;        /* "wir wohnen alle …" */
};

struct mentions {
    LIST(struct mention)
    mention;
};

/* `closing_at`: where the closing begins (names there are the writer's); `len` of text: none. `sender`: by
 * the display name; NULL: not told. */
void mentions_find(struct arena *arena, const struct reader *reader, const char *text, size_t closing_at,
                   const struct name *sender, struct mentions *ret);

/* The text with blanks for "Altersheim St. Pankratius", "c/o Familie Kruse" in an address: who is named there
 * takes no part. As long as the text. */
const char *mention_without_houses(struct arena *arena, const struct patterns *patterns, const char *text);

/* The name in the words at `at`: up to `most` words that can be one. `ret_len` is their length. */
bool mention_name_at(struct arena *arena, const struct patterns *patterns, const char *text, size_t at,
                     enum name_order order, struct name *ret, size_t *ret_at, size_t *ret_len);

/* The bullet of a row: "- ", "2. ", "b) ". */
size_t mention_row_bullet(const char *s);
/* " (10)" of "Elif (10) und Emre (9)": an age behind a name; 0: none. */
size_t mention_age_length(const char *s);
/* "A (3.5.2014), B (8.9.2015), C und D": nothing but marks and "und" stands between. */
bool mention_only_joins(const char *text, size_t from, size_t to);

#endif
