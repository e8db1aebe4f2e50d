#include "parsers/robot/delivery_report.h"

#include "base/text.h"
#include "parsers/robot/report_dsn.h"
#include "parsers/robot/report_field.h"
#include "parsers/robot/report_plain.h"
#include "parsers/robot/report_reason.h"

#include <string.h>

/* Sources, the surest first: the machine-readable part, the notice's own words, headers of the
 * report, the head of the returned letter, the return path (VERP). */

enum { DIAGNOSTIC_MAX = 500, REPORT_TEXT_MAX = 256 * 1024 }; /* bytes */

/* All that is known while one report is read. */
struct report_reading {
    struct arena *arena;
    const struct patterns *patterns;
    const struct letter *letter;
    struct report_notice notice;
    struct named_recipients named;
    struct returned_head returned;
    bool notice_delayed; /* the notice says "still trying" */
    struct delivery_report *report;
};

static bool is_returned_part(const char *type)
{
    static const char *const types[] = {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers",
                                        "message/global", "message/global-headers"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (str_equal(type, types[i])) {
            return true;
        }
    }
    return false;
}

/* At most REPORT_TEXT_MAX bytes of a part. */
static const char *bounded(struct arena *arena, const char *text)
{
    size_t len = strlen(text);
    return len <= REPORT_TEXT_MAX ? text : arena_strndup(arena, text, REPORT_TEXT_MAX);
}

/* ---- our own letter ---- */

/* "Original-Message-ID: <…>" of Gmail and of RFC 3798, "Message-id: <…>" cited in a notice. */
static const char *message_id_named(struct arena *arena, const char *text)
{
    const char *at = strcasestr(text, "message-id:");
    const char *value = at == NULL ? NULL : at + strlen("message-id:");
    return value == NULL ? NULL : report_message_id(arena, arena_strndup(arena, value, strcspn(value, "\n")));
}

static const char *message_id_elsewhere(const struct report_reading *r)
{
    const struct letter *letter = r->letter;
    const char *id = NULL;
    for (size_t i = 0; i < letter->report_parts.n && id == NULL; i++) {
        id = message_id_named(r->arena, bounded(r->arena, letter->report_parts.at[i].text));
    }
    id = id != NULL ? id : message_id_named(r->arena, r->notice.text);
    return id != NULL || letter->in_reply_to.id.n == 0 ? id : letter->in_reply_to.id.at[0];
}

static void read_returned(struct report_reading *r)
{
    const struct letter *letter = r->letter;
    for (size_t i = 0; i < letter->report_parts.n; i++) {
        if (is_returned_part(letter->report_parts.at[i].type)) {
            report_returned_head(r->arena, letter->report_parts.at[i].text, &r->returned);
            break;
        }
    }
    if (r->returned.message_id == NULL && r->notice.returned[0] != '\0') {
        struct returned_head in_text;
        report_returned_head(r->arena, bounded(r->arena, r->notice.returned), &in_text);
        r->returned.message_id = in_text.message_id;
        r->returned.recipient = r->returned.recipient != NULL ? r->returned.recipient : in_text.recipient;
        r->returned.names_original |= in_text.names_original;
    }
    const char *id = r->returned.message_id;
    r->report->returned_message_id = id != NULL ? id : message_id_elsewhere(r);
}

/* ---- failed recipients ---- */

static struct failed_recipient *find_failed(struct report_reading *r, const char *recipient)
{
    for (size_t i = 0; i < r->report->failed.n; i++) {
        if (str_equal(r->report->failed.at[i].recipient, recipient)) {
            return &r->report->failed.at[i];
        }
    }
    return NULL;
}

static const char *words_about(const struct report_reading *r, const char *recipient)
{
    for (size_t i = 0; i < r->named.list.n; i++) {
        if (str_equal(r->named.list.at[i].recipient, recipient)) {
            return r->named.list.at[i].words;
        }
    }
    return r->notice.text;
}

static bool says(const struct report_reading *r, const char *group, const char *text)
{
    struct found found;
    return patterns_find(r->patterns, r->arena, group, text, strlen(text), 0, &found);
}

/* "Still trying" in the subject or the notice, and nothing that says it was given up. */
static bool notice_says_delayed(const struct report_reading *r)
{
    const char *subject = r->letter->subject, *text = r->notice.text;
    return (says(r, "delayed", subject) || says(r, "delayed", text)) && !says(r, "given_up", subject) &&
           !says(r, "given_up", text);
}

static void add_failed(struct report_reading *r, const char *recipient, const char *status,
                       const char *diagnostic, bool delayed)
{
    if (recipient == NULL || r->report->failed.n >= DSN_RECIPIENTS_MAX || find_failed(r, recipient) != NULL) {
        return;
    }
    const char *notice = words_about(r, recipient);
    const char *said = diagnostic != NULL && *diagnostic != '\0' ? diagnostic : notice;
    struct report_evidence evidence = {
        .status = status, .words = said, .transcript = notice, .plain = said == notice};
    char *line = report_one_line(r->arena, said, strlen(said), DIAGNOSTIC_MAX);
    *LIST_ADD(r->arena, &r->report->failed) = (struct failed_recipient){
        .recipient = recipient,
        .status = status,
        .diagnostic = *line == '\0' ? NULL : line,
        .hard = !delayed && report_address_is_dead(r->arena, r->patterns, &evidence),
        .delayed = delayed,
    };
}

/* Whom the only recipient of a report is called elsewhere, when its field has a file or X.400 name. */
static const char *only_recipient(struct report_reading *r)
{
    const char *header = letter_header(r->letter, "X-Failed-Recipients");
    const char *recipient = header == NULL ? NULL : report_address(r->arena, header);
    if (recipient == NULL && r->named.list.n == 1) {
        recipient = r->named.list.at[0].recipient;
    }
    return recipient != NULL ? recipient : r->returned.recipient;
}

/* A gateway's report may carry another system's report in place of our letter. */
static void read_inner_fields(struct report_reading *r, struct dsn *dsn)
{
    for (size_t i = 0; i < r->letter->report_parts.n; i++) {
        const struct report_part *part = &r->letter->report_parts.at[i];
        if (is_returned_part(part->type) && strcasestr(part->text, "\nFinal-Recipient:") != NULL) {
            report_dsn_read(r->arena, bounded(r->arena, part->text), dsn);
        }
    }
}

/* The fields of RFC 3464, in their part or in the text. True: they tell who failed, or that nobody did. */
static bool read_dsn(struct report_reading *r)
{
    struct dsn dsn = {0};
    for (size_t i = 0; i < r->letter->report_parts.n; i++) {
        const struct report_part *part = &r->letter->report_parts.at[i];
        if (str_equal(part->type, "message/delivery-status") ||
            str_equal(part->type, "message/global-delivery-status")) {
            report_dsn_read(r->arena, bounded(r->arena, part->text), &dsn);
        }
    }
    if (dsn.recipients.n == 0) {
        report_dsn_read(r->arena, bounded(r->arena, r->letter->text), &dsn);
    }
    if (dsn.recipients.n == 0 && !r->named.sure) {
        read_inner_fields(r, &dsn);
    }
    bool arrived = dsn.recipients.n > 0;
    for (size_t i = 0; i < dsn.recipients.n; i++) {
        const struct dsn_recipient *d = &dsn.recipients.at[i];
        const char *recipient = d->recipient;
        if (recipient == NULL && dsn.recipients.n == 1) {
            recipient = only_recipient(r);
        }
        bool delayed = d->action == DSN_DELAYED || (d->action == DSN_UNSAID && r->notice_delayed);
        arrived = arrived && d->action == DSN_ARRIVED;
        if (d->action != DSN_ARRIVED) {
            add_failed(r, recipient, d->status, d->diagnostic, delayed);
        }
    }
    return r->report->failed.n > 0 || arrived;
}

static void read_named(struct report_reading *r)
{
    for (size_t i = 0; i < r->named.list.n; i++) {
        const struct named_recipient *one = &r->named.list.at[i];
        add_failed(r, one->recipient, report_status(r->arena, one->words), NULL, r->notice_delayed);
    }
}

/* "X-Failed-Recipients: a@b, c@d" (Exim, Gmail) */
static void read_failed_header(struct report_reading *r)
{
    const char *list = letter_header(r->letter, "X-Failed-Recipients");
    while (list != NULL && *list != '\0') {
        size_t len = strcspn(list, ",");
        const char *one = report_address(r->arena, arena_strndup(r->arena, list, len));
        if (one != NULL) {
            add_failed(r, one, report_status(r->arena, r->notice.text), NULL, r->notice_delayed);
        }
        list += len + (list[len] == ',');
    }
}

/* "news+anna=example.org@our.host", the address that the report came to (VERP). */
static const char *verp_recipient(struct arena *arena, const struct letter *letter)
{
    const char *at = strchr(letter->to, '='), *from = at;
    if (at == NULL || strchr(at, '@') == NULL) {
        return NULL;
    }
    while (from > letter->to && strchr("+<\" ", from[-1]) == NULL) {
        from--;
    }
    const char *domain_end = at + strcspn(at, "@");
    return report_address(
        arena, arena_printf(arena, "%.*s@%.*s", (int)(at - from), from, (int)(domain_end - at - 1), at + 1));
}

static void add_one(struct report_reading *r, const char *recipient)
{
    if (recipient != NULL) {
        add_failed(r, recipient, report_status(r->arena, r->notice.text), NULL, r->notice_delayed);
    }
}

/* Without the fields of RFC 3464: one source after the other, until one tells. */
static void read_plain(struct report_reading *r)
{
    if (r->named.sure) {
        read_named(r);
    }
    if (r->report->failed.n == 0) {
        read_failed_header(r);
    }
    if (r->report->failed.n == 0) {
        add_one(r, r->returned.recipient);
    }
    if (r->report->failed.n == 0) {
        read_named(r);
    }
    if (r->report->failed.n == 0) {
        add_one(r, verp_recipient(r->arena, r->letter));
    }
}

/* ---- complaints ---- */

/* RFC 5965 3.1: "abuse" and its kin complain; "not-spam" and reports on authentication do not. */
static void read_complaint(struct report_reading *r, const char *fields)
{
    const char *recipient = NULL, *type = "abuse";
    struct report_field field;
    while (report_field_next(r->arena, &fields, &field)) {
        if (field.name == NULL) {
            continue;
        }
        if (str_equal_nocase(field.name, "Feedback-Type")) {
            type = field.value;
        } else if (str_equal_nocase(field.name, "Original-Rcpt-To") ||
                   str_equal_nocase(field.name, "Removal-Recipient")) {
            recipient = recipient == NULL ? report_address(r->arena, field.value) : recipient;
        }
    }
    bool complains = !str_equal_nocase(type, "not-spam") && !str_starts_nocase(type, "auth-failure") &&
                     !str_equal_nocase(type, "dmarc");
    recipient = recipient != NULL ? recipient : r->returned.recipient;
    if (complains && recipient != NULL) {
        r->report->complaint = true;
        *LIST_ADD(r->arena, &r->report->failed) = (struct failed_recipient){.recipient = recipient};
    }
}

bool delivery_report_read(struct arena *arena, const struct patterns *patterns, const struct letter *letter,
                          struct delivery_report *ret)
{
    struct delivery_report report = {0};
    struct report_reading r = {.arena = arena, .patterns = patterns, .letter = letter, .report = &report};
    report_notice_cut(arena, patterns, letter->text, &r.notice);
    read_returned(&r);
    const char *feedback = letter_report_part(letter, "message/feedback-report");
    if (feedback != NULL || r.returned.names_original) {
        read_complaint(&r, feedback != NULL ? bounded(arena, feedback) : "");
    } else {
        report_named_recipients(arena, patterns, r.notice.text, letter, &r.named);
        r.notice_delayed = notice_says_delayed(&r);
        if (!read_dsn(&r)) {
            read_plain(&r);
        }
    }
    if (report.failed.n == 0) {
        return false;
    }
    *ret = report;
    return true;
}
