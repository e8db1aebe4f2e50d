/* daemon/newsletter/markdown_html.c: for mail programs: styles inlined, layout by tables in the frame around.
 */
#include "daemon/newsletter/markdown_parts.h"

#include "daemon/newsletter/issue_mail.h"
#include "daemon/newsletter/issue_picture.h"

#include <string.h>

enum { HTML_MAX = 8 * 1024 * 1024, PICTURE_WIDTH = 552 /* pixels: of the column */ };

#define INK "color:#1f2933;"
#define BODY "font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:24px;"

/* What opens and closes a node that holds others. */
struct element {
    const char *type, *open, *close;
};

static const struct element elements[] = {
    {"paragraph", "<p class=\"ink\" style=\"margin:0 0 16px 0;" BODY INK "\">", "</p>\n"},
    {"block_quote",
     "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" "
     "style=\"margin:0 0 16px 0;\"><tr>"
     "<td class=\"quote\" style=\"border-left:4px solid #0b5394;padding:8px 0 0 16px;\">\n",
     "</td></tr></table>\n"},
    {"emph", "<em>", "</em>"},
    {"strong", "<strong>", "</strong>"},
    {"strikethrough", "<s>", "</s>"},
    {"table",
     "<table class=\"ink\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" "
     "style=\"border-collapse:collapse;margin:0 0 16px 0;" BODY INK "\">\n",
     "</table>\n"},
    {"table_row", "<tr>", "</tr>\n"},
    {"table_header", "<tr>", "</tr>\n"},
    {"link", NULL, "</a>"},
};

struct writer {
    struct arena *arena;
    struct text out;
    const struct issue_pictures *pictures;
    size_t picture; /* the next */
};

static void add_escaped(struct writer *w, const char *s)
{
    text_add_html(&w->out, s, strlen(s));
}

static void heading(struct writer *w, cmark_node *node, bool enter)
{
    static const char *const styles[] = {"font-size:26px;line-height:32px;margin:0 0 16px 0;",
                                         "font-size:21px;line-height:28px;margin:24px 0 12px 0;",
                                         "font-size:17px;line-height:24px;margin:20px 0 8px 0;"};
    int level = cmark_node_get_heading_level(node);
    level = level > 3 ? 3 : level;
    if (enter) {
        text_printf(&w->out,
                    "<h%d class=\"head\" style=\"font-family:Arial,Helvetica,sans-serif;font-weight:bold;"
                    "color:#0b3d5c;%s\">",
                    level, styles[level - 1]);
    } else {
        text_printf(&w->out, "</h%d>\n", level);
    }
}

/* A tight list's paragraphs are none: cmark leaves it to the renderer. */
static bool is_tight(cmark_node *paragraph)
{
    cmark_node *item = cmark_node_parent(paragraph);
    cmark_node *list = item == NULL ? NULL : cmark_node_parent(item);
    return list != NULL && cmark_node_get_type(list) == CMARK_NODE_LIST && cmark_node_get_list_tight(list);
}

static void list(struct writer *w, cmark_node *node, bool enter)
{
    bool ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
    if (!enter) {
        text_add(&w->out, ordered ? "</ol>\n" : "</ul>\n");
        return;
    }
    int start = ordered ? cmark_node_get_list_start(node) : 1;
    text_printf(&w->out, "<%s", ordered ? "ol" : "ul");
    if (start != 1) {
        text_printf(&w->out, " start=\"%d\"", start);
    }
    text_add(&w->out, " class=\"ink\" style=\"margin:0 0 16px 0;padding:0 0 0 24px;" BODY INK "\">\n");
}

/* As the line below the head says: "---:" is right. */
static const char *alignment(cmark_node *cell)
{
    cmark_node *row = cmark_node_parent(cell);
    const uint8_t *of = cmark_gfm_extensions_get_table_alignments(cmark_node_parent(row));
    for (cmark_node *before = cmark_node_previous(cell); of != NULL && before != NULL; of++) {
        before = cmark_node_previous(before);
    }
    return of == NULL ? "left" : *of == 'r' ? "right" : *of == 'c' ? "center" : "left";
}

static void cell(struct writer *w, cmark_node *node, bool enter)
{
    bool head = markdown_is(cmark_node_parent(node), "table_header");
    if (!enter) {
        text_add(&w->out, head ? "</th>" : "</td>");
        return;
    }
    const char *side = alignment(node);
    text_printf(&w->out,
                "<%s class=\"cell\" align=\"%s\" valign=\"top\" style=\"text-align:%s;padding:8px 10px "
                "8px 0;word-break:normal;overflow-wrap:normal;"
                "border-bottom:1px solid #c3ccd5;%s\">",
                head ? "th scope=\"col\"" : "td", side, side, head ? "font-weight:bold;" : "");
}

static void link_begins(struct writer *w, cmark_node *node)
{
    text_add(&w->out, "<a class=\"link\" href=\"");
    add_escaped(w, markdown_safe_url(node));
    text_add(&w->out, "\" style=\"color:#0b5394;text-decoration:underline;\">");
}

/* Outlook knows no max-width: the width stands in the attribute, too. */
static void picture(struct writer *w, cmark_node *node)
{
    const char *words = str_trim(w->arena, markdown_words(w->arena, node));
    size_t i = w->picture++;
    int width, height;
    if (i >= w->pictures->picture.n || !issue_picture_size(&w->pictures->picture.at[i], &width, &height)) {
        add_escaped(w, words);
        return;
    }
    if (width > PICTURE_WIDTH) {
        height = (int)((int64_t)height * PICTURE_WIDTH / width);
        width = PICTURE_WIDTH;
    }
    text_printf(&w->out, "<img src=\"cid:%s\" alt=\"", issue_picture_id(w->arena, i));
    add_escaped(w, words);
    text_printf(&w->out,
                "\" width=\"%d\" style=\"display:block;width:%dpx;max-width:100%%;height:auto;border:0;"
                "font-size:14px;\">",
                width, width);
}

static void code(struct writer *w, cmark_node *node, bool block)
{
    text_add(&w->out, block ? "<pre class=\"ink\" style=\"margin:0 0 16px 0;white-space:pre-wrap;font-family:"
                              "Consolas,Menlo,monospace;font-size:14px;line-height:20px;" INK "\">"
                            : "<code style=\"font-family:Consolas,Menlo,monospace;font-size:15px;\">");
    add_escaped(w, cmark_node_get_literal(node));
    text_add(&w->out, block ? "</pre>\n" : "</code>");
}

/* Nodes that hold others, by the table; false: it is none of them. */
static bool holder(struct writer *w, cmark_node *node, bool enter)
{
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        if (!markdown_is(node, elements[i].type)) {
            continue;
        }
        if (i == 0 && is_tight(node)) {
            if (!enter && cmark_node_next(node) != NULL) {
                text_add(&w->out, "<br>\n");
            }
        } else if (enter && elements[i].open == NULL) {
            link_begins(w, node);
        } else {
            text_add(&w->out, enter ? elements[i].open : elements[i].close);
        }
        return true;
    }
    return false;
}

static void leaf(struct writer *w, cmark_node *node)
{
    switch ((int)cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_HTML_INLINE:
        add_escaped(w, cmark_node_get_literal(node));
        break;
    case CMARK_NODE_CODE:
    case CMARK_NODE_CODE_BLOCK:
        code(w, node, cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK);
        break;
    case CMARK_NODE_LINEBREAK:
        text_add(&w->out, "<br>\n");
        break;
    case CMARK_NODE_SOFTBREAK:
        text_addc(&w->out, '\n');
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        text_add(&w->out,
                 "<hr class=\"rule\" style=\"border:0;border-top:1px solid #c3ccd5;margin:24px 0;\">\n");
        break;
    default:
        break;
    }
}

static void write_node(struct writer *w, cmark_node *node, bool enter)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_HEADING) {
        heading(w, node, enter);
    } else if (type == CMARK_NODE_LIST) {
        list(w, node, enter);
    } else if (type == CMARK_NODE_ITEM) {
        text_add(&w->out, enter ? "<li style=\"margin:0 0 8px 0;\">" : "</li>\n");
    } else if (markdown_is(node, "table_cell")) {
        cell(w, node, enter);
    } else if (!holder(w, node, enter) && enter) {
        leaf(w, node);
    }
}

char *markdown_html(struct arena *arena, const struct markdown *markdown,
                    const struct issue_pictures *pictures)
{
    struct writer w = {.arena = arena, .out = text_new(arena, HTML_MAX), .pictures = pictures};
    cmark_iter *iter = cmark_iter_new(markdown->root);
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_node_get_type(node) == CMARK_NODE_IMAGE) { /* its words are its alternative text */
            picture(&w, node);
            cmark_iter_reset(iter, node, CMARK_EVENT_EXIT);
            continue;
        }
        write_node(&w, node, event == CMARK_EVENT_ENTER);
    }
    cmark_iter_free(iter);
    return w.out.s;
}
