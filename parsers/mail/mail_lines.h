/* parsers/mail/mail_lines.h: the lines of a mail's text, how deep each is quoted, and which of them
 * mail programs wrote. Inner workings of own_words. */
#ifndef STADTLABOR_PARSERS_MAIL_MAIL_LINES_H
#define STADTLABOR_PARSERS_MAIL_MAIL_LINES_H

#include "parsers/mail/own_words.h"

#include <stdbool.h>

/* Bytes in which patterns are looked for; what comes behind is judged by its "> " alone. Longer
 * texts are quotes of quotes, and 1 MB of hostile text must not cost more than 50 ms. */
enum {
    MAIL_LINES_SEARCHED = 64 * 1024,
    MAIL_LINES_MAX = 20000, /* what comes behind is one line, kept as it is */
};

struct mail_line {
    size_t at, len;       /* in the text passed, without the line end */
    size_t words_at;      /* where its words begin in `words`, the text without marks */
    size_t words_len;     /* 0: blank */
    int depth;            /* number of ">" */
    enum block_kind kind; /* what own_words makes of it */
    const char *pattern;
};

enum mail_mark_kind {
    MARK_LIST,        /* "Anmeldeliste:": what is marked below it is the writer's list */
    MARK_ATTRIBUTION, /* "Am … schrieb …:" */
    MARK_UNSURE,      /* perhaps one: counts only right before quoted lines */
    MARK_HEADER,      /* "Von: … Gesendet: … An: … Betreff: …" */
    MARK_ORIGINAL,    /* "-----Ursprüngliche Nachricht-----" */
    MARK_FORWARD,     /* "Anfang der weitergeleiteten Nachricht:" */
};

/* Lines that a mail program put there, from `first` to `last`. */
struct mail_mark {
    enum mail_mark_kind kind;
    size_t first, last;
    const char *pattern;
    bool sure; /* an address or a clock time stands in it */
    /* MARK_HEADER: */
    const char *from, *subject;
};

struct mail_lines {
    const char *text;
    const char *words; /* all lines without their marks, in the same order */
    LIST(struct mail_line) line;
    LIST(struct mail_mark) mark; /* in order of `first`, not overlapping */
    size_t closing;              /* line of the last closing that own_signatures met; 0 at first */
};

/* `most`: bytes in which patterns are looked for, at most MAIL_LINES_SEARCHED. */
void mail_lines_read(struct arena *arena, const struct patterns *patterns, const char *text, size_t most,
                     struct mail_lines *ret);

/* The line in which the byte `at` of `words` lies. */
size_t mail_lines_at(const struct mail_lines *lines, size_t at);

#endif
