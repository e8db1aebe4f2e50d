#include "daemon/desk/apply_newsletter.h"

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/desk/answer.h"
#include "daemon/desk/authentication.h"
#include "daemon/post/smtp.h"
#include "daemon/store/consent_store.h"
#include "daemon/store/ledger_store.h"
#include "daemon/store/subscriber_store.h"

#include <string.h>

struct step {
    const struct desk *desk;
    struct arena *arena;
    const struct handled *h;
    const char *actor, *address;
    int64_t now;
};

/* The header fields as they came, up to the blank line. */
static const char *head_of(struct arena *arena, const char *bytes, size_t len)
{
    size_t end = 0, most = len < CONSENT_HEAD_MAX ? len : CONSENT_HEAD_MAX;
    while (end < most && bytes[end] != '\0') {
        const char *line_end = memchr(bytes + end, '\n', most - end);
        size_t next = line_end == NULL ? most : (size_t)(line_end - bytes) + 1;
        if (bytes[end] == '\n' || bytes[end] == '\r') {
            break;
        }
        end = next;
    }
    char *copy = arena_strndup(arena, bytes, end);
    for (char *c = copy; *c != '\0'; c++) { /* header fields are ASCII; what is not stays out of a TEXT */
        *c = (unsigned char)*c >= 0x80 ? '?' : *c;
    }
    return copy;
}

static const char *words_of(const struct step *s)
{
    struct text words = text_new(s->arena, CONSENT_WORDS_MAX);
    const char *own = own_words_shown(&s->h->reading->own);
    size_t len = utf8_cut(own, CONSENT_WORDS_MAX / 2);
    text_printf(&words, "%s\n\n", s->h->letter->subject);
    text_addn(&words, own, len);
    return words.s;
}

/* With the mail that caused it. */
static bool note_mail(const struct step *s, const char *kind, struct error *err)
{
    const struct handled *h = s->h;
    struct consent_step step = {
        .kind = kind,
        .at = s->now,
        .actor = s->actor,
        .sender = h->known->sender,
        .message_id = h->letter->message_id,
        .authentication = authentication_of(s->arena, h->letter, s->desk->config->authserv_id),
        .words = words_of(s),
        .head = h->bytes == NULL ? "" : head_of(s->arena, h->bytes, h->len),
    };
    return consent_add(s->desk->store, s->address, &step, err);
}

static bool note(const struct step *s, const char *kind, const char *words, struct error *err)
{
    struct consent_step step = {.kind = kind, .at = s->now, .actor = s->actor, .words = words};
    return consent_add(s->desk->store, s->address, &step, err);
}

static bool audit(const struct step *s, const char *action, struct error *err)
{
    struct subscriber_row row;
    return subscriber_get(s->desk->store, s->arena, s->address, &row, err) &&
           store_audit(s->desk->store, s->now, s->actor, action, s->h->row->id,
                       arena_printf(s->arena, "subscriber %lld", (long long)row.id), err);
}

static bool ask(const struct step *s, const struct effect *effect, struct error *err)
{
    struct store *store = s->desk->store;
    struct subscriber_wish wish = {.address = s->address,
                                   .language = s->h->decision->language,
                                   .mail_id = s->h->row->id,
                                   .by_other = effect->by_other};
    int64_t id;
    return subscriber_ask(store, s->now, &wish, &id, err) &&
           (!effect->by_other || suppression_put(store, s->now, s->address, "asked", err)) &&
           note_mail(s, "request", err) && audit(s, "newsletter_asked", err);
}

static bool leave(const struct step *s, const struct effect *effect, struct error *err)
{
    struct store *store = s->desk->store;
    bool complaint = effect->kind == EFFECT_COMPLAINT;
    return subscriber_leave(store, s->now, s->address, err) &&
           suppression_put(store, s->now, s->address, complaint ? "complaint" : "left", err) &&
           (complaint ? note(s, "complaint", effect->words, err) : note_mail(s, "left", err)) &&
           audit(s, complaint ? "newsletter_complaint" : "newsletter_left", err);
}

static bool returned(const struct step *s, const struct effect *effect, struct error *err)
{
    struct store *store = s->desk->store;
    const char *words = smtp_words_without_addresses(s->arena, effect->words);
    if (effect->copy_id != 0 && !ledger_bounced(store, s->now, effect->copy_id, words, err)) {
        return false;
    }
    if (effect->reason[0] == '\0') {
        return true;
    }
    return subscriber_suspend(store, s->now, effect->id, effect->reason, words, err) &&
           note(s, "suspended", words, err) && audit(s, "newsletter_suspended", err);
}

bool apply_newsletter(const struct desk *desk, struct arena *arena, const struct handled *handled,
                      const struct effect *effect, struct error *err)
{
    struct step s = {.desk = desk,
                     .arena = arena,
                     .h = handled,
                     .actor = handled->actor != NULL ? handled->actor : "stadtlabord",
                     .address = effect->address,
                     .now = handled->known->now};
    struct store *store = desk->store;
    int64_t mail_id = handled->row->id;
    switch (effect->kind) {
    case EFFECT_ASK_NEWSLETTER:
        return ask(&s, effect, err);
    case EFFECT_SUBSCRIBE:
    case EFFECT_SUBSCRIBE_AGAIN:
        return subscriber_confirm(store, s.now, s.address, mail_id, err) &&
               suppression_remove(store, s.address, err) &&
               note_mail(&s, effect->kind == EFFECT_SUBSCRIBE ? "confirmation" : "back", err) &&
               audit(&s, "newsletter_confirmed", err);
    case EFFECT_UNSUBSCRIBE:
    case EFFECT_COMPLAINT:
        return leave(&s, effect, err);
    case EFFECT_RETURNED:
        return returned(&s, effect, err);
    case EFFECT_RESUME:
        return subscriber_resume(store, s.now, s.address, err) && note_mail(&s, "resumed", err) &&
               audit(&s, "newsletter_resumed", err);
    default:
        return fail(err, "effect %d is not the newsletter's", effect->kind);
    }
}

bool apply_question(const struct desk *desk, struct arena *arena, const struct dispatch *dispatch,
                    struct error *err)
{
    const struct letter_plan *plan = dispatch->plan;
    struct rendered question;
    if (!plan->opens_case || plan->asks.kind != CASE_NEWSLETTER) {
        return true;
    }
    const char *message_id = answer_message_id(desk, arena, dispatch->seed, err);
    if (message_id == NULL || !answer_text(desk, arena, dispatch, &question, err)) {
        return false;
    }
    struct consent_step step = {
        .kind = "question",
        .at = dispatch->now,
        .actor = dispatch->actor,
        .message_id = message_id,
        .words = arena_printf(arena, "%s\n\n%s", question.subject, question.text),
    };
    return consent_add(desk->store, plan->asks.address, &step, err);
}
