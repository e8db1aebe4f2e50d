#include "daemon/post/letter_data.h"

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/post/letters.h"

#include <ctype.h>
#include <string.h>

/* Line and paragraph separators; embeddings, overrides and isolates (Unicode UAX 9). */
static bool is_disturbing(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

char *letter_one_line(struct arena *arena, const char *s, size_t most)
{
    struct text line = text_new(arena, most);
    bool blank = false;
    for (uint32_t c; (c = utf8_next(&s)) != 0;) {
        if (is_disturbing(c) || c == ' ') {
            blank = line.len > 0;
            continue;
        }
        char bytes[5] = " ";
        size_t at = blank ? 1 : 0;
        size_t n = utf8_put(c, bytes + at);
        text_addn(&line, bytes, at + n);
        if (line.overflow) {
            break;
        }
        blank = false;
    }
    return line.s;
}

void letter_data_tidy(struct arena *arena, json_t *value)
{
    if (json_is_string(value)) {
        json_string_set(value, letter_one_line(arena, json_string_value(value), LETTER_WORD_MAX));
    }
    const char *name;
    json_t *inner;
    json_object_foreach(value, name, inner)
    {
        letter_data_tidy(arena, inner);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        letter_data_tidy(arena, json_array_get(value, i));
    }
}

static size_t word_before(const char *s, size_t at)
{
    size_t n = 0;
    while (n < at && isalnum((unsigned char)s[at - 1 - n])) {
        n++;
    }
    return n;
}

static size_t word_behind(const char *s)
{
    size_t n = 0;
    while (isalnum((unsigned char)s[n])) {
        n++;
    }
    return n;
}

bool letter_is_tempting(const char *s)
{
    if (strstr(s, "://") != NULL || strchr(s, '@') != NULL || strcasestr(s, "www.") != NULL) {
        return true;
    }
    for (const char *dot = s; (dot = strchr(dot, '.')) != NULL; dot++) {
        if (word_before(s, (size_t)(dot - s)) >= 2 && word_behind(dot + 1) >= 2) {
            return true;
        }
    }
    return false;
}

static bool is_optional(struct arena *arena, const char *optional, const char *path)
{
    return strstr(arena_printf(arena, " %s ", optional), arena_printf(arena, " %s ", path)) != NULL;
}

static bool check_value(struct arena *arena, json_t *value, const json_t *sample, const char *optional,
                        const char *path, struct error *err);

static bool check_object(struct arena *arena, json_t *value, const json_t *sample, const char *optional,
                         const char *path, struct error *err)
{
    const char *dot = path[0] != '\0' ? "." : "";
    const char *name;
    json_t *inner;
    json_object_foreach(value, name, inner)
    {
        if (json_object_get(sample, name) == NULL) {
            return fail(err, "unknown name: %s%s%s", path, dot, name);
        }
    }
    json_t *pattern;
    json_object_foreach((json_t *)sample, name, pattern)
    {
        const char *inner_path = arena_printf(arena, "%s%s%s", path, dot, name);
        inner = json_object_get(value, name);
        if (inner != NULL && !json_is_null(inner)) {
            if (!check_value(arena, inner, pattern, optional, inner_path, err)) {
                return false;
            }
        } else if (json_is_boolean(pattern)) {
            json_object_set_new(value, name, json_false());
        } else if (is_optional(arena, optional, inner_path)) {
            json_object_set_new(value, name, json_null());
        } else {
            return fail(err, "missing: %s", inner_path);
        }
    }
    return true;
}

static bool check_value(struct arena *arena, json_t *value, const json_t *sample, const char *optional,
                        const char *path, struct error *err)
{
    bool both_boolean = json_is_boolean(value) && json_is_boolean(sample);
    if (json_typeof(value) != json_typeof(sample) && !both_boolean) {
        return fail(err, "of the wrong type: %s", path);
    }
    bool may_be_empty = is_optional(arena, optional, path);
    if (json_is_string(value) && json_string_length(value) == 0 && !may_be_empty) {
        return fail(err, "empty: %s", path);
    }
    if (json_is_object(value)) {
        return check_object(arena, value, sample, optional, path, err);
    }
    if (json_is_array(value) && json_array_size(value) == 0 && !may_be_empty) {
        return fail(err, "empty: %s", path);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!check_value(arena, json_array_get(value, i), json_array_get(sample, 0), optional, path, err)) {
            return false;
        }
    }
    return true;
}

bool letter_data_check(struct arena *arena, json_t *value, const json_t *sample, const char *optional,
                       struct error *err)
{
    return check_value(arena, value, sample, optional, "", err);
}

/* "A", "A und B", "A, B und C" */
static const char *join_names(struct arena *arena, const json_t *persons, const char *language)
{
    const char *joined = "";
    size_t n = json_array_size(persons);
    for (size_t i = 0; i < n; i++) {
        const char *name = json_string_value(json_object_get(json_array_get(persons, i), "name"));
        const char *between = i == 0 ? "" : i + 1 < n ? ", " : language[0] == 'e' ? " and " : " und ";
        joined = arena_printf(arena, "%s%s%s", joined, between, name != NULL ? name : "");
    }
    return joined;
}

void letter_data_derive(struct arena *arena, json_t *section, const char *greeting_name, const char *language)
{
    const json_t *persons = json_object_get(section, "persons"),
                 *refused = json_object_get(section, "refused");
    bool several = json_array_size(persons) > 1, asking = false;
    for (size_t i = 0; i < json_array_size(persons); i++) {
        json_t *person = json_array_get(persons, i);
        const char *name = json_string_value(json_object_get(person, "name"));
        bool other = name != NULL && !str_equal(name, greeting_name);
        json_object_set_new(person, "headed", json_boolean(several || other));
        asking = asking || json_is_true(json_object_get(person, "incomplete"));
    }
    if (persons != NULL) {
        json_object_set_new(section, "names", json_string(join_names(arena, persons, language)));
        json_object_set_new(section, "several", json_boolean(several));
        json_object_set_new(section, "asking", json_boolean(asking));
    }
    if (refused != NULL) {
        json_object_set_new(section, "refused_names", json_string(join_names(arena, refused, language)));
    }
    if (json_object_get(section, "offered") != NULL) {
        bool offering = json_array_size(json_object_get(section, "offered")) > 0;
        json_object_set_new(section, "offering", json_boolean(offering));
    }
}
