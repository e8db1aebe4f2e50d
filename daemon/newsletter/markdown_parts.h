/* daemon/newsletter/markdown_parts.h: for markdown*.c alone. */
#ifndef STADTLABOR_NEWSLETTER_MARKDOWN_PARTS_H
#define STADTLABOR_NEWSLETTER_MARKDOWN_PARTS_H

#include "base/text.h"
#include "daemon/newsletter/markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

struct markdown {
    cmark_node *root;
};

/* Extensions have no fixed numbers: their nodes are known by these names. */
bool markdown_is(cmark_node *node, const char *type); /* "table", "table_header", "table_row", "table_cell" */

/* The words inside a node, without marks: of a link, an alternative text. */
char *markdown_words(struct arena *arena, cmark_node *node);

/* http, https, mailto; "" for anything else. */
const char *markdown_safe_url(cmark_node *link);

#endif
