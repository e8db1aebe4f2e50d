#include "parsers/pattern/pattern_text.h"

#include "base/text.h"
#include "parsers/pattern/vocabulary_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DEFINE_DEPTH_MAX = 20, NAME_MAX_BYTES = 80 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *s)
{
    while (is_blank(*s)) {
        s++;
    }
    return s;
}

/* The length of the name at `s`: letters a-z, digits, "_" and "-"; dots for patterns. */
static size_t name_length(const char *s, bool dots)
{
    size_t len = 0;
    while ((s[len] >= 'a' && s[len] <= 'z') || (s[len] >= '0' && s[len] <= '9') || s[len] == '_' ||
           (dots && (s[len] == '-' || s[len] == '.'))) {
        len++;
    }
    return len;
}

/* An example as written: \n and \t stand for line end and tab, \\ for a backslash. */
static const char *unescape(struct arena *arena, const char *s)
{
    char *out = arena_strdup(arena, s), *to = out;
    for (; *s != '\0'; s++) {
        if (s[0] == '\\' && (s[1] == 'n' || s[1] == 't' || s[1] == '\\')) {
            s++;
            *to++ = (char)(*s == 'n' ? '\n' : *s == 't' ? '\t' : '\\');
        } else {
            *to++ = *s;
        }
    }
    *to = '\0';
    return out;
}

static void add_line(struct arena *arena, struct pattern_entry *entry, int line, const char *text)
{
    struct pattern_line *l = LIST_ADD(arena, &entry->expression);
    l->line = line;
    l->text = text;
}

/* "define NAME EXPRESSION" or "pattern NAME": the start of an entry. */
static bool read_head(struct arena *arena, const char *s, const char *file, int line, int folder,
                      struct pattern_entries *entries, struct error *err)
{
    bool is_define = str_starts(s, "define") && is_blank(s[6]);
    if (!is_define && !(str_starts(s, "pattern") && is_blank(s[7]))) {
        return fail(err,
                    "%s:%d: a line begins with \"%.*s\"; right would be \"pattern NAME\", \"define NAME "
                    "EXPRESSION\", a comment (#), or an indented line",
                    file, line, (int)strcspn(s, " \t"), s);
    }
    s = skip_blanks(s + (is_define ? 6 : 7));
    size_t len = name_length(s, !is_define);
    if (len == 0 || len > NAME_MAX_BYTES || (s[len] != '\0' && !is_blank(s[len]))) {
        return fail(err, "%s:%d: a name of small letters a-z, digits and _ is missing after \"%s\"", file,
                    line, is_define ? "define" : "pattern");
    }
    struct pattern_entry entry = {.is_define = is_define, .file = file, .line = line, .weight = 1};
    entry.name = arena_strndup(arena, s, len);
    entry.folder = folder;
    const char *dot = strchr(entry.name, '.'), *rest = skip_blanks(s + len);
    if (!is_define && (dot == NULL || dot == entry.name || dot[1] == '\0')) {
        return fail(err, "%s:%d: pattern \"%s\" has no group; right would be \"pattern GROUP.NAME\"", file,
                    line, entry.name);
    }
    if (is_define && *rest != '\0') {
        add_line(arena, &entry, line, rest);
    } else if (*rest != '\0' && *rest != '#') {
        return fail(err,
                    "%s:%d: \"%s\" stands behind the name; the expression begins on the next line, indented",
                    file, line, rest);
    }
    for (size_t i = 0; i < entries->entries.n; i++) {
        struct pattern_entry *old = &entries->entries.at[i];
        if (old->is_define != is_define || !str_equal(old->name, entry.name)) {
            continue;
        }
        if (old->folder == folder) {
            return fail(err, "%s:%d: \"%s\" stands already in %s:%d; right would be another name", file, line,
                        entry.name, old->file, old->line);
        }
        memmove(old, old + 1, (entries->entries.n - i - 1) * sizeof *old);
        entries->entries.n--;
        break;
    }
    *LIST_ADD(arena, &entries->entries) = entry;
    return true;
}

/* An indented line belongs to the entry above it. */
static bool read_indented(struct arena *arena, const char *s, int line, struct pattern_entry *entry,
                          struct error *err)
{
    if ((s[0] == '+' || s[0] == '-') && is_blank(s[1])) {
        if (entry->is_define) {
            return fail(err, "%s:%d: an example below define %s; examples belong to patterns", entry->file,
                        line, entry->name);
        }
        struct pattern_line *example = LIST_ADD(arena, &entry->examples);
        example->line = line;
        example->must_match = s[0] == '+';
        example->text = unescape(arena, s + 2);
        return true;
    }
    if (!str_starts(s, "weight") || !is_blank(s[6])) {
        add_line(arena, entry, line, s);
        return true;
    }
    char *end;
    errno = 0;
    long weight = strtol(s + 6, &end, 10);
    if (errno != 0 || end == s + 6 || *skip_blanks(end) != '\0' || labs(weight) > PATTERN_WEIGHT_MAX ||
        entry->is_define) {
        return fail(err,
                    "%s:%d: \"%s\"; right would be \"weight N\" below a pattern, a whole number up to %d",
                    entry->file, line, s, PATTERN_WEIGHT_MAX);
    }
    entry->weight = (int)weight;
    return true;
}

static bool entry_complete(const struct pattern_entry *entry, struct error *err)
{
    bool must = false, must_not = false;
    for (size_t i = 0; i < entry->examples.n; i++) {
        must |= entry->examples.at[i].must_match;
        must_not |= !entry->examples.at[i].must_match;
    }
    if (entry->expression.n == 0) {
        return fail(err, "%s:%d: %s has no expression", entry->file, entry->line, entry->name);
    }
    if (!entry->is_define && (!must || !must_not)) {
        return fail(err, "%s:%d: %s needs an example that %s: an indented line \"%s …\"", entry->file,
                    entry->line, entry->name, must ? "must not match" : "must match", must ? "-" : "+");
    }
    return true;
}

bool pattern_text_read(struct arena *arena, const char *text, const char *file, int folder,
                       struct pattern_entries *entries, struct error *err)
{
    file = arena_strdup(arena, file);
    bool begun = false; /* the last entry is this file's */
    if (str_starts(text, "\xef\xbb\xbf")) {
        text += 3;
    }
    for (int line = 1; *text != '\0'; line++) {
        size_t len = strcspn(text, "\n"), end = len;
        while (end > 0 && (text[end - 1] == '\r' || is_blank(text[end - 1]))) {
            end--;
        }
        const char *s = arena_strndup(arena, text, end), *word = skip_blanks(s);
        text += len + (text[len] == '\n');
        if (*word == '\0' || *word == '#') {
            continue;
        }
        struct pattern_entry *last = begun ? &entries->entries.at[entries->entries.n - 1] : NULL;
        if (word != s) {
            if (last == NULL) {
                return fail(err, "%s:%d: an indented line, and no \"pattern NAME\" above it", file, line);
            }
            if (!read_indented(arena, word, line, last, err)) {
                return false;
            }
            continue;
        }
        if (last != NULL && !entry_complete(last, err)) {
            return false;
        }
        if (!read_head(arena, s, file, line, folder, entries, err)) {
            return false;
        }
        begun = true;
    }
    return !begun || entry_complete(&entries->entries.at[entries->entries.n - 1], err);
}

bool pattern_text_folder(struct arena *arena, const char *path, int folder, bool required,
                         struct pattern_entries *entries, struct error *err)
{
    struct vocabulary_files files;
    bool good = vocabulary_files(arena, path, ".patterns", PATTERN_FILE_MAX, required, &files, err);
    for (size_t i = 0; good && i < files.file.n; i++) {
        const struct vocabulary_file *file = &files.file.at[i];
        good = pattern_text_read(arena, file->bytes, file->name, folder, entries, err);
    }
    return good;
}

static struct pattern_entry *find_define(struct pattern_entries *entries, const char *name, size_t len)
{
    for (size_t i = 0; i < entries->entries.n; i++) {
        struct pattern_entry *entry = &entries->entries.at[i];
        if (entry->is_define && strlen(entry->name) == len && memcmp(entry->name, name, len) == 0) {
            return entry;
        }
    }
    return NULL;
}

static bool expand(struct arena *arena, struct pattern_entries *entries, const struct pattern_entry *entry,
                   int depth, struct text *out, size_t *starts, struct error *err)
{
    for (size_t i = 0; i < entry->expression.n; i++) {
        const char *s = entry->expression.at[i].text;
        int line = entry->expression.at[i].line;
        if (starts != NULL) {
            starts[i] = out->len;
        }
        for (const char *call; (call = strstr(s, "(?&")) != NULL;) {
            size_t len = name_length(call + 3, false);
            struct pattern_entry *define = find_define(entries, call + 3, len);
            if (define == NULL || call[3 + len] != ')') {
                return fail(err,
                            "%s:%d: (?&%.*s) is defined nowhere; right would be a line \"define %.*s …\"",
                            entry->file, line, (int)len, call + 3, (int)len, call + 3);
            }
            if (depth == DEFINE_DEPTH_MAX) {
                return fail(err, "%s:%d: (?&%s) leads back to itself", entry->file, line, define->name);
            }
            atomic_store(&define->used, true);
            text_addn(out, s, (size_t)(call - s));
            text_add(out, "(?:");
            if (!expand(arena, entries, define, depth + 1, out, NULL, err)) {
                return false;
            }
            text_addc(out, ')');
            s = call + 3 + len + 1;
        }
        text_add(out, s);
        text_addc(out, '\n'); /* ends a comment */
        if (out->overflow) {
            return fail(err, "%s:%d: %s is longer than %d bytes with its defines written out", entry->file,
                        entry->line, entry->name, PATTERN_REGEX_MAX);
        }
    }
    return true;
}

bool pattern_text_expand(struct arena *arena, struct pattern_entries *entries,
                         const struct pattern_entry *entry, const char **ret, const size_t **ret_starts,
                         struct error *err)
{
    struct text out = text_new(arena, PATTERN_REGEX_MAX);
    size_t *starts = arena_alloc(arena, entry->expression.n * sizeof *starts);
    if (!expand(arena, entries, entry, 0, &out, starts, err)) {
        return false;
    }
    *ret = out.s;
    *ret_starts = starts;
    return true;
}
