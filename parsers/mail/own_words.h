/* parsers/mail/own_words.h: what the writer wrote in this mail, without what was quoted.
 *
 * The text is cut into blocks, each with the reason for its place; nothing is thrown
 * away, so that no word of the writer can be lost unseen. */
#ifndef STADTLABOR_PARSERS_MAIL_OWN_WORDS_H
#define STADTLABOR_PARSERS_MAIL_OWN_WORDS_H

#include "base/arena.h"
#include "base/list.h"
#include "parsers/pattern/pattern_file.h"

enum block_kind {
    BLOCK_OWN,        /* the writer's words */
    BLOCK_SIGNATURE,  /* after "-- ", "Gesendet von meinem iPhone", company block after the closing */
    BLOCK_DISCLAIMER, /* "Diese E-Mail enthält vertrauliche …" */
    BLOCK_ATTRIBUTION, /* "Am 3.5. schrieb …:", "Von: … Gesendet: …", "-----Ursprüngliche Nachricht-----" */
    BLOCK_QUOTE,       /* what the attribution announces, or "> " lines */
    BLOCK_FORWARD, /* a forwarded mail: its header lines and its text */
};

struct block {
    enum block_kind kind;
    size_t at, len;      /* bytes in the text that was passed */
    const char *pattern; /* which rule cut here; NULL for BLOCK_OWN */
};

struct forwarded {
    const char *from_name, *from_address; /* of the innermost forwarded header; NULL: not there */
    const char *subject;                  /* NULL: not there */
    size_t at, len;                       /* the forwarded mail's own words, in the text passed: from the
                                             first to the last, with "> " and signatures between */
    const char *text;                     /* the same without marks, quotes and signatures; "" if none */
    const char *closing;                  /* as below */
};

/* Own words below quoted ones, up to the next such or the end. */
struct answer_place {
    size_t at;          /* in `text` of the own words */
    const char *quoted; /* the lines right above that are quoted without a gap of own words, marks off */
    bool goes_on;       /* further quoted lines follow: an answer in the middle of what it answers */
};

struct own_words {
    const char *text;          /* the own blocks joined, blank lines at both ends off; may be "" */
    const char *closing;       /* the closing and the name under it ("Viele Grüße\nPetra"), "" if none;
                                  it is part of `text` as well */
    const char *signature;     /* the signature blocks joined, "" if none: not own words, but names
                                  and addresses may be taken from it when the text gives none */
    LIST(struct block) blocks; /* all of the text, in order */
    LIST(struct answer_place) answers; /* in order of place */
    bool is_forward;            /* the writer passes on somebody else's mail: a program's forward mark, or a
                                   header block without own words above or with words that say so ("leite ich
                                   weiter", "siehe unten"). Who forwards an answer with nothing but Outlook's
                                   header block is seen by the subject ("WG:") alone */
    struct forwarded forwarded; /* filled for every header block or forward mark, is_forward or not;
                                   `text` NULL: there is none */
};

/* Patterns: attribution, attribution_unsure, own_list, quoted_header, original, forward,
 * forward_subject, passing_on, client_line, company, personal, disclaimer, closing. */
void own_words(struct arena *arena, const struct patterns *patterns, const char *text, struct own_words *ret);

/* What `stadtlabor own-words` prints: the own words; of a mail that only passes on another one,
 * that one's. */
const char *own_words_shown(const struct own_words *own);

#endif
