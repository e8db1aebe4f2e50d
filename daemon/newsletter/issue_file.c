#include "daemon/newsletter/issue_file.h"

#include "base/date.h"
#include "base/text.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

bool issue_time_read(struct arena *arena, const char *s, int64_t *ret)
{
    int day, month, year, hour, minute, used = 0;
    if (sscanf(s, "%2d.%2d.%4d %2d:%2d%n", &day, &month, &year, &hour, &minute, &used) == 5 &&
        s[used] == '\0') {
        s = arena_printf(arena, "%04d-%02d-%02dT%02d:%02d", year, month, day, hour, minute);
    }
    return berlin_parse(s, ret);
}

static bool set_once(struct error *err, const char **field, const char *name, const char *value)
{
    if (*field[0] != '\0') {
        return fail(err, "„%s“ steht zweimal da", name);
    }
    *field = value;
    return true;
}

static bool head_line(struct arena *arena, const char *line, struct issue_file *file, struct error *err)
{
    const char *colon = strchr(line, ':');
    if (colon == NULL) {
        return fail(err, "im Kopf wird „Name: Wert“ erwartet; vor dem Text fehlt wohl eine Leerzeile");
    }
    const char *name = str_trim(arena, arena_strndup(arena, line, (size_t)(colon - line)));
    const char *value = str_trim(arena, colon + 1);
    if (str_equal_nocase(name, "Betreff")) {
        return set_once(err, &file->subject, name, value);
    }
    if (str_equal_nocase(name, "Vorschau")) {
        return set_once(err, &file->preview, name, value);
    }
    if (!str_equal_nocase(name, "Versand")) {
        return fail(err, "„%.40s“ kennt der Kopf nicht; es gibt Betreff, Vorschau und Versand", name);
    }
    if (file->send_at != 0) {
        return fail(err, "„%s“ steht zweimal da", name);
    }
    if (value[0] != '\0' && !issue_time_read(arena, value, &file->send_at)) {
        return fail(err, "„%.40s“ ist kein Zeitpunkt; richtig wäre etwa 01.12.2026 09:00", value);
    }
    return true;
}

/* CRLF and CR become LF. */
static char *with_plain_line_ends(struct arena *arena, const char *s)
{
    char *out = arena_strdup(arena, s), *to = out;
    for (const char *from = out; *from != '\0'; from++) {
        if (*from == '\r') {
            *to++ = '\n';
            from += from[1] == '\n';
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return out;
}

bool issue_file_read(struct arena *arena, const char *bytes, size_t len, struct issue_file *ret,
                     struct error *err)
{
    if (!utf8_valid(bytes, len)) {
        return fail(err, "die Datei ist kein UTF-8-Text");
    }
    if (strstr(bytes, "\xee\x80") != NULL) {
        return fail(err, "die Datei enthält Zeichen aus dem privaten Bereich von Unicode");
    }
    char *line = with_plain_line_ends(arena, str_starts(bytes, "\xef\xbb\xbf") ? bytes + 3 : bytes);
    struct issue_file file = {.subject = "", .preview = "", .body = "", .body_line = 1};
    for (;; file.body_line++) {
        char *end = strchr(line, '\n');
        if (end != NULL) {
            *end = '\0';
        }
        if (str_trim(arena, line)[0] == '\0' || end == NULL) {
            file.body = end == NULL ? "" : end + 1;
            break;
        }
        if (!head_line(arena, line, &file, err)) {
            return fail_within(err, "Zeile %d", file.body_line);
        }
        line = end + 1;
    }
    file.body_line++;
    if (strlen(file.subject) > ISSUE_SUBJECT_MAX) {
        return fail(err, "der Betreff ist länger als %d Bytes", ISSUE_SUBJECT_MAX);
    }
    *ret = file;
    return true;
}

const char *issue_file_name(struct arena *arena, const char *path)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    const char *slash = strrchr(path, '/');
    char *name = arena_strdup(arena, slash == NULL ? path : slash + 1);
    size_t len = strlen(name);
    if (len > 3 && str_equal_nocase(name + len - 3, ".md")) {
        name[len -= 3] = '\0';
    }
    bool good = len > 0 && len <= ISSUE_NAME_MAX && name[0] != '.' && name[strspn(name, letters)] == '\0';
    return good ? name : NULL;
}
