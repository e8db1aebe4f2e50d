/* parsers/mail/own_parts.h: what the parts of own_words share. Private to them.
 *
 *     mail_lines.c       the text as lines, and which of them mail programs wrote
 *     own_quotes.c       which lines are somebody else's
 *     own_signature.c    signatures, disclaimers and the closing, among the writer's lines
 *     own_forward.c      who wrote the mail inside, and what
 *     own_words.c        all of it in order, and the result */
#ifndef STADTLABOR_PARSERS_MAIL_OWN_PARTS_H
#define STADTLABOR_PARSERS_MAIL_OWN_PARTS_H

#include "parsers/mail/mail_lines.h"
#include "parsers/mail/own_words.h"

enum { OWN_TEXT_MOST = 16 * 1024 * 1024 }; /* bytes of a text put together */

/* Where the first mail inside this one begins. */
struct inner_mail {
    bool found, marked; /* marked: a program's forward mark, no mere header block */
    size_t words, end;  /* lines of its text */
    int depth;
    const char *from, *subject; /* of its header block; NULL: not there */
};

/* own_quotes.c: marks the lines that the writer did not write. All of them BLOCK_OWN at first. */
void own_quotes(struct mail_lines *lines, struct inner_mail *ret_inner);

/* own_signature.c: marks signatures, disclaimers and program lines among those still BLOCK_OWN. */
void own_signatures(struct arena *arena, const struct patterns *patterns, struct mail_lines *lines);

/* own_signature.c: the writer's last closing and the name under it, "" if there is none. Behind
 * own_signatures. */
const char *own_closing(struct arena *arena, const struct patterns *patterns, const struct mail_lines *lines);

/* own_forward.c: whether the writer, whose own words these are, passes on the mail inside. */
bool own_forward_said(struct arena *arena, const struct patterns *patterns, const struct inner_mail *inner,
                      const char *own_text);

/* own_forward.c: the lines of the mail inside, with the marks of its own quotes alone. */
const char *own_forward_text(struct arena *arena, const struct mail_lines *lines,
                             const struct inner_mail *inner);

/* own_forward.c: what the own words of `inner_text` (own_forward_text) tell of the mail inside, or
 * of one deeper still. */
void own_forward(struct arena *arena, const struct patterns *patterns, const struct mail_lines *lines,
                 const struct inner_mail *inner, const char *inner_text, const struct own_words *inner_own,
                 struct forwarded *ret);

#endif
