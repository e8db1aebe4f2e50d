/* daemon/newsletter/markdown_text.c: the text part, which must read well by itself. */
#include "daemon/newsletter/markdown_parts.h"

#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 4 * 1024 * 1024, DEPTH_MAX = 32 };

struct writer {
    struct arena *arena;
    struct text out;
    struct {
        const char *first, *next; /* before the first line of what it holds, and before the others */
    } level[DEPTH_MAX];           /* lists' items and quotations */
    int depth;
    size_t line;     /* where the line's own words began */
    bool fresh_line; /* nothing stands on it yet */
    bool blank;      /* a blank line stands before the next block */
};

static void push(struct writer *w, const char *first, const char *next)
{
    if (w->depth < DEPTH_MAX) {
        w->level[w->depth].first = first;
        w->level[w->depth].next = next;
    }
    w->depth++;
}

/* What stands before a line's words: marks of items that begin, blanks for those that go on. */
static void begin_line(struct writer *w)
{
    if (!w->fresh_line) {
        return;
    }
    for (int i = 0; i < w->depth && i < DEPTH_MAX; i++) {
        text_add(&w->out, w->level[i].first);
        w->level[i].first = w->level[i].next;
    }
    w->line = w->out.len;
    w->fresh_line = false;
}

static void end_line(struct writer *w)
{
    while (w->out.len > 0 && w->out.s[w->out.len - 1] == ' ') {
        w->out.s[--w->out.len] = '\0';
    }
    text_addc(&w->out, '\n');
    w->fresh_line = true;
}

/* Between blocks one blank line; between the items of a tight list none. */
static void block_begins(struct writer *w)
{
    if (w->blank && w->out.len > 0) {
        text_addc(&w->out, '\n');
    }
    w->blank = false;
    begin_line(w);
}

static void block_ends(struct writer *w, bool tight)
{
    if (!w->fresh_line) {
        end_line(w);
    }
    w->blank = !tight;
}

static void add_words(struct writer *w, const char *words)
{
    for (const char *c = words; *c != '\0'; c++) {
        begin_line(w);
        if (*c == '\n') {
            end_line(w);
        } else {
            text_addc(&w->out, *c);
        }
    }
}

static int hex_digit(char c)
{
    return isdigit((unsigned char)c)    ? c - '0'
           : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
                                        : -1;
}

static char *percent_decoded(struct arena *arena, const char *s)
{
    struct text out = text_new(arena, strlen(s));
    while (*s != '\0') {
        int high = *s == '%' ? hex_digit(s[1]) : -1, low = high >= 0 ? hex_digit(s[2]) : -1;
        text_addc(&out, low >= 0 ? (char)(high * 16 + low) : *s);
        s += low >= 0 ? 3 : 1;
    }
    return utf8_repair(arena, out.s, out.len);
}

/* "mailto:lab@example.org?subject=Abmeldung" → "Mail an lab@example.org, Betreff „Abmeldung“" */
static const char *mail_in_words(struct arena *arena, const char *url)
{
    static const char subject[] = "?subject=";
    const char *address = url + strlen("mailto:"), *question = strchr(address, '?');
    if (question == NULL) {
        return address;
    }
    const char *to = arena_strndup(arena, address, (size_t)(question - address));
    if (!str_starts(question, subject) || strchr(question, '&') != NULL) {
        return to;
    }
    return arena_printf(arena, "Mail an %s, Betreff „%s“", to,
                        percent_decoded(arena, question + strlen(subject)));
}

static void link_ends(struct writer *w, cmark_node *node)
{
    const char *url = markdown_safe_url(node), *words = markdown_words(w->arena, node);
    const char *target = str_starts_nocase(url, "mailto:") ? mail_in_words(w->arena, url) : url;
    if (target[0] != '\0' && !str_equal(target, words) && strstr(url, words) == NULL) {
        text_printf(&w->out, " (%s)", target);
    }
}

static void heading_ends(struct writer *w, cmark_node *node)
{
    int level = cmark_node_get_heading_level(node);
    size_t width = utf8_length(w->out.s + w->line);
    block_ends(w, true);
    if (level <= 2 && width > 0) {
        begin_line(w);
        for (size_t i = 0; i < width; i++) {
            text_addc(&w->out, level == 1 ? '=' : '-');
        }
    }
    block_ends(w, level > 2);
}

static void item_begins(struct writer *w, cmark_node *node)
{
    cmark_node *list = cmark_node_parent(node);
    const char *mark = "- ";
    if (cmark_node_get_list_type(list) == CMARK_ORDERED_LIST) {
        int number = cmark_node_get_list_start(list);
        for (cmark_node *before = cmark_node_previous(node); before != NULL;
             before = cmark_node_previous(before)) {
            number++;
        }
        mark = arena_printf(w->arena, "%d. ", number);
    }
    char *blanks = arena_strdup(w->arena, mark);
    memset(blanks, ' ', strlen(blanks));
    push(w, mark, blanks);
}

static bool in_tight_list(cmark_node *node)
{
    cmark_node *item = cmark_node_parent(node), *list = item == NULL ? NULL : cmark_node_parent(item);
    return list != NULL && cmark_node_get_type(list) == CMARK_NODE_LIST && cmark_node_get_list_tight(list);
}

static bool is_outer_list(cmark_node *list)
{
    cmark_node *parent = cmark_node_parent(list);
    return parent == NULL || cmark_node_get_type(parent) != CMARK_NODE_ITEM;
}

static void enter(struct writer *w, cmark_node *node)
{
    switch ((int)cmark_node_get_type(node)) {
    case CMARK_NODE_PARAGRAPH:
    case CMARK_NODE_HEADING:
        block_begins(w);
        break;
    case CMARK_NODE_BLOCK_QUOTE:
        push(w, "> ", "> ");
        break;
    case CMARK_NODE_ITEM:
        item_begins(w, node);
        break;
    case CMARK_NODE_TEXT:
    case CMARK_NODE_CODE:
    case CMARK_NODE_HTML_INLINE:
        add_words(w, cmark_node_get_literal(node));
        break;
    case CMARK_NODE_CODE_BLOCK:
    case CMARK_NODE_HTML_BLOCK:
        block_begins(w);
        add_words(w, cmark_node_get_literal(node));
        block_ends(w, false);
        break;
    case CMARK_NODE_SOFTBREAK:
        text_addc(&w->out, ' ');
        break;
    case CMARK_NODE_LINEBREAK:
        end_line(w);
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        block_begins(w);
        add_words(w, "----------");
        block_ends(w, false);
        break;
    default:
        if (markdown_is(node, "table_header") || markdown_is(node, "table_row")) {
            block_begins(w);
        } else if (markdown_is(node, "table_cell") && cmark_node_previous(node) != NULL) {
            text_add(&w->out, " | ");
        }
    }
}

static void leave(struct writer *w, cmark_node *node)
{
    switch ((int)cmark_node_get_type(node)) {
    case CMARK_NODE_PARAGRAPH:
        block_ends(w, in_tight_list(node));
        break;
    case CMARK_NODE_HEADING:
        heading_ends(w, node);
        break;
    case CMARK_NODE_BLOCK_QUOTE:
    case CMARK_NODE_ITEM:
        w->depth--;
        break;
    case CMARK_NODE_LIST:
        w->blank = w->blank || is_outer_list(node);
        break;
    case CMARK_NODE_LINK:
        link_ends(w, node);
        break;
    default:
        if (markdown_is(node, "table_header") || markdown_is(node, "table_row")) {
            block_ends(w, true);
        } else if (markdown_is(node, "table")) {
            w->blank = true;
        }
    }
}

char *markdown_text(struct arena *arena, const struct markdown *markdown)
{
    struct writer w = {.arena = arena, .out = text_new(arena, TEXT_MAX), .fresh_line = true};
    cmark_iter *iter = cmark_iter_new(markdown->root);
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_node_get_type(node) == CMARK_NODE_IMAGE) {
            add_words(&w, arena_printf(arena, "[Bild: %s]", str_trim(arena, markdown_words(arena, node))));
            cmark_iter_reset(iter, node, CMARK_EVENT_EXIT);
        } else if (event == CMARK_EVENT_ENTER) {
            enter(&w, node);
        } else {
            leave(&w, node);
        }
    }
    cmark_iter_free(iter);
    return w.out.s;
}
