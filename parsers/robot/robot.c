#include "parsers/robot/robot.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

/* A robot taken for a person gets an answer; a person taken for a robot is lost. So nothing decides
 * but what a machine says of itself in its header, or several weaker signs together (the weights of
 * robot.patterns), and a concern that only a person has counts against those. */

enum {
    REPORT_LEAST = 4,      /* weights that make a report */
    AUTO_LEAST = 3,        /* an automatic answer */
    AUTO_LEAST_TEXT = 4,   /* the same, where the subject says nothing */
    BULK_LEAST = 3,        /* a list or advertising */
    SIGNS_MAX = 6 * 1024,  /* bytes of text looked at: robots come to the point */
    LONG_LINE = 50,        /* bytes; a longer line was wrapped by a program */
    FORM_LABELS_LEAST = 3, /* "Name: …" lines that make a form */
};

struct signs {
    struct arena *arena;
    const struct patterns *patterns;
    const struct letter *letter;
    const char *text;   /* the writer's own words, wrapped lines joined */
    const char *whole;  /* the same with signature and footer, where nothing is quoted */
    const char *sender; /* "name <address>" */
    struct robot *robot;
};

/* ---- small things ---- */

static bool header_is(const struct letter *letter, const char *name)
{
    const char *value = letter_header(letter, name);
    return value != NULL && *value != '\0' && strcasecmp(value, "no") != 0 && strcasecmp(value, "false") != 0;
}

static bool precedence_is(const struct signs *s, const char *word)
{
    const char *precedence = s->letter->marks.precedence;
    return precedence != NULL && str_starts_nocase(precedence, word);
}

static bool robot_is(struct signs *s, enum robot_kind kind, const char *why, const char *pattern)
{
    *s->robot = (struct robot){.kind = kind, .why = why, .pattern = pattern};
    return true;
}

/* At most SIGNS_MAX bytes, a line that a mail program broke joined to its rest. */
static const char *unwrapped(struct arena *arena, const char *text)
{
    size_t len = utf8_cut(text, SIGNS_MAX), line = 0;
    char *copy = arena_strndup(arena, text, len);
    for (size_t i = 0; i < len; i++, line++) {
        if (copy[i] == '\n') {
            bool more = copy[i + 1] != '\n' && copy[i + 1] != '\0';
            copy[i] = line >= LONG_LINE && more ? ' ' : '\n';
            line = copy[i] == '\n' ? (size_t)-1 : line;
        }
    }
    return copy;
}

static const char *sender_line(struct arena *arena, const struct letter *letter)
{
    const char *header = letter_header(letter, "From");
    if (letter->from.address == NULL) {
        return header == NULL ? "" : header;
    }
    return arena_printf(arena, "%s <%s>", letter->from.name == NULL ? "" : letter->from.name,
                        letter->from.address);
}

/* Sum of the weights of the group's patterns that occur, each once; the heaviest one's name. */
static int weigh(const struct signs *s, const char *group, const char *text, const char **ret_pattern)
{
    struct founds founds;
    patterns_find_all(s->patterns, s->arena, group, text, strlen(text), &founds);
    int sum = 0, most = 0;
    for (size_t i = 0; i < founds.n; i++) {
        bool again = false;
        for (size_t j = 0; j < i && !again; j++) {
            again = founds.at[j].pattern == founds.at[i].pattern;
        }
        if (again) {
            continue;
        }
        sum += founds.at[i].weight;
        if (founds.at[i].weight > most) {
            most = founds.at[i].weight;
            *ret_pattern = founds.at[i].pattern;
        }
    }
    return sum;
}

static int count(const struct signs *s, const char *group, const char *text)
{
    struct founds founds;
    patterns_find_all(s->patterns, s->arena, group, text, strlen(text), &founds);
    return (int)founds.n;
}

/* ---- reports and receipts ---- */

static bool from_mail_system(const struct signs *s)
{
    struct found found;
    return patterns_find(s->patterns, s->arena, "daemon.system", s->sender, strlen(s->sender), 0, &found);
}

/* RFC 3798: a read receipt, asked for or not. Dovecot tells in the same form, but in the mail system's
 * name, that it rejected a letter. */
static bool is_receipt(struct signs *s)
{
    const struct letter_marks *m = &s->letter->marks;
    bool report = m->content_type != NULL && str_starts(m->content_type, "multipart/report");
    bool said = m->report_type != NULL && str_equal_nocase(m->report_type, "disposition-notification");
    if (from_mail_system(s)) {
        return false;
    }
    return (said || (report && letter_report_part(s->letter, "message/disposition-notification") != NULL)) &&
           robot_is(s, ROBOT_AUTO_REPLY, "read receipt (RFC 3798)", NULL);
}

/* RFC 3464 2.3.3: "delivered", "relayed", "expanded" tell of no failure. */
static bool tells_of_arrival(const char *fields)
{
    static const char *const failures[] = {"\nAction: failed", "\nAction: delayed", "\nAction:failed",
                                           "\nAction:delayed"};
    static const char *const arrivals[] = {"\nAction: delivered", "\nAction: relayed", "\nAction: expanded"};
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        if (strcasestr(fields, failures[i]) != NULL) {
            return false;
        }
    }
    for (size_t i = 0; i < sizeof arrivals / sizeof *arrivals; i++) {
        if (strcasestr(fields, arrivals[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static int weigh_report(struct signs *s, bool has_fields, const char **ret_pattern)
{
    const struct letter *letter = s->letter;
    const char *ignored = NULL;
    int sum = has_fields || letter_header(letter, "X-Failed-Recipients") != NULL ? 3 : 0;
    sum += weigh(s, "daemon", s->sender, &ignored);
    sum += letter->marks.null_sender ? 1 : 0;
    sum += letter->marks.return_path != NULL && str_starts_nocase(letter->marks.return_path, "mailer-daemon");
    sum += letter->marks.auto_submitted != NULL && str_starts_nocase(letter->marks.auto_submitted, "auto-");
    sum += letter_report_part(letter, "message/rfc822") != NULL ||
           letter_report_part(letter, "text/rfc822-headers") != NULL;
    sum += weigh(s, "report_subject", letter->subject, ret_pattern);
    return sum + weigh(s, "report_text", unwrapped(s->arena, letter->text), ret_pattern);
}

static bool is_report(struct signs *s)
{
    const struct letter *letter = s->letter;
    const char *type = letter->marks.content_type, *pattern = NULL;
    bool report = type != NULL && str_starts(type, "multipart/report");
    const char *fields = letter_report_part(letter, "message/delivery-status");
    fields = fields != NULL ? fields : letter_report_part(letter, "message/global-delivery-status");
    const char *feedback = letter_report_part(letter, "message/feedback-report");
    if (report && fields != NULL && tells_of_arrival(fields)) {
        return robot_is(s, ROBOT_AUTO_REPLY, "notice of arrival (RFC 3464)", NULL);
    }
    if (report && (fields != NULL || feedback != NULL)) {
        return robot_is(s, ROBOT_REPORT,
                        feedback != NULL ? "complaint (RFC 5965)" : "delivery report (RFC 3464)", NULL);
    }
    const char *ignored = NULL;
    bool daemon = letter->marks.null_sender || weigh(s, "daemon", s->sender, &ignored) > 0;
    bool likely = daemon || report || fields != NULL ||
                  letter_header(letter, "X-Failed-Recipients") != NULL ||
                  letter->marks.auto_submitted != NULL || letter->report_parts.n > 0;
    bool words = likely && weigh_report(s, fields != NULL, &pattern) >= REPORT_LEAST;
    if (words && (pattern != NULL || fields != NULL)) {
        return robot_is(s, ROBOT_REPORT, "words of a delivery report", pattern);
    }
    return letter->marks.null_sender && (from_mail_system(s) || pattern != NULL) &&
           weigh(s, "auto_text", s->text, &ignored) < AUTO_LEAST &&
           robot_is(s, ROBOT_REPORT, "a mail system's words, with an empty return path", pattern);
}

/* ---- what robots say of themselves ---- */

/* A web form's mail is sent by a machine and written by a person, whom Reply-To names. */
static bool is_form(const struct signs *s)
{
    const struct letter *letter = s->letter;
    const char *reply_to = letter->reply_to.address;
    return reply_to != NULL &&
           !str_equal_nocase(reply_to, letter->from.address == NULL ? "" : letter->from.address) &&
           !letter->marks.null_sender && letter->marks.list_id == NULL && !letter->marks.list_unsubscribe &&
           count(s, "form_text", s->text) >= FORM_LABELS_LEAST;
}

/* The headers of answering machines, beyond RFC 3834, as found in practice. */
static const char *automatic_header(const struct signs *s)
{
    static const char *const names[] = {
        "X-Autoreply",      "X-Auto-Reply",      "X-Autorespond",         "X-Autoresponder",
        "X-Auto-Responder", "X-Auto-Reply-From", "X-AutoReply-From",      "X-Mail-Autoreply",
        "X-Autogenerated",  "X-Auto-Generated",  "X-FC-MachineGenerated", "X-Vacation",
        "X-Away-Message",   "X-Cron-Env",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (header_is(s->letter, names[i])) {
            return names[i];
        }
    }
    const char *exchange = letter_header(s->letter, "X-MS-Exchange-Generated-Message-Source");
    if (exchange != NULL && strcasestr(exchange, "Mailbox Rules") != NULL) {
        return "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent";
    }
    const char *class = letter_header(s->letter, "X-POST-MessageClass");
    return class != NULL && strcasestr(class, "Autoresponder") != NULL ? "X-POST-MessageClass: Autoresponder"
                                                                       : NULL;
}

static bool says_automatic(struct signs *s, bool is_list)
{
    const struct letter_marks *m = &s->letter->marks;
    enum robot_kind kind = is_list ? ROBOT_BULK : ROBOT_AUTO_REPLY;
    const char *header = automatic_header(s);
    if (m->auto_submitted != NULL && str_starts_nocase(m->auto_submitted, "auto-") && !is_form(s)) {
        return robot_is(s, kind, arena_printf(s->arena, "Auto-Submitted: %s", m->auto_submitted), NULL);
    }
    if (header != NULL) {
        return robot_is(s, kind, header, NULL);
    }
    if (precedence_is(s, "auto_reply") || precedence_is(s, "auto-reply")) {
        return robot_is(s, kind, "Precedence: auto_reply", NULL);
    }
    return m->null_sender && robot_is(s, kind, "empty return path (RFC 3834 2)", NULL);
}

/* ---- lists and advertising ---- */

static bool has_any(const struct letter *letter, const char *const names[])
{
    for (; *names != NULL; names++) {
        if (letter_header(letter, *names) != NULL) {
            return true;
        }
    }
    return false;
}

/* What a mass mailing's header shows (RFC 2369, RFC 2919, RFC 8058, Precedence, senders' own marks). */
static int weigh_bulk_header(const struct signs *s)
{
    static const char *const campaign[] = {"X-Campaign",
                                           "X-CampaignID",
                                           "X-Campaign-ID",
                                           "X-Mailgun-Sid",
                                           "X-SG-EID",
                                           "X-MC-User",
                                           "X-Mailer-ID",
                                           "X-CSA-Complaints",
                                           "Feedback-ID",
                                           "X-Mailing-ID",
                                           "X-Newsletter",
                                           "X-Job",
                                           "X-MailingID",
                                           "X-rpcampaign",
                                           "X-MJ-Mid",
                                           "X-sib-id",
                                           "X-CleverReach-ID",
                                           "X-Report-Abuse",
                                           NULL};
    const struct letter_marks *m = &s->letter->marks;
    int sum = (m->list_id != NULL ? 2 : 0) + m->list_post + m->list_unsubscribe;
    sum += letter_header(s->letter, "List-Unsubscribe-Post") != NULL;
    sum += precedence_is(s, "bulk") || precedence_is(s, "list") || precedence_is(s, "junk") ? 2 : 0;
    sum += has_any(s->letter, campaign);
    const char *path = m->return_path;
    sum += path != NULL && strstr(path, "bounce") != NULL;
    return sum;
}

static bool is_bulk(struct signs *s, int header)
{
    const struct letter *letter = s->letter;
    const char *pattern = NULL, *ignored = NULL;
    int subject = weigh(s, "bulk_subject", letter->subject, &pattern);
    if (letter->marks.spam_flag || (subject > 0 && str_equal(pattern, "bulk_subject.spam"))) {
        return robot_is(s, ROBOT_BULK, "marked as spam", letter->marks.spam_flag ? NULL : pattern);
    }
    if (header == 0) {
        return false; /* an offer that somebody wrote is for staff to read */
    }
    pattern = NULL;
    int words =
        subject + weigh(s, "bulk_sender", s->sender, &ignored) + weigh(s, "bulk_text", s->whole, &pattern);
    bool list = letter->marks.list_id != NULL || letter->marks.list_post;
    if (!list && weigh(s, "person_text.concern", s->text, &ignored) > 0) {
        words -= 2; /* mail services put List-Unsubscribe under persons' mails, too */
    }
    if (!list && words < 1) {
        return false;
    }
    return header + words >= BULK_LEAST &&
           robot_is(s, ROBOT_BULK, list ? "a mailing list's header" : "header and words of a mass mailing",
                    pattern);
}

/* ---- words alone ---- */

static bool sounds_automatic(struct signs *s)
{
    const char *pattern = NULL, *ignored = NULL, *suppress = s->letter->marks.x_auto_response_suppress;
    int subject = weigh(s, "auto_subject", s->letter->subject, &pattern);
    int sum = subject + weigh(s, "auto_text", s->text, &pattern);
    if (sum == 0) {
        return false;
    }
    sum += precedence_is(s, "bulk") || precedence_is(s, "junk") ? 1 : 0;
    sum += suppress != NULL; /* MS-OXCMAIL: people's programs do not say so */
    sum += weigh(s, "daemon", s->sender, &ignored) > 0;
    /* Under a machine's subject that answers a letter the words are whatever its owner put there, dates
     * and wishes too; a person's answer begins with "Re:" or "AW:". */
    bool answers = s->letter->in_reply_to.id.n > 0 || s->letter->references.id.n > 0;
    if (!answers || weigh(s, "auto_subject.absent", s->letter->subject, &ignored) == 0) {
        sum -= weigh(s, "person_text", s->text, &ignored);
    }
    return sum >= (subject > 0 ? AUTO_LEAST : AUTO_LEAST_TEXT) && !is_form(s) &&
           robot_is(s, ROBOT_AUTO_REPLY, "words of an automatic answer", pattern);
}

/* A reply repeats our own letter, footer and all: none of its signs are the writer's. */
static bool quotes(const struct own_words *own)
{
    for (size_t i = 0; i < own->blocks.n; i++) {
        enum block_kind kind = own->blocks.at[i].kind;
        if (kind == BLOCK_QUOTE || kind == BLOCK_FORWARD) {
            return true;
        }
    }
    return own->is_forward;
}

void robot_recognise(struct arena *arena, const struct patterns *patterns, const struct letter *letter,
                     const struct own_words *own, struct robot *ret)
{
    *ret = (struct robot){.kind = ROBOT_NONE};
    struct signs s = {.arena = arena, .patterns = patterns, .letter = letter, .robot = ret};
    const char *words = own->text == NULL ? "" : own->text;
    s.whole = unwrapped(arena, quotes(own) ? words : letter->text);
    s.text = *words == '\0' ? s.whole : unwrapped(arena, words);
    s.sender = sender_line(arena, letter);
    int bulk = weigh_bulk_header(&s);
    bool list = letter->marks.list_id != NULL || letter->marks.list_post || letter->marks.list_unsubscribe;
    (void)(is_receipt(&s) || is_report(&s) || says_automatic(&s, list) || (list && is_bulk(&s, bulk)) ||
           sounds_automatic(&s) || is_bulk(&s, bulk));
}
