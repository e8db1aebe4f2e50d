/* daemon/post/template.h: Mustache over JSON values (https://mustache.github.io, core
 * specification 1.4: comments, delimiters, interpolation, inverted, partials, sections).
 *
 * A template is parsed once and rendered often; both are pure. Templates and data may be
 * hostile: size, nesting, work and output are bounded, and passing a bound is an error, never
 * a cut text. Every error names the template and the line: "de/confirmed.txt:7: …".
 *
 * Where the specification leaves a choice:
 * - false, null, "", 0 and the empty list are falsy, as in the reference (JavaScript's `!!`);
 * - a list or object where a text belongs prints nothing (an error when strict);
 * - an unknown partial prints nothing (an error when strict);
 * - numbers print with the fewest digits that give the same value back: 1.21, 85, 1e+20. */
#ifndef STADTLABOR_POST_TEMPLATE_H
#define STADTLABOR_POST_TEMPLATE_H

#include "base/arena.h"
#include "base/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Far above any letter or newsletter; what they add up to stays below a second and 100 MB. */
enum {
    TEMPLATE_MAX = 256 * 1024,             /* bytes of one template */
    TEMPLATE_NAME_MAX = 250,               /* bytes */
    TEMPLATE_DEPTH_MAX = 200,              /* sections and partials inside each other */
    TEMPLATE_OUTPUT_MAX = 8 * 1024 * 1024, /* bytes */
    TEMPLATE_INDENT_MAX = 1024,            /* bytes of indentation that partials add up */
    TEMPLATE_WORK_MAX = 4 * 1000 * 1000,   /* tags printed and names looked at */
};

struct template;

/* Parses `len` bytes of UTF-8. `name` stands in errors; `first_line` is the number of the first
 * line there (1, or more where header lines were taken off). The template keeps pointers into a
 * copy, all in the arena. */
bool template_parse(struct arena *arena, const char *name, const char *bytes, size_t len, int first_line,
                    const struct template **ret, struct error *err);

/* Finds a partial by name. `*ret` NULL with true: there is none of that name; false: there is one,
 * but it cannot be used. */
typedef bool template_find(void *context, const char *name, const struct template **ret, struct error *err);

enum template_escape {
    TEMPLATE_HTML, /* {{x}} escapes & " ' < >, {{{x}}} and {{&x}} do not */
    TEMPLATE_TEXT, /* nothing is escaped: for text/plain */
};

struct template_options {
    enum template_escape escape;
    template_find *find; /* NULL: there are no partials */
    void *find_context;
    bool strict; /* a name that the data lacks is an error, as is an unknown partial */
};

/* Prints the template over `data` (any JSON value). The result is NUL-terminated. */
bool template_render(struct arena *arena, const struct template *template, const json_t *data,
                     const struct template_options *options, char **ret, size_t *ret_len, struct error *err);

/* Looks at every tag in every branch, taken or not, over sample data in which every permitted
 * name occurs: any other name is an error, whatever `options->strict` says. */
bool template_check(struct arena *arena, const struct template *template, const json_t *sample,
                    const struct template_options *options, struct error *err);

#endif
