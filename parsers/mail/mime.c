#include "parsers/mail/mime.h"

#include <string.h>
#include <strings.h>

/* Behind the line end of the line that begins at `at`. */
static const char *line_end(const char *at, const char *end)
{
    const char *lf = memchr(at, '\n', (size_t)(end - at));
    return lf == NULL ? end : lf + 1;
}

static bool line_empty(const char *at, const char *end)
{
    return at == end || *at == '\n' || (*at == '\r' && (at + 1 == end || at[1] == '\n'));
}

/* RFC 5322 3.6.8: a name is printable ASCII without colon; blanks before the colon are obsolete
 * syntax (4.5) that is still met. 0: no field begins here. */
static size_t name_length(const char *at, const char *end, const char **ret_colon)
{
    const char *s = at;
    while (s<end && * s> ' ' && *s < 0x7f && *s != ':') {
        s++;
    }
    size_t len = (size_t)(s - at);
    while (s < end && (*s == ' ' || *s == '\t')) {
        s++;
    }
    if (len == 0 || s == end || *s != ':') {
        return 0;
    }
    *ret_colon = s;
    return len;
}

static void add_field(struct arena *arena, struct mime_entity *entity, const char *name, size_t name_len,
                      const char *value, const char *value_end)
{
    if (entity->fields.n == MIME_FIELDS_MAX) {
        return;
    }
    while (value < value_end && (*value == ' ' || *value == '\t')) {
        value++;
    }
    while (value_end > value && (value_end[-1] == '\n' || value_end[-1] == '\r')) {
        value_end--;
    }
    *LIST_ADD(arena, &entity->fields) = (struct mime_field){
        .name = name, .name_len = name_len, .value = value, .value_len = (size_t)(value_end - value)};
}

void mime_split(struct arena *arena, const char *bytes, size_t len, struct mime_entity *ret)
{
    struct mime_entity entity = {0};
    const char *at = bytes, *end = bytes + len;
    if (len >= 5 && (memcmp(at, "From ", 5) == 0 || (len >= 6 && memcmp(at, ">From ", 6) == 0))) {
        at = line_end(at, end);
    }
    while (at < end && !line_empty(at, end)) {
        const char *colon, *name = at;
        size_t name_len = name_length(at, end, &colon);
        if (name_len == 0) {
            break;
        }
        at = line_end(at, end);
        while (at < end && (*at == ' ' || *at == '\t')) {
            at = line_end(at, end);
        }
        add_field(arena, &entity, name, name_len, colon + 1, at);
    }
    if (at < end && line_empty(at, end)) {
        at = line_end(at, end);
    }
    entity.body = at;
    entity.body_len = (size_t)(end - at);
    *ret = entity;
}

const struct mime_field *mime_find(const struct mime_entity *entity, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < entity->fields.n; i++) {
        const struct mime_field *field = &entity->fields.at[i];
        if (field->name_len == len && strncasecmp(field->name, name, len) == 0) {
            return field;
        }
    }
    return NULL;
}

/* RFC 2046 5.1.1: the next line that is "--boundary", perhaps "--", perhaps blanks. Returns its
 * begin, or `end`; `ret_after` is the line behind it. */
static const char *find_delimiter(const struct mime_parts *parts, const char *from, const char **ret_after,
                                  bool *ret_last)
{
    for (const char *at = from; at < parts->end; at = line_end(at, parts->end)) {
        if (*at != '-' || (size_t)(parts->end - at) < parts->delimiter_len ||
            memcmp(at, parts->delimiter, parts->delimiter_len) != 0) {
            continue;
        }
        const char *s = at + parts->delimiter_len;
        bool last = parts->end - s >= 2 && s[0] == '-' && s[1] == '-';
        s += last ? 2 : 0;
        while (s < parts->end && (*s == ' ' || *s == '\t' || *s == '\r')) {
            s++;
        }
        if (s == parts->end || *s == '\n') {
            *ret_after = s == parts->end ? s : s + 1;
            *ret_last = last;
            return at;
        }
    }
    *ret_after = parts->end;
    *ret_last = true;
    return parts->end;
}

bool mime_parts_begin(struct arena *arena, const char *body, size_t len, const char *boundary,
                      struct mime_parts *ret)
{
    struct mime_parts parts = {.at = body, .end = body + len};
    parts.delimiter = arena_printf(arena, "--%s", boundary);
    parts.delimiter_len = strlen(parts.delimiter);
    bool last;
    const char *delimiter = find_delimiter(&parts, body, &parts.at, &last);
    if (delimiter == parts.end) {
        return false;
    }
    parts.open = !last;
    *ret = parts;
    return true;
}

bool mime_parts_next(struct mime_parts *parts, const char **ret_bytes, size_t *ret_len)
{
    if (!parts->open || parts->at == parts->end) {
        return false;
    }
    const char *begin = parts->at, *after;
    bool last;
    const char *delimiter = find_delimiter(parts, begin, &after, &last);
    const char *end = delimiter;
    if (delimiter < parts->end) { /* the line end before a delimiter belongs to the delimiter */
        if (end > begin && end[-1] == '\n') {
            end--;
        }
        if (end > begin && end[-1] == '\r') {
            end--;
        }
    }
    parts->at = after;
    parts->open = !last;
    *ret_bytes = begin;
    *ret_len = (size_t)(end - begin);
    return true;
}
