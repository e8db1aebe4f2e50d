/* parsers/mail_lines.h: the lines of a mail's text, how deep each is quoted, and which of them
 * mail programs wrote. Inner workings of own_words.c and own_signature.c. */
#ifndef STADTLABOR_PARSERS_MAIL_LINES_H
#define STADTLABOR_PARSERS_MAIL_LINES_H

#include "parsers/own_words.h"

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
    size_t closing;              /* line of the last closing that own_signature met; 0 at first */
};

/* `most`: bytes in which patterns are looked for, at most MAIL_LINES_SEARCHED. */
void mail_lines_read(struct arena *arena, const struct patterns *patterns, const char *text, size_t most,
                     struct mail_lines *ret);

/* The line in which the byte `at` of `words` lies. */
size_t mail_lines_at(const struct mail_lines *lines, size_t at);

/* Rules that are no patterns, as `pattern` of a block. */
#define SIGNATURE_DELIMITER "signature delimiter"
#define QUOTE_MARK "quote mark"

/* own_signature.c: marks signature, disclaimer and program lines among the lines [first, end), all
 * of them BLOCK_OWN. */
void own_signature(struct arena *arena, const struct patterns *patterns, struct mail_lines *lines,
                   size_t first, size_t end);

/* own_signature.c: the closing in [first, end) and the name under it: lines [*ret_first, *ret_end).
 * `ret_at`: where in the first of them the closing begins. False: none. */
bool own_closing(struct arena *arena, const struct patterns *patterns, const struct mail_lines *lines,
                 size_t first, size_t end, size_t *ret_first, size_t *ret_end, size_t *ret_at);

#endif
