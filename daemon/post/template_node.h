/* daemon/post/template_node.h: a parsed template, between template.c (which makes it) and
 * template_render.c (which prints it); nobody else includes this. */
#ifndef STADTLABOR_POST_TEMPLATE_NODE_H
#define STADTLABOR_POST_TEMPLATE_NODE_H

#include "base/list.h"
#include "daemon/post/template.h"

enum node_kind {
    NODE_TEXT,    /* `s`, `len`: at most one line */
    NODE_VALUE,   /* {{name}} */
    NODE_RAW,     /* {{{name}}}, {{&name}} */
    NODE_SECTION, /* {{#name}} … up to `end` */
    NODE_INVERTED,
    NODE_PARTIAL, /* {{>name}}; `s`, `len`: the blanks before it when it stands alone on its line */
};

struct node {
    enum node_kind kind;
    bool begins_line; /* a partial's indentation is printed before it */
    bool alone;       /* partial: stands alone on its line, and so indents its own lines */
    int line;
    const char *s;
    size_t len;
    const char *name;         /* as written */
    const char *const *parts; /* of a dotted name, */
    size_t n_parts;           /* 0 for "." */
    size_t end;               /* section: index behind its last node */
};

struct template
{
    const char *name;
    LIST(struct node)
    nodes;
};

#endif
