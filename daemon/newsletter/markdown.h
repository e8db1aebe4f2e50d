/* daemon/newsletter/markdown.h: Markdown (CommonMark with GitHub's tables, autolinks and strikethrough) as
 * HTML for mail programs and as plain text. cmark-gfm is known only in daemon/newsletter/markdown*.c.
 *
 * HTML: every element carries its style, since mail programs drop style sheets; classes are there for dark
 * mode alone. No raw HTML comes through, no address but http, https, mailto and a picture's. */
#ifndef STADTLABOR_NEWSLETTER_MARKDOWN_H
#define STADTLABOR_NEWSLETTER_MARKDOWN_H

#include "base/arena.h"
#include "base/error.h"
#include "daemon/store/issue_store.h"

enum { MARKDOWN_MAX = 1024 * 1024 };

struct markdown;

bool markdown_parse(const char *source, struct markdown **ret, struct error *err);
void markdown_free(struct markdown *markdown); /* NULL is allowed */

/* `pictures` in the order of markdown_links: those that the text names; one that is missing is told by its
 * alternative text. */
char *markdown_html(struct arena *arena, const struct markdown *markdown,
                    const struct issue_pictures *pictures);
/* Paragraphs are one line each; headings underlined, links behind their words. */
char *markdown_text(struct arena *arena, const struct markdown *markdown);

struct markdown_link {
    const char *url;
    const char *words; /* of a picture: its alternative text */
    bool picture;
};
struct markdown_links {
    LIST(struct markdown_link) link;
    const char *raw_html; /* the first piece of HTML in it; NULL: none */
};
void markdown_links(struct arena *arena, const struct markdown *markdown, struct markdown_links *ret);

#endif
