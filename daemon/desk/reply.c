#include "daemon/desk/reply.h"

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/desk/answer.h"
#include "daemon/desk/people_report.h"
#include "daemon/desk/privacy.h"
#include "daemon/post/compose.h"
#include "daemon/post/template_folder.h"
#include "daemon/store/outbox_store.h"

#include <string.h>

enum { QUOTED_MAX = 64 * 1024 };

bool reply_has_gap(const char *text)
{
    for (const char *gap = text; (gap = strstr(gap, REPLY_GAP)) != NULL; gap++) {
        const char *line = gap;
        while (line > text && line[-1] != '\n') {
            line--;
        }
        if (*line != '>') {
            return true;
        }
    }
    return false;
}

static const char *language_of(const struct proposal *mail)
{
    return str_equal(mail->read.language, "en") ? "en" : "de";
}

static const char *quoted(struct arena *arena, const char *text)
{
    struct text out = text_new(arena, QUOTED_MAX);
    while (*text != '\0') {
        size_t line = strcspn(text, "\n");
        text_add(&out, line > 0 ? "> " : ">");
        text_addn(&out, text, line);
        text_addc(&out, '\n');
        text += line + (text[line] == '\n');
    }
    return out.s;
}

static json_t *draft_data(const struct desk *desk, struct arena *arena, const struct proposal *mail)
{
    const char *language = language_of(mail);
    const struct mail_address *from = &mail->letter.from;
    struct date day;
    int hour, minute;
    berlin_from_unix(mail->letter.date != 0 ? mail->letter.date : mail->mail.received, &day, &hour, &minute);
    json_t *topic = json_pack("{sb}", topic_name(mail->known.topic), true);
    return json_pack("{so ss ss? ss ss so ss}", "topic", topic, "ideas_url", desk->config->ideas_url,
                     "greeting_name", from->name, "when",
                     arena_printf(arena, "%d.%d.%d %02d:%02d", day.day, day.month, day.year, hour, minute),
                     "writer",
                     from->name != NULL      ? from->name
                     : from->address != NULL ? from->address
                                             : "?",
                     "lab", letter_lab(desk->config, language), "quoted", quoted(arena, mail->read.own.text));
}

/* What is kept about the writer, for the answer to a wish of Art. 15: it goes to that mailbox alone. */
static bool kept_about(const struct desk *desk, struct arena *arena, const struct proposal *mail,
                       const char **ret, struct error *err)
{
    json_t *report;
    bool found;
    *ret = "";
    if (mail->letter.from.address == NULL) {
        return true;
    }
    if (!people_choose(desk->store, arena, mail->letter.from.address, &found, err) ||
        !people_report(desk->store, arena, &report, err)) {
        return false;
    }
    *ret = people_report_text(arena, report);
    json_decref(report);
    return true;
}

static bool add_privacy(const struct desk *desk, struct arena *arena, const struct proposal *mail,
                        json_t *data, struct error *err)
{
    const char *kept = "";
    unsigned wishes = privacy_wishes(&mail->read);
    if ((wishes & PRIVACY_ACCESS) && !kept_about(desk, arena, mail, &kept, err)) {
        return false;
    }
    json_object_set_new(data, "erase", json_boolean((wishes & PRIVACY_ERASE) != 0));
    json_object_set_new(data, "access",
                        wishes & PRIVACY_ACCESS ? json_pack("{ss}", "kept", kept) : json_false());
    return true;
}

bool reply_draft(const struct desk *desk, struct arena *arena, const struct proposal *mail, const char **ret,
                 struct error *err)
{
    const struct template *template;
    const char *folder =
        arena_printf(arena, "%s/%s", desk_templates_folder(arena, desk->config), language_of(mail));
    struct template_folder files = {.arena = arena, .folder = folder, .prefix = "_", .suffix = ".txt"};
    struct template_options options = {.escape = TEMPLATE_TEXT};
    char *text;
    size_t len;
    if (!template_folder_find(&files, "reply", &template, err)) {
        return false;
    }
    if (template == NULL) {
        return fail(err, "%s/_reply.txt: there is no such file", folder);
    }
    json_t *data = draft_data(desk, arena, mail);
    bool done = add_privacy(desk, arena, mail, data, err) &&
                template_render(arena, template, data, &options, &text, &len, err);
    json_decref(data);
    if (done) {
        *ret = text;
    }
    return done;
}

const char *reply_recipient(const struct proposal *mail)
{
    const char *reply_to = mail->letter.reply_to.address;
    return reply_to != NULL ? reply_to : mail->letter.from.address;
}

/* Whole characters, without controls. */
const char *reply_subject(struct arena *arena, const struct proposal *mail)
{
    const char *subject = answer_subject(arena, mail->letter.subject);
    struct text line = text_new(arena, LETTER_SUBJECT_MAX);
    for (const char *at = subject != NULL ? subject : "Ihre Mail"; *at != '\0' && !line.overflow;) {
        const char *before = at;
        bool control = utf8_next(&at) < 0x20;
        text_addn(&line, control ? " " : before, control ? 1 : (size_t)(at - before));
    }
    return line.s;
}

static bool write_it(const struct desk *desk, struct arena *arena, const struct proposal *mail,
                     const char *text, struct outbox_row *row, const char **ret_bytes, size_t *ret_len,
                     struct error *err)
{
    bool by_name = mail->letter.reply_to.address == NULL;
    struct outgoing out = {
        .from_address = desk->config->lab_address,
        .from_name = desk->config->lab_name,
        .to_address = row->recipient,
        .to_name = by_name ? mail->letter.from.name : mail->letter.reply_to.name,
        .subject = reply_subject(arena, mail),
        .text = text,
        .language = language_of(mail),
        .message_id = row->message_id,
        .auto_submitted = AUTO_NONE,
        .date = mail->known.now,
    };
    answer_references(arena, &mail->letter, &out);
    return compose(arena, &out, ret_bytes, ret_len, err);
}

bool reply_send(const struct desk *desk, struct arena *arena, const struct queue_row *entry,
                const struct proposal *mail, const char *text, const char *actor, struct error *err)
{
    static const struct queue_end end = {.outcome = "replied", .move = "done"};
    struct store *store = desk->store;
    int64_t now = mail->known.now;
    const char *seed = arena_printf(arena, "reply to entry %lld", (long long)entry->id);
    struct outbox_row row = {.mail_id = mail->mail.id,
                             .kind = "reply",
                             .envelope_from = desk->config->lab_address,
                             .recipient = reply_recipient(mail)};
    const char *bytes;
    size_t len;
    bool changed;
    if (reply_has_gap(text)) {
        return fail(err, "im Text steht noch eine Lücke: %s", REPLY_GAP);
    }
    if (row.recipient == NULL) {
        return fail(err, "die Mail nennt keine Adresse, an die man antworten könnte");
    }
    row.message_id = answer_message_id(desk, arena, seed, err);
    if (row.message_id == NULL || !write_it(desk, arena, mail, text, &row, &bytes, &len, err) ||
        !queue_close(store, now, actor, entry, &end, &changed, err)) {
        return false;
    }
    if (!changed) {
        return fail(err, "Eintrag %lld ist inzwischen erledigt", (long long)entry->id);
    }
    return outbox_put(store, now, &row, bytes, len, err) &&
           mail_set_state(store, row.mail_id, "done", "", err);
}
