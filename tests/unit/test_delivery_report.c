/* What came back. The rows below are the corners; whole reports of 100 mail systems, all invented, lie
 * in tests/corpus/reports, and the reports of others in $CORPUS_SHARED/bounces (tests/corpus/README.md),
 * where they are there. Both folders have labels.jsonl, a reading a line. */
#include "parsers/robot/delivery_report.h"

#include "base/file.h"
#include "base/text.h"
#include "parsers/robot/report_dsn.h"
#include "parsers/robot/report_field.h"
#include "parsers/robot/report_reason.h"
#include "tests/unit/shipped.h"

#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAIL_MAX = 16 * 1024 * 1024, BOUNCES_AT_LEAST = 97 /* percent */ };

static struct patterns *patterns;

TEST(addresses)
{
    struct arena *a = arena_new();
    CHECK_STR(report_address(a, "rfc822; <A.B@Example.ORG>"), "a.b@example.org");
    CHECK_STR(report_address(a, "rfc822;a+40example.org"), "a@example.org");
    CHECK_STR(report_address(a, "\"anna b\"@example.org"), "\"anna b\"@example.org");
    CHECK_STR(report_address(a, "'a@example.org'"), "a@example.org");
    CHECK_STR(report_address(a, "utf-8; jürgen@example.org"), "jürgen@example.org");
    CHECK_STR(report_address(a, "write to a@example.org."), "a@example.org");
    CHECK_STR(report_address(a, "@ @. a@ @b"), NULL);
    CHECK_STR(report_address(a, "x400; /G=Karin/S=Otte/"), NULL);
    CHECK_STR(report_address(a, ""), NULL);
    arena_free(a);
}

TEST(status_codes)
{
    struct arena *a = arena_new();
    CHECK_STR(report_status(a, "550 5.1.1 no"), "5.1.1");
    CHECK_STR(report_status(a, "sorry (#5.1.10)"), "5.1.10");
    CHECK_STR(report_status(a, "host 5.1.1.7 says 4.4.7."), "4.4.7");
    CHECK_STR(report_status(a, "Exim 4.97, 192.5.1.1, v5.1.1, 2.1.5 ok"), NULL);
    CHECK_STR(report_status(a, "4."), NULL);
    arena_free(a);
}

TEST(fields_of_rfc_3464)
{
    struct arena *a = arena_new();
    struct dsn dsn = {0};
    report_dsn_read(
        a,
        "Reporting-MTA: dns; mx\n\n"
        "Action: failed\nFinal-Recipient: rfc822; A@example.org\nStatus: 5.0.0 (nothing)\n"
        "Diagnostic-Code: smtp; 550 5.1.1\n  no such\n\tuser\n\n"
        "Original-Recipient: rfc822;b@example.org\nFinal-Recipient: LOCAL;<b>\nAction: delayed\n\n"
        "Final-Recipient: rfc822; c@example.org\nAction: relayed\n"
        "Final-Recipient: rfc822; d@example.org\nAction: expired",
        &dsn);
    CHECK_INT(dsn.recipients.n, 4);
    CHECK_STR(dsn.recipients.at[0].recipient, "a@example.org");
    CHECK_STR(dsn.recipients.at[0].status, "5.1.1");
    CHECK_STR(dsn.recipients.at[0].diagnostic, "550 5.1.1 no such user");
    CHECK_INT(dsn.recipients.at[0].action, DSN_FAILED);
    CHECK_STR(dsn.recipients.at[1].recipient, "b@example.org");
    CHECK_INT(dsn.recipients.at[1].action, DSN_DELAYED);
    CHECK_INT(dsn.recipients.at[2].action, DSN_ARRIVED);
    CHECK_STR(dsn.recipients.at[3].recipient, "d@example.org");
    CHECK_INT(dsn.recipients.at[3].action, DSN_FAILED);
    arena_free(a);
}

/* The server's answer → is the address dead? */
static const struct {
    const char *status, *words;
    bool dead;
} answers[] = {
    {"5.1.1", "550 5.1.1 User unknown", true},
    {"5.1.1", "552 mailbox full", false},
    {NULL, "550 5.1.1 <a@example.org>: Recipient address rejected: User unknown in virtual mailbox table",
     true},
    {"5.4.1", "550 5.4.1 Recipient address rejected: Access denied", true},
    {"5.7.1", "554 5.7.1 Access denied", false},
    {"5.7.1", "554 5.7.1 <a@example.org>: Relay access denied", false},
    {"5.1.8", "553 5.1.8 Domain of sender address does not exist", false},
    {"5.4.4", "Host or domain name not found. Name service error for name=example.org type=A: Host not found",
     true},
    {"4.4.3", "Host or domain name not found. Name service error: Host not found, try again", false},
    {"5.1.2", "Unrouteable address", true},
    {"5.1.6", "recipient no longer on server", true},
    {"5.1.10", "Recipient address has null MX", true},
    {"5.2.1", "The email account that you tried to reach is disabled", false},
    {"4.1.1", "450 4.1.1 user unknown, tried for five days", false},
    {NULL, "Der Benutzer existiert nicht", true},
    {NULL, "Das Postfach ist voll", false},
    {NULL, "Konto wurde gesperrt", false},
    {NULL, "utilisateur inconnu", true},
    {"5.0.0", "550 User unknown (in reply to end of DATA command)", false},
    {"5.0.0", "550 User unknown (in reply to RCPT TO command)", true},
    {"5.3.4", "552 Message size exceeds fixed limit", false},
    {"5.0.0", NULL, false},
    {"5.1.1", NULL, true},
};

TEST(dead_addresses)
{
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct report_evidence e = {.status = answers[i].status, .words = answers[i].words};
        CHECK_ROW(report_address_is_dead(a, patterns, &e) == answers[i].dead, "%s %s: wanted %s",
                  answers[i].status ? answers[i].status : "-", answers[i].words ? answers[i].words : "-",
                  answers[i].dead ? "dead" : "alive");
    }
    arena_free(a);
}

static bool read_mail(struct arena *a, const char *bytes, size_t len, struct delivery_report *report)
{
    struct letter letter;
    struct error err;
    *report = (struct delivery_report){0};
    return letter_read(a, bytes, len, true, &letter, &err) &&
           delivery_report_read(a, patterns, &letter, report);
}

TEST(notice_of_arrival_is_no_failure)
{
    struct arena *a = arena_new();
    struct delivery_report report;
    const char *mail = "From: mailer-daemon@example.org\nTo: stadtlabor@iserlohn.de\nSubject: Delivered\n"
                       "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                       "--b\n\nYour message was delivered to a@example.org\n--b\n"
                       "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
                       "Final-Recipient: rfc822; a@example.org\nAction: delivered\nStatus: 2.0.0\n\n--b--\n";
    CHECK(!read_mail(a, mail, strlen(mail), &report));
    arena_free(a);
}

TEST(nobody_named)
{
    struct arena *a = arena_new();
    struct delivery_report report;
    const char *mail =
        "From: mailer-daemon@example.org\nTo: stadtlabor@iserlohn.de\nSubject: failure\n\nSorry.\n";
    CHECK(!read_mail(a, mail, strlen(mail), &report));
    CHECK_INT(report.failed.n, 0);
    arena_free(a);
}

/* Many addresses, long lines, endless fields: bounded, and no step limit is passed for ever. */
TEST(hostile_reports)
{
    static const char *const pieces[] = {
        "<a@example.org>: ",
        "@",
        "a@b.c ",
        "\nFinal-Recipient: rfc822; x@example.org\n",
        "550 ",
        "unknown user ",
        "RCPT TO:",
        "\n\n",
        "=\"",
        "Received:",
    };
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct arena *a = arena_new();
        struct text mail = text_new(a, MAIL_MAX);
        text_add(&mail, "From: mailer-daemon@example.org\nSubject: failure\n\n");
        while (mail.len < 300 * 1000) {
            text_add(&mail, pieces[i]);
        }
        struct delivery_report report;
        bool found = read_mail(a, mail.s, mail.len, &report);
        CHECK_ROW(found == (report.failed.n > 0) && report.failed.n <= DSN_RECIPIENTS_MAX, "%s: %zu",
                  pieces[i], report.failed.n);
        arena_free(a);
    }
}

/* ---- whole reports ---- */

static bool intent_agrees(const struct delivery_report *report, json_t *intent)
{
    const char *recipient = json_string_value(json_object_get(intent, "recipient"));
    bool hard = str_equal(json_string_value(json_object_get(intent, "severity")), "hard");
    for (size_t i = 0; i < report->failed.n; i++) {
        const struct failed_recipient *f = &report->failed.at[i];
        if (str_equal_nocase(f->recipient, recipient) && f->hard == hard) {
            return true;
        }
    }
    return false;
}

static bool agrees(const struct delivery_report *report, json_t *label)
{
    json_t *intents = json_object_get(label, "intents"), *intent;
    size_t i;
    bool same = json_array_size(intents) == report->failed.n;
    json_array_foreach(intents, i, intent)
    {
        same = same && intent_agrees(report, intent);
    }
    json_t *id = json_object_get(label, "returned_message_id");
    bool delayed = report->failed.n > 0 && report->failed.at[0].delayed;
    return same && (id == NULL || str_equal(report->returned_message_id, json_string_value(id))) &&
           (json_object_get(label, "delayed") == NULL || delayed) &&
           report->complaint == (json_object_get(label, "complaint") != NULL);
}

/* Counts the reports of a folder that are read as labelled; names the others when told to. */
static bool read_folder(const char *folder, bool tell, int *ret_good, int *ret_all)
{
    struct arena *a = arena_new();
    struct error err;
    char *labels;
    size_t len;
    *ret_good = *ret_all = 0;
    if (!file_read(a, arena_printf(a, "%s/labels.jsonl", folder), MAIL_MAX, &labels, &len, &err)) {
        arena_free(a);
        return false;
    }
    for (char *line = strtok(labels, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        struct arena *one = arena_new();
        json_t *label = json_loads(line, 0, NULL);
        const char *name = json_string_value(json_object_get(label, "file"));
        char *mail = NULL;
        struct delivery_report report = {0};
        bool there = file_read(one, arena_printf(one, "%s/%s", folder, name), MAIL_MAX, &mail, &len, &err);
        bool good = there && read_mail(one, mail, len, &report) && agrees(&report, label);
        if (!good && tell) {
            const struct failed_recipient *f = report.failed.n > 0 ? &report.failed.at[0] : NULL;
            printf("# %s: %zu, %s %s %s\n", name, report.failed.n, f ? f->recipient : "-",
                   f && f->hard ? "hard" : "",
                   report.returned_message_id ? report.returned_message_id : "no id");
        }
        *ret_good += good;
        ++*ret_all;
        json_decref(label);
        arena_free(one);
    }
    arena_free(a);
    return true;
}

TEST(own_reports)
{
    int good, all;
    CHECK(read_folder("tests/corpus/reports", true, &good, &all));
    CHECK(all >= 130);
    CHECK_INT(good, all);
}

TEST(reports_of_others)
{
    const char *shared = getenv("CORPUS_SHARED");
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/bounces", shared != NULL ? shared : "../shared/corpus");
    int good, all;
    if (!read_folder(folder, false, &good, &all)) {
        printf("# %s is not there: left out\n", folder);
        return;
    }
    CHECK_ROW(good * 100 >= all * BOUNCES_AT_LEAST, "%d of %d", good, all);
}

int main(void)
{
    patterns = shipped_patterns();
    RUN(addresses);
    RUN(status_codes);
    RUN(fields_of_rfc_3464);
    RUN(dead_addresses);
    RUN(notice_of_arrival_is_no_failure);
    RUN(nobody_named);
    RUN(hostile_reports);
    RUN(own_reports);
    RUN(reports_of_others);
    patterns_free(patterns);
    return check_done();
}
