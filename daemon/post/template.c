/* daemon/post/template.c: Mustache text → a flat list of nodes, in one pass.
 *
 * A tag of a kind that prints nothing itself (comment, delimiters, section, partial) and that
 * stands alone on its line takes the whole line with it, line end included. */
#include "daemon/post/template.h"

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/post/template_node.h"

#include <string.h>

struct parser {
    struct arena *arena;
    struct template *template;
    const char *s; /* the whole text */
    size_t len, at;
    int line; /* of `at` */
    const char *open, *close;
    bool begins_line; /* nothing was kept of this line yet */
    size_t open_section[TEMPLATE_DEPTH_MAX];
    size_t n_open;
    struct error *err;
};

/* One tag as it was found. */
struct tag {
    char sigil; /* ! = # ^ / > & { or 0 */
    size_t start, end;
    const char *content; /* without blanks at both ends */
    bool alone;
    size_t line_start, line_end; /* when alone: what goes with it */
};

static bool refuse(struct parser *p, int line, const char *what, const char *name)
{
    return fail(p->err, "%s:%d: %s%s%s", p->template->name, line, what, name[0] ? ": " : "", name);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct node *add_node(struct parser *p, enum node_kind kind)
{
    struct node *node = LIST_ADD(p->arena, &p->template->nodes);
    node->kind = kind;
    node->line = p->line;
    node->begins_line = p->begins_line;
    p->begins_line = false;
    return node;
}

/* Keeps the text up to `end`, a node a line. */
static void keep_text(struct parser *p, size_t end)
{
    while (p->at < end) {
        const char *newline = memchr(p->s + p->at, '\n', end - p->at);
        size_t stop = newline != NULL ? (size_t)(newline - p->s) + 1 : end;
        struct node *node = add_node(p, NODE_TEXT);
        node->s = p->s + p->at;
        node->len = stop - p->at;
        p->at = stop;
        if (newline != NULL) {
            p->line++;
            p->begins_line = true;
        }
    }
}

static void skip_to(struct parser *p, size_t end)
{
    for (; p->at < end; p->at++) {
        p->line += p->s[p->at] == '\n';
    }
}

static const char *search(const struct parser *p, size_t from, const char *what)
{
    return from >= p->len ? NULL : memmem(p->s + from, p->len - from, what, strlen(what));
}

/* Does the tag stand alone on its line? Blanks before it back to the line's start, or the text's,
 * and behind it up to the line's end, or the text's. */
static void look_around(const struct parser *p, struct tag *tag)
{
    size_t start = tag->start, end = tag->end;
    while (start > p->at && is_blank(p->s[start - 1])) {
        start--;
    }
    while (end < p->len && is_blank(p->s[end])) {
        end++;
    }
    bool at_start = start == 0 || p->s[start - 1] == '\n';
    if (end + 1 < p->len && p->s[end] == '\r' && p->s[end + 1] == '\n') {
        end++;
    }
    bool at_end = end == p->len || p->s[end] == '\n';
    tag->alone = at_start && at_end;
    tag->line_start = start;
    tag->line_end = end < p->len ? end + 1 : end;
}

/* Reads the tag whose opening delimiter stands at `start`. */
static bool read_tag(struct parser *p, size_t start, struct tag *ret)
{
    size_t inner = start + strlen(p->open);
    char sigil = inner < p->len && strchr("!=#^/>&{", p->s[inner]) != NULL ? p->s[inner] : '\0';
    const char *close = sigil == '{'   ? arena_printf(p->arena, "}%s", p->close)
                        : sigil == '=' ? arena_printf(p->arena, "=%s", p->close)
                                       : p->close;
    inner += sigil != '\0';
    const char *end = search(p, inner, close);
    if (end == NULL) {
        skip_to(p, start);
        return refuse(p, p->line, "a tag is opened here and never closed", "");
    }
    char *content = arena_strndup(p->arena, p->s + inner, (size_t)(end - p->s) - inner);
    *ret = (struct tag){.sigil = sigil,
                        .start = start,
                        .end = (size_t)(end - p->s) + strlen(close),
                        .content = sigil == '!' ? "" : str_trim(p->arena, content)};
    if (sigil != '\0' && sigil != '&' && sigil != '{') {
        look_around(p, ret);
    }
    return true;
}

/* "<% %>": two words without blanks and "=". */
static bool set_delimiters(struct parser *p, const struct tag *tag)
{
    static const char blanks[] = " \t\r\n";
    size_t open = strcspn(tag->content, blanks);
    const char *rest = tag->content + open;
    rest += strspn(rest, blanks);
    size_t close = strcspn(rest, blanks);
    if (open == 0 || close == 0 || rest[close] != '\0' || strchr(tag->content, '=') != NULL) {
        return refuse(p, p->line, "delimiters are changed by two words, as in {{=<% %>=}}", "");
    }
    p->open = arena_strndup(p->arena, tag->content, open);
    p->close = arena_strndup(p->arena, rest, close);
    return true;
}

static bool close_section(struct parser *p, const struct tag *tag)
{
    if (p->n_open == 0) {
        return refuse(p, p->line, "a section is closed that is not open", tag->content);
    }
    if (p->begins_line && !tag->alone) {
        add_node(p, NODE_TEXT)->s = ""; /* the line's indentation belongs inside the section */
    }
    struct node *section = &p->template->nodes.at[p->open_section[p->n_open - 1]];
    if (!str_equal(section->name, tag->content)) {
        return refuse(p, p->line,
                      arena_printf(p->arena, "\"%s\" of line %d should be closed here, not", section->name,
                                   section->line),
                      tag->content);
    }
    section->end = p->template->nodes.n;
    p->n_open--;
    return true;
}

/* "a.b.c" → three parts, "." → none. */
static void split_name(struct parser *p, struct node *node, const char *name)
{
    node->name = name;
    if (str_equal(name, ".")) {
        return;
    }
    size_t n = 1;
    for (const char *c = name; *c != '\0'; c++) {
        n += *c == '.';
    }
    const char **parts = arena_alloc(p->arena, n * sizeof *parts);
    for (size_t i = 0; i < n; i++) {
        size_t len = strcspn(name, ".");
        parts[i] = arena_strndup(p->arena, name, len);
        name += len + (i + 1 < n);
    }
    node->parts = parts;
    node->n_parts = n;
}

static bool keep_tag(struct parser *p, const struct tag *tag)
{
    if (tag->sigil == '!') {
        return true;
    }
    if (tag->content[0] == '\0') {
        return refuse(p, p->line, "a tag without a name", "");
    }
    if (tag->sigil == '=') {
        return set_delimiters(p, tag);
    }
    if (tag->sigil == '/') {
        return close_section(p, tag);
    }
    if (strlen(tag->content) > TEMPLATE_NAME_MAX) {
        return refuse(p, p->line, "a name is too long", "");
    }
    enum node_kind kind = tag->sigil == '#'                        ? NODE_SECTION
                          : tag->sigil == '^'                      ? NODE_INVERTED
                          : tag->sigil == '>'                      ? NODE_PARTIAL
                          : tag->sigil == '&' || tag->sigil == '{' ? NODE_RAW
                                                                   : NODE_VALUE;
    bool section = kind == NODE_SECTION || kind == NODE_INVERTED;
    if (section && p->n_open == TEMPLATE_DEPTH_MAX) {
        return refuse(p, p->line, "sections are nested too deep", tag->content);
    }
    struct node *node = add_node(p, kind);
    node->begins_line = node->begins_line && !tag->alone;
    node->alone = tag->alone;
    split_name(p, node, tag->content);
    if (section) {
        p->open_section[p->n_open++] = p->template->nodes.n - 1;
    }
    if (kind == NODE_PARTIAL && tag->alone) {
        node->s = p->s + tag->line_start;
        node->len = tag->start - tag->line_start;
    }
    return true;
}

static bool parse_all(struct parser *p)
{
    const char *open;
    while ((open = search(p, p->at, p->open)) != NULL) {
        struct tag tag = {.content = ""};
        if (!read_tag(p, (size_t)(open - p->s), &tag)) {
            return false;
        }
        keep_text(p, tag.alone ? tag.line_start : tag.start);
        skip_to(p, tag.start);
        if (!keep_tag(p, &tag)) {
            return false;
        }
        skip_to(p, tag.alone ? tag.line_end : tag.end);
        p->begins_line = p->begins_line || tag.alone;
    }
    keep_text(p, p->len);
    if (p->n_open > 0) {
        const struct node *section = &p->template->nodes.at[p->open_section[p->n_open - 1]];
        return refuse(p, section->line, "a section is opened here and never closed", section->name);
    }
    return true;
}

bool template_parse(struct arena *arena, const char *name, const char *bytes, size_t len, int first_line,
                    const struct template **ret, struct error *err)
{
    if (len > TEMPLATE_MAX) {
        return fail(err, "%s: a template of more than %d bytes", name, TEMPLATE_MAX);
    }
    if (!utf8_valid(bytes, len)) {
        return fail(err, "%s: not valid UTF-8", name);
    }
    struct template *template = ARENA_NEW(arena, struct template);
    template->name = arena_strdup(arena, name);
    struct parser *p = ARENA_NEW(arena, struct parser);
    *p = (struct parser){.arena = arena,
                         .template = template,
                         .s = arena_strndup(arena, bytes, len),
                         .len = len,
                         .line = first_line,
                         .open = "{{",
                         .close = "}}",
                         .begins_line = true,
                         .err = err};
    if (!parse_all(p)) {
        return false;
    }
    *ret = template;
    return true;
}
