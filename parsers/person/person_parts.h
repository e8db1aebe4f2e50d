/* parsers/person/person_parts.h: what the files that put people together share. Not for others.
 *
 * The mentions of a text are walked in order. Each name, or relation, begins or continues a person;
 * "ich" and "sie" say whose facts come next; dates and addresses go to the person spoken of last. Then
 * it is decided who takes part, and what is said once for several is shared. */
#ifndef STADTLABOR_PARSERS_PERSON_PERSON_PARTS_H
#define STADTLABOR_PARSERS_PERSON_PERSON_PARTS_H

#include "parsers/person/mention.h"
#include "parsers/person/person.h"

enum { CANDIDATES_MAX = 4 * PERSONS_MAX, NOBODY = -1 };
enum {
    CORRECTION_MAX = 200,
    KIN_ASIDE_MAX = 40,
    PASSING_MAX = 120,
    OWN_ROLE_MAX = 24,
    ADDRESS_HEAD_MAX = 60,
    AWAITED_MAX = 400, /* from a relation to its name */
    ROW_MAX = 110
}; /* bytes */
/* years: a date in a subject that is older than any matter a mail is about */
enum { GROWN_IN_SUBJECT = 5 };

struct candidate {
    struct name name;
    struct evidence first, last, birth_evidence;
    size_t at, name_end;
    struct date birth;
    size_t birth_at;
    int birth_points;
    struct address_found address;
    bool has_address, address_shared;
    const char *address_source;
    size_t address_at;
    enum kin kin, own_role; /* own_role: the writer's */
    bool passing;           /* only named in a sentence */
    bool chained;           /* named in a row with people whose birth dates stand there */
    bool householder;       /* "unsere Adresse: Birgit und Klaus Adolphs, …" */
    bool third;             /* "er ist am … geboren", and nobody knows who */
    int pair;               /* "Frieda und Greta": the one named before; NOBODY: none */
    bool plural;            /* "meine Kinder" */
    char parent;            /* 'f': a mother, 'm': a father; 0: neither is said */
    bool row;               /* "Vater: Marco Brüning", as a form has it */
    bool is_kin, writer, labelled, listed, takes_part, stays, refused, somebody_else;
    bool in;
};

struct walk {
    struct arena *arena;
    const struct reader *reader;
    const struct own_words *own;
    const struct letter *letter;
    const char *text;
    size_t len, closing_at;
    LIST(struct candidate)
    all;
    int last_named; /* whose name stands before */
    int current, writer, last_kin, before_kin, last_addressed;
    int before_bracket; /* of whom the text speaks around "(ich: …)"; NOBODY: no such bracket */
    size_t bracket_end;
    size_t third_at;         /* "er", "sie" said last */
    int also;                /* "Johann und Greta wohnen …": the one beside `current`; NOBODY: none */
    size_t kin_end;          /* the sentence of the relation last mentioned */
    bool kin_heads;          /* … and it begins with the relation: "Seine Schwester Ida war schon da." */
    size_t fact_end;         /* … the date */
    size_t name_end;         /* where the name last mentioned ends */
    int passing;             /* who was named in a sentence, and nobody since */
    size_t passing_end;      /* where that sentence ends */
    LIST(struct name) loose; /* first names that belong to nobody known */
    const struct mention *loose_last;
    struct name writer_name;
    struct evidence writer_evidence;
    bool row_dated; /* "Namen: A und B, Geburtsdaten: … und …" stood last: the address below is of them all */
    bool pending; /* facts stand before any name */
    bool writer_named, display_counts, shared_words, family;
    struct name display;
    struct address_found shared_address;
    bool has_shared_address;
    struct persons *ret;
};
/* person_walk.c */
bool person_says(struct walk *w, const char *group, size_t from, size_t to,
                 struct found *ret); /* ret may be NULL */
void person_reason(struct walk *w, int points, const char *code, const char *what);
struct evidence person_evidence(const struct mention *m, const char *source);
int person_writer(struct walk *w, size_t at); /* the writer's index; made when not there yet */
bool person_lives_with_writer(enum kin kin);
void person_take_name(struct candidate *c, const struct name *name,
                      struct evidence evidence);               /* what is missing */
int person_new(struct walk *w, size_t at);                     /* the new candidate's index */
int person_find_same(struct walk *w, const struct name *name); /* who has that name; NOBODY: none */
void person_walk(struct walk *w, const struct mentions *mentions);

/* person_writer.c */
bool person_display_name(struct walk *w, struct name *ret);
void person_name_writer(struct walk *w);
void person_name_by_last_line(struct walk *w);
void person_turn_names(const struct walk *w, struct mentions *mentions); /* by the sender's name */
void person_take_for_writer(struct walk *w);
void person_complete_writer(struct walk *w); /* text before closing before display name */

/* person_kin.c */
void person_walk_kin(struct walk *w, const struct mention *m);
void person_leave_kin(struct walk *w, const struct mention *m); /* where its sentence has ended */
bool person_heads_list(struct walk *w, const struct mention *m);

/* person_between.c */
bool person_same_line(const struct walk *w, size_t a, size_t b);
bool person_joins_last(const struct walk *w, int before, const struct mention *m);
bool person_below_text(const struct walk *w, size_t at);
bool person_next_line(const struct walk *w, const struct mention *m); /* nothing but names on both lines */
/* "Irma Tolle, geb. 5.7.1945 (mein Mann war vom 6.7.)": where the bracket around ends, SIZE_MAX: there is
 * none; what stands behind it is hers again. */
size_t person_bracket_end(const struct walk *w, size_t at);
void person_begin_bracket(struct walk *w, const struct mention *m); /* "(ich: …)" */
void person_leave_bracket(struct walk *w, const struct mention *m);

/* person_facts.c; `next`: how far words may correct the fact */
void person_birth(struct walk *w, const struct mention *m, size_t next);
/* "Anke und Jochen Rosendahl … Geburtsdaten: 12.2.1968 und 30.9.1965": how many mentions, from the first on,
 * are birth dates in the order of the row of names before them; 0: none. */
size_t person_births_in_order(struct walk *w, const struct mention *first, size_t most);
void person_address(struct walk *w, const struct mention *m, size_t next);
int person_loose(struct walk *w); /* the first name said last becomes somebody; NOBODY: none was */

/* person_corrections.c */
void person_correct_codes(struct walk *w);     /* "58638 ist falsch, es muss 58636 heißen" */
void person_correct_addresses(struct walk *w); /* "Hönnen (Quatsch, Hennen natürlich)", "Halt: Nummer 15!" */
const char *person_other_number(struct walk *w, const char *street,
                                const char *number); /* "Danzweg 10", and "ebenda Nr. 14" */
bool person_slip_left(struct walk *w); /* "30.07.1973 (Quatsch, 1978)", and nobody was born in 1978 */

/* person_account.c: reasons against, for what belongs to nobody */
void person_account(struct walk *w, const struct mentions *mentions);

/* person_decide.c */
void person_decide(struct walk *w); /* who takes part */

/* person_share.c */
void person_share(struct walk *w); /* surnames and addresses said once for several */

#endif
