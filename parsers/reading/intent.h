/* parsers/reading/intent.h: signs of what a mail wants, sentence by sentence.
 *
 * The vocabulary is in parsers/patterns: sentence, register, cancel, void, condition, reserve, concern, told,
 * answer.
 * A sign is taken back ("void") by a negation or by talk of others that overlaps it, and by standing in a
 * question ("Kann man sich noch anmelden?") that is no polite wish ("Können Sie mich bitte anmelden?"). */
#ifndef STADTLABOR_PARSERS_READING_INTENT_H
#define STADTLABOR_PARSERS_READING_INTENT_H

#include "parsers/language/sentences.h"
#include "parsers/pattern/pattern_file.h"

enum sign_kind {
    SIGN_REGISTER,
    SIGN_ON, /* "bitte eintragen": for what, the sentences around say */
    SIGN_CANCEL,
    SIGN_CANCEL_WEAK, /* "kann nicht kommen" */
    SIGN_CANCEL_HINT, /* words of regret */
    SIGN_CANCEL_PART, /* only some of those who are registered */
    SIGN_OFF,
    SIGN_SUBSCRIBE, /* this and the next two: reading_newsletter.c */
    SIGN_UNSUBSCRIBE,
    SIGN_NEWS_TOLD, /* what explains that the newsletter is spoken of, and wishes nothing */
    SIGN_NEWS,      /* the newsletter is spoken of */
    SIGN_PRIVACY,
    SIGN_ALREADY, /* somebody is on the list already */
    SIGN_REBOOK,
    SIGN_HESITATE,
    SIGN_TAKEN_BACK, /* what the same letter says above is not to hold */
    SIGN_CONDITION,
    SIGN_CONDITION_OK, /* one that the machine can meet, or mere courtesy */
    SIGN_ASK,
    SIGN_CONCERN,
    SIGN_COURTESY,
    SIGN_PAST,
    SIGN_PLURAL, /* its weight: how many take part */
    SIGN_VOID,
    SIGN_KINDS
};

struct sign {
    enum sign_kind kind;
    bool in_subject, is_void;
    size_t sentence, at, len; /* bytes in the subject or the text */
    int weight;
    const struct found *found;
};

struct signs {
    LIST(struct sign) list; /* of the subject first, each in order of place */
    const struct sentences *subject, *text;
    bool *question; /* of the text's sentences: asks something that is no courtesy */
    bool subject_asks;
};

void signs_find(struct arena *arena, const struct patterns *patterns, const struct sentences *subject,
                const struct sentences *text, struct signs *ret);

/* The best sign of a kind that holds, in the given sentence (SIZE_MAX: anywhere, subject too); NULL: none. */
const struct sign *sign_best(const struct signs *signs, enum sign_kind kind, size_t sentence);

/* The group of patterns that finds the kind: "ask"; NULL: no group alone does. */
const char *sign_name(enum sign_kind kind);

/* The same as sign_best, by the pattern's full name. */
const struct sign *sign_named(const struct signs *signs, const char *pattern, size_t sentence);

#endif
