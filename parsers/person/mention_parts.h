/* parsers/person/mention_parts.h: what the files that find mentions share. Not for others. */
#ifndef STADTLABOR_PARSERS_PERSON_MENTION_PARTS_H
#define STADTLABOR_PARSERS_PERSON_MENTION_PARTS_H

#include "parsers/person/mention.h"
#include "parsers/person/name_words.h"

enum {
    NAME_TOKENS = 6,
    MENTION_BEHIND_MAX = 60,
    MENTION_LEAD_MAX = 60,
    SMALL_WORDS_MIN = 8,
    SMALL_SHARE = 20
}; /* words; bytes looked at beside a fact; of a text in small letters: least words, one capital in so many */

struct search {
    struct arena *arena;
    const struct reader *reader;
    const struct patterns *patterns;
    const char *text;
    size_t len;
    const struct name *sender; /* NULL: not told */
    struct mentions *ret;
    LIST(struct address_found) refused; /* where nobody lives who writes: a firm, a former home */
    size_t refused_passed;              /* of these, before the name looked at */
    LIST(size_t) ends;                  /* of sentences, in order */
    bool small;                         /* the text is all in small letters: names have none either */
};

/* mention_words.c */
bool mention_starts_upper(const char *s);
size_t mention_bullet_length(const char *s);
bool mention_parts_names(char c); /* commas, brackets, line ends */
size_t mention_word_length(const char *s);
bool mention_honorific(struct arena *arena, const char *word);
struct mention *mention_add(struct search *s, enum mention_kind kind, size_t at, size_t len,
                            const char *pattern, const char *where);
void mention_sentences(struct search *s); /* finds them: marks, empty lines, the next row of a list */
void mention_sentence(const struct search *s, size_t at, size_t *ret_begin,
                      size_t *ret_end); /* around `at` */

/* mention_labels.c */
void mentions_on_labels(struct search *s);
void mentions_of_others(struct search *s); /* who stands under "Eltern:" takes no part */

/* mention_left.c */
void mention_name_left(struct search *s, size_t at, enum name_source source); /* of a date or address */
void mention_partner(struct search *s,
                     size_t at); /* "Amara Brandt und" left of a name, before "beide geboren am" */
bool mention_name_right(struct search *s, size_t at, size_t end); /* "1.2.1950 (Rita)" */

/* mention_left_words.c */
size_t mention_without_blanks(const struct search *s, size_t line, size_t at); /* before those left of `at` */
/* "Freitag" of "Jörg Freitag", "Hagen" of "Julia von Hagen, geb.": the word at `start` as a surname. */
bool mention_behind_given(struct search *s, size_t line, size_t start, const char *word);
bool mention_small_name(struct search *s, size_t line, size_t start); /* "maren vogt | 4. März 1964" */
enum name_order mention_header_order(const struct search *s);         /* of a table: "Vorname;Nachname;…" */

/* mention_lines.c */
bool mention_joined_names(struct search *s, size_t at, size_t len, enum name_source source,
                          const struct found *f);
void mention_surname_behind(struct search *s, size_t end); /* of a date */
void mentions_on_lines(struct search *s, size_t closing_at);

/* mention_passing.c */
bool mention_of_house(struct search *s, size_t at); /* "Grundschule" stands before "Kilian" */
void mentions_in_passing(struct search *s);
bool mention_small(const struct search *s);
bool mention_small_line(const struct search *s, size_t at); /* … or only the line around `at` */

/* mention_houses.c */
void mentions_drop_houses(struct search *s); /* what else stands in an address */

/* mention_kin.c */
void mentions_of_kin(struct search *s);

#endif
