#include "parsers/robot/report_dsn.h"

#include "base/text.h"
#include "parsers/robot/report_field.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* One group of fields while it is read. */
struct group {
    const char *final, *original, *actual, *action, *status, *diagnostic, *category;
};

/* One to three digits at `s`: how many; 0: none, or more. */
static size_t digits(const char *s)
{
    size_t n = strspn(s, "0123456789");
    return n <= 3 ? n : 0;
}

/* The length of "5.1.10" at `s`, or 0. */
static size_t status_length(const char *s)
{
    size_t subject = (s[0] == '4' || s[0] == '5') && s[1] == '.' ? digits(s + 2) : 0;
    size_t detail = subject > 0 && s[2 + subject] == '.' ? digits(s + 3 + subject) : 0;
    if (detail == 0) {
        return 0;
    }
    const char *end = s + 3 + subject + detail;
    bool goes_on = isalnum((unsigned char)*end) || (*end == '.' && isdigit((unsigned char)end[1]));
    return goes_on ? 0 : (size_t)(end - s);
}

const char *report_status(struct arena *arena, const char *s)
{
    for (const char *at = s; *at != '\0'; at++) {
        bool inside = at > s && (isalnum((unsigned char)at[-1]) || at[-1] == '.');
        size_t len = inside ? 0 : status_length(at);
        if (len > 0) {
            return arena_strndup(arena, at, len);
        }
    }
    return NULL;
}

static enum dsn_action action_of(const char *action)
{
    static const struct {
        const char *word;
        enum dsn_action action;
    } words[] = {
        {"failed", DSN_FAILED},   {"expired", DSN_FAILED},   {"failure", DSN_FAILED},
        {"delayed", DSN_DELAYED}, {"warning", DSN_DELAYED},  {"delivered", DSN_ARRIVED},
        {"relayed", DSN_ARRIVED}, {"expanded", DSN_ARRIVED}, {"deliverable", DSN_ARRIVED},
    };
    for (size_t i = 0; action != NULL && i < sizeof words / sizeof *words; i++) {
        if (str_starts_nocase(action, words[i].word)) {
            return words[i].action;
        }
    }
    return DSN_UNSAID;
}

/* "smtp; 550 no" → "550 no". */
static const char *without_type(const char *value)
{
    size_t type = strcspn(value, "; \t");
    if (value[type] != ';') {
        return value;
    }
    value += type + 1;
    return value + strspn(value, " \t");
}

/* "5.0.0" and "4.0.0" say nothing; the server's own words may. A final failure keeps a 4.x.x. */
static const char *best_status(struct arena *arena, const struct group *g)
{
    const char *said = g->status == NULL ? NULL : report_status(arena, g->status);
    const char *words = g->diagnostic == NULL ? NULL : report_status(arena, g->diagnostic);
    bool vague = said == NULL || str_equal(said + 1, ".0.0") || str_equal(said, "5.5.0");
    return vague && words != NULL ? words : said;
}

/* The server's answer, and what the sending system made of it. */
static const char *words_of(struct arena *arena, const struct group *g)
{
    const char *words = g->diagnostic == NULL ? NULL : without_type(g->diagnostic);
    return words == NULL || g->category == NULL ? words : arena_printf(arena, "%s (%s)", words, g->category);
}

static void end_group(struct arena *arena, struct group *g, struct dsn *ret)
{
    const char *recipient = NULL, *from[] = {g->final, g->original, g->actual};
    for (size_t i = 0; i < 3 && recipient == NULL; i++) {
        recipient = from[i] == NULL ? NULL : report_address(arena, from[i]);
    }
    bool says = g->final != NULL || g->original != NULL;
    if (says && ret->recipients.n < DSN_RECIPIENTS_MAX) {
        *LIST_ADD(arena, &ret->recipients) = (struct dsn_recipient){
            .recipient = recipient,
            .status = best_status(arena, g),
            .diagnostic = words_of(arena, g),
            .action = action_of(g->action),
        };
    }
    *g = (struct group){0};
}

void report_dsn_read(struct arena *arena, const char *text, struct dsn *ret)
{
    struct group g = {0};
    struct report_field field;
    while (report_field_next(arena, &text, &field)) {
        if (field.blank) {
            end_group(arena, &g, ret);
        } else if (field.name == NULL) {
            continue;
        } else if (str_equal_nocase(field.name, "Final-Recipient")) {
            if (g.final != NULL) {
                end_group(arena, &g, ret);
            }
            g.final = field.value;
        } else if (str_equal_nocase(field.name, "Original-Recipient")) {
            if (g.original != NULL) {
                end_group(arena, &g, ret);
            }
            g.original = field.value;
        } else if (str_equal_nocase(field.name, "X-Actual-Recipient")) {
            g.actual = field.value;
        } else if (str_equal_nocase(field.name, "Action")) {
            g.action = field.value;
        } else if (str_equal_nocase(field.name, "Status")) {
            g.status = g.status == NULL ? field.value : g.status;
        } else if (str_equal_nocase(field.name, "X-PowerMTA-BounceCategory")) {
            g.category = field.value;
        } else if (str_equal_nocase(field.name, "Diagnostic-Code")) {
            g.diagnostic = g.diagnostic == NULL ? field.value : g.diagnostic;
        }
    }
    end_group(arena, &g, ret);
}
