#include "daemon/desk/known_newsletter.h"

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/store/consent_store.h"
#include "daemon/store/newsletter_token.h"
#include "daemon/store/subscriber_store.h"

enum { REPORT_DAYS = 14, DAY = 86400 }; /* a report that names only the recipient comes so soon after */

static bool to_known(struct store *store, struct arena *arena, const struct subscriber_row *row,
                     struct known_subscriber *ret, struct error *err)
{
    const char *reason;
    struct known_subscriber found = {
        .address = row->address,
        .id = row->id,
        .asked_at = row->asked_at,
        .left_at = row->left_at,
        .suspended = row->suspended[0] != '\0',
    };
    found.state = str_equal(row->state, "asked")        ? SUBSCRIBER_ASKED
                  : str_equal(row->state, "subscribed") ? SUBSCRIBER_SUBSCRIBED
                  : row->id != 0                        ? SUBSCRIBER_UNSUBSCRIBED
                                                        : SUBSCRIBER_NONE;
    if (!suppression_get(store, arena, row->address, &reason, &found.suppressed_at, err)) {
        return false;
    }
    found.suppression = str_equal(reason, "asked") ? SUPPRESSION_ASKED
                        : reason[0] != '\0'        ? SUPPRESSION_LEFT
                                                   : SUPPRESSION_NONE;
    *ret = found;
    return true;
}

bool known_add_subscriber(struct store *store, struct arena *arena, const char *address, struct known *known,
                          struct error *err)
{
    struct subscriber_row row;
    struct known_subscriber found;
    address = utf8_lower_copy(arena, address);
    if (!subscriber_get(store, arena, address, &row, err)) {
        return false;
    }
    row.address = address;
    if (!to_known(store, arena, &row, &found, err)) {
        return false;
    }
    *LIST_ADD(arena, &known->subscribers) = found;
    return true;
}

static bool set_reader(struct store *store, struct arena *arena, const struct subscriber_row *row,
                       int64_t copy_id, struct known_reader *ret, struct error *err)
{
    if (row->id == 0) {
        return true;
    }
    ret->copy_id = copy_id;
    return to_known(store, arena, row, &ret->is, err) &&
           subscriber_returns(store, row->id, copy_id, &ret->returns, err);
}

/* --- the ways to find the reader; each leaves `ret` as it is when it finds nobody --- */

static bool by_subscriber_token(struct store *store, struct arena *arena, const char *words,
                                struct known_reader *ret, struct error *err)
{
    int64_t id;
    struct subscriber_row row;
    if (ret->is.id != 0 || words == NULL) {
        return true;
    }
    return newsletter_token_find(store, words, &id, err) &&
           (id == 0 ||
            (subscriber_of_id(store, arena, id, &row, err) && set_reader(store, arena, &row, 0, ret, err)));
}

static bool by_copy_token(struct store *store, struct arena *arena, const char *words,
                          struct known_reader *ret, struct error *err)
{
    int64_t copy;
    struct subscriber_row row;
    if (ret->is.id != 0 || words == NULL) {
        return true;
    }
    return newsletter_copy_token_find(store, words, &copy, err) &&
           (copy == 0 || (subscriber_of_copy(store, arena, copy, &row, err) &&
                          set_reader(store, arena, &row, copy, ret, err)));
}

/* Header fields that hold the address a mail was sent to. */
static bool is_destination(const char *name)
{
    static const char *const names[] = {"To",          "Cc",           "Delivered-To", "X-Original-To",
                                        "Envelope-To", "X-Envelope-To"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal_nocase(name, names[i])) {
            return true;
        }
    }
    return false;
}

typedef bool find_by(struct store *, struct arena *, const char *, struct known_reader *, struct error *);

static bool by_destination(struct store *store, struct arena *arena, const struct letter *letter,
                           find_by *find, struct known_reader *ret, struct error *err)
{
    for (size_t i = 0; i < letter->headers.n; i++) {
        const struct header *header = &letter->headers.at[i];
        if (is_destination(header->name) && !find(store, arena, header->value, ret, err)) {
            return false;
        }
    }
    return true;
}

static bool by_thread(struct store *store, struct arena *arena, const struct message_ids *ids,
                      struct known_reader *ret, struct error *err)
{
    for (size_t i = ids->id.n; i > 0; i--) {
        if (!by_copy_token(store, arena, ids->id.at[i - 1], ret, err)) {
            return false;
        }
    }
    return true;
}

/* The recipient is all that the report says of our mail: the newest that went there is meant. */
static bool by_recipient(struct store *store, struct arena *arena, const struct intent *report,
                         const struct known *known, struct known_reader *ret, struct error *err)
{
    struct subscriber_row row;
    int64_t copy, sent;
    if (ret->is.id != 0 || report->recipient == NULL) {
        return true;
    }
    const char *address = utf8_lower_copy(arena, report->recipient);
    if (!subscriber_get(store, arena, address, &row, err) ||
        !subscriber_last_copy(store, row.id, &copy, &sent, err)) {
        return false;
    }
    bool letter =
        known->returned.id != 0 && (report->returned_message_id != NULL || known->returned.at > sent);
    if (letter || known->now - sent > (int64_t)REPORT_DAYS * DAY) {
        copy = 0;
    }
    return set_reader(store, arena, &row, copy, ret, err);
}

static bool by_report(struct store *store, struct arena *arena, const struct letter *letter,
                      const struct intent *report, const struct known *known, struct known_reader *ret,
                      struct error *err)
{
    if (!by_destination(store, arena, letter, by_copy_token, ret, err) ||
        !by_copy_token(store, arena, report->returned_message_id, ret, err)) {
        return false;
    }
    for (size_t i = 0; i < letter->report_parts.n; i++) {
        const char *text = letter->report_parts.at[i].text;
        if (!by_copy_token(store, arena, text, ret, err) ||
            !by_subscriber_token(store, arena, text, ret, err)) {
            return false;
        }
    }
    return by_recipient(store, arena, report, known, ret, err);
}

bool known_only_newsletter(struct store *store, const struct letter *letter, const struct known *known,
                           bool *ret, struct error *err)
{
    const struct message_ids *thread =
        letter->in_reply_to.id.n > 0 ? &letter->in_reply_to : &letter->references;
    int64_t copy = 0;
    *ret = false;
    if (known->open.id != 0 || known->newsletter.id != 0) {
        return true;
    }
    if (thread->id.n == 0) {
        return subscriber_only(store, known->sender, known->now, ret, err);
    }
    if (!newsletter_copy_token_find(store, thread->id.at[thread->id.n - 1], &copy, err)) {
        return false;
    }
    *ret = copy != 0;
    return true;
}

bool known_reader(struct store *store, struct arena *arena, const struct letter *letter,
                  const struct reading *reading, struct known *known, struct error *err)
{
    struct known_reader reader = {0};
    for (size_t i = 0; i < reading->intents.n; i++) {
        if (reading->intents.at[i].kind == INTENT_BOUNCE) {
            return by_report(store, arena, letter, &reading->intents.at[i], known, &known->reader, err);
        }
    }
    if (!by_destination(store, arena, letter, by_subscriber_token, &reader, err) ||
        !by_subscriber_token(store, arena, letter->subject, &reader, err)) {
        return false;
    }
    reader.by_token = reader.is.id != 0;
    if (!by_thread(store, arena, &letter->in_reply_to, &reader, err) ||
        !by_thread(store, arena, &letter->references, &reader, err)) {
        return false;
    }
    known->reader = reader;
    return true;
}
