/* daemon/post/template_render.c: prints a parsed template over JSON, or checks its names. */
#include "base/text.h"
#include "daemon/post/template.h"
#include "daemon/post/template_node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What partials put before each of their lines, the innermost last; NULL: nothing. */
struct indent {
    const struct indent *outer;
    const char *s;
    size_t len, total; /* total: with all outer ones */
};

struct renderer {
    struct arena *arena;
    const struct template_options *options;
    struct text out;
    const json_t *stack[TEMPLATE_DEPTH_MAX + 1]; /* contexts, the innermost last */
    size_t n_stack;
    int depth, work;
    bool checking;
    struct error *err;
};

static bool walk(struct renderer *r, const struct template *template, size_t from, size_t to,
                 const struct indent *indent);

static bool refuse(struct renderer *r, const struct template *template, const struct node *node,
                   const char *what)
{
    return fail(r->err, "%s:%d: %s: %s", template->name, node->line, what, node->name);
}

/* The first part is searched through all contexts; the others only in what was found so far
 * ("each part of a dotted name should resolve only against its parent"). NULL: no such name. */
static const json_t *look_up(struct renderer *r, const struct node *node)
{
    const json_t *value = node->n_parts == 0 ? r->stack[r->n_stack - 1] : NULL;
    for (size_t i = r->n_stack; node->n_parts > 0 && value == NULL && i > 0; i--) {
        value = json_object_get(r->stack[i - 1], node->parts[0]);
        r->work++;
    }
    for (size_t i = 1; value != NULL && i < node->n_parts; i++) {
        value = json_object_get(value, node->parts[i]);
        r->work++;
    }
    return value;
}

static bool is_truthy(const json_t *value)
{
    switch (value == NULL ? JSON_NULL : json_typeof(value)) {
    case JSON_NULL:
    case JSON_FALSE:
        return false;
    case JSON_STRING:
        return json_string_length(value) > 0;
    case JSON_INTEGER:
    case JSON_REAL:
        return json_number_value(value) != 0;
    case JSON_ARRAY:
        return json_array_size(value) > 0;
    default:
        return true;
    }
}

static void add_number(struct renderer *r, const json_t *value)
{
    char s[40] = ""; /* 17 digits, sign, point, exponent; or 19 digits and a sign */
    if (json_is_integer(value)) {
        snprintf(s, sizeof s, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    }
    double real = json_real_value(value);
    for (int digits = 1; json_is_real(value) && digits <= 17; digits++) {
        snprintf(s, sizeof s, "%.*g", digits, real);
        if (strtod(s, NULL) == real) {
            break;
        }
    }
    char *comma = strchr(s, ','); /* a locale's decimal sign */
    if (comma != NULL) {
        *comma = '.';
    }
    text_add(&r->out, s);
}

static bool print_value(struct renderer *r, const struct template *template, const struct node *node)
{
    const json_t *value = look_up(r, node);
    bool strict = r->checking || r->options->strict;
    if (value == NULL) {
        return !strict || refuse(r, template, node, "unknown name");
    }
    if (json_is_object(value) || json_is_array(value)) {
        return !strict || refuse(r, template, node, "a text is wanted, not a list or an object");
    }
    if (json_is_number(value)) {
        add_number(r, value);
        return true;
    }
    const char *s = json_is_string(value)    ? json_string_value(value)
                    : json_is_boolean(value) ? (json_is_true(value) ? "true" : "false")
                                             : "";
    if (node->kind == NODE_VALUE && r->options->escape == TEMPLATE_HTML) {
        text_add_html(&r->out, s, strlen(s));
    } else {
        text_add(&r->out, s);
    }
    return true;
}

/* The nodes inside the section at index `at`, with `context` on top (NULL: nothing is added). */
static bool walk_inside(struct renderer *r, const struct template *template, size_t at, const json_t *context,
                        const struct indent *indent)
{
    const struct node *section = &template->nodes.at[at];
    if (r->depth == TEMPLATE_DEPTH_MAX) {
        return refuse(r, template, section, "sections and partials are nested too deep");
    }
    if (context != NULL) {
        r->stack[r->n_stack++] = context;
    }
    r->depth++;
    bool done = walk(r, template, at + 1, section->end, indent);
    r->depth--;
    r->n_stack -= context != NULL;
    return done;
}

static bool print_section(struct renderer *r, const struct template *template, size_t at,
                          const struct indent *indent)
{
    const struct node *section = &template->nodes.at[at];
    const json_t *value = look_up(r, section);
    if (value == NULL && (r->checking || r->options->strict)) {
        return refuse(r, template, section, "unknown name");
    }
    bool truthy = is_truthy(value);
    if (section->kind == NODE_INVERTED || (!truthy && r->checking)) {
        return (truthy && !r->checking) || walk_inside(r, template, at, NULL, indent);
    }
    if (!truthy) {
        return true;
    }
    if (!json_is_array(value)) {
        return walk_inside(r, template, at, value, indent);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        r->work++;
        if (!walk_inside(r, template, at, json_array_get(value, i), indent)) {
            return false;
        }
    }
    return true;
}

static bool print_partial(struct renderer *r, const struct template *template, const struct node *node,
                          const struct indent *indent)
{
    const struct template *partial = NULL;
    if (r->options->find != NULL &&
        !r->options->find(r->options->find_context, node->name, &partial, r->err)) {
        return fail_within(r->err, "%s:%d", template->name, node->line);
    }
    if (partial == NULL) {
        return !(r->checking || r->options->strict) || refuse(r, template, node, "unknown partial");
    }
    if (r->depth == TEMPLATE_DEPTH_MAX) {
        return refuse(r, template, node, "sections and partials are nested too deep");
    }
    struct indent more = {.outer = indent, .s = node->s, .len = node->len};
    more.total = node->len + (indent != NULL ? indent->total : 0);
    if (more.total > TEMPLATE_INDENT_MAX) {
        return refuse(r, template, node, "partials are indented too far");
    }
    /* "{{>x}}" amid a line does not pass its own line's indentation on. */
    const struct indent *inner = !node->alone ? NULL : node->len > 0 ? &more : indent;
    r->depth++;
    bool done = walk(r, partial, 0, partial->nodes.n, inner);
    r->depth--;
    return done;
}

static bool print_node(struct renderer *r, const struct template *template, size_t at,
                       const struct indent *indent)
{
    const struct node *node = &template->nodes.at[at];
    switch (node->kind) {
    case NODE_TEXT:
        text_addn(&r->out, node->s, node->len);
        return true;
    case NODE_VALUE:
    case NODE_RAW:
        return print_value(r, template, node);
    case NODE_SECTION:
    case NODE_INVERTED:
        return print_section(r, template, at, indent);
    default:
        return print_partial(r, template, node, indent);
    }
}

static void add_indent(struct renderer *r, const struct indent *indent)
{
    if (indent != NULL) {
        add_indent(r, indent->outer);
        text_addn(&r->out, indent->s, indent->len);
    }
}

static bool walk(struct renderer *r, const struct template *template, size_t from, size_t to,
                 const struct indent *indent)
{
    for (size_t at = from; at < to;) {
        const struct node *node = &template->nodes.at[at];
        if (node->begins_line) {
            add_indent(r, indent);
        }
        if (!print_node(r, template, at, indent)) {
            return false;
        }
        if (++r->work > TEMPLATE_WORK_MAX) {
            return fail(r->err, "%s:%d: this template takes too much work", template->name, node->line);
        }
        if (r->out.overflow) {
            return fail(r->err, "%s:%d: the text grows beyond %d bytes", template->name, node->line,
                        TEMPLATE_OUTPUT_MAX);
        }
        at = node->kind == NODE_SECTION || node->kind == NODE_INVERTED ? node->end : at + 1;
    }
    return true;
}

static struct renderer *renderer_new(struct arena *arena, const json_t *data,
                                     const struct template_options *options, struct error *err)
{
    struct renderer *r = ARENA_NEW(arena, struct renderer);
    *r = (struct renderer){.arena = arena, .options = options, .n_stack = 1, .err = err};
    r->stack[0] = data;
    r->out = text_new(arena, TEMPLATE_OUTPUT_MAX);
    return r;
}

bool template_render(struct arena *arena, const struct template *template, const json_t *data,
                     const struct template_options *options, char **ret, size_t *ret_len, struct error *err)
{
    struct renderer *r = renderer_new(arena, data, options, err);
    if (!walk(r, template, 0, template->nodes.n, NULL)) {
        return false;
    }
    *ret = r->out.s;
    *ret_len = r->out.len;
    return true;
}

bool template_check(struct arena *arena, const struct template *template, const json_t *sample,
                    const struct template_options *options, struct error *err)
{
    struct renderer *r = renderer_new(arena, sample, options, err);
    r->checking = true;
    return walk(r, template, 0, template->nodes.n, NULL);
}
