#include "daemon/post/other_ways.h"

#include "base/text.h"
#include "daemon/store/mail_store.h"
#include "daemon/store/outbox_store.h"
#include "daemon/store/registration_store.h"
#include "parsers/mail/letter.h"
#include "parsers/person/contact.h"

enum { MAILS_MOST = 5, WORDS_MAX = 4000 };

/* The text of a mail; "" when it cannot be read. */
static const char *words_of(struct arena *arena, const char *bytes, size_t len)
{
    struct letter letter;
    struct error unread = {""};
    if (len == 0 || !letter_read(arena, bytes, len, true, &letter, &unread)) {
        return "";
    }
    return letter.text;
}

static bool find_contacts(struct store *store, struct arena *arena, const struct outbox_letter *ours,
                          struct contacts *ret, struct error *err)
{
    struct contacts known; /* what stands in our own letter, quoted in an answer, is no way to reach them */
    struct mail_ids mails = {0};
    struct text all = text_new(arena, (size_t)4 << 20);
    contacts_find(arena,
                  arena_printf(arena, "%s\n%s %s", words_of(arena, ours->bytes, ours->len), ours->recipient,
                               ours->envelope_from),
                  NULL, &known);
    if (!mail_of_sender(store, arena, ours->recipient, MAILS_MOST, &mails, err)) {
        return false;
    }
    for (size_t i = 0; i < mails.id.n; i++) {
        char *bytes = NULL;
        size_t len = 0;
        if (!mail_raw(store, arena, mails.id.at[i], &bytes, &len, err)) {
            return false;
        }
        text_printf(&all, "%s\n", words_of(arena, bytes, len));
    }
    contacts_find(arena, all.s, &known, ret);
    return true;
}

static void add_people(struct text *out, const struct registration_rows *rows)
{
    for (size_t i = 0; i < rows->row.n; i++) {
        const struct registration_row *row = &rows->row.at[i];
        text_printf(out, "%s%s %s (%s%s)", i == 0 ? " Es geht um: " : ", ", row->first_name, row->last_name,
                    row->event, str_equal(row->state, "waiting") ? ", Warteliste" : "");
    }
    text_add(out, rows->row.n > 0 ? "." : "");
}

static void add_contacts(struct text *out, const struct contacts *contacts)
{
    const char *between = " In der Mail steht: ";
    for (size_t i = 0; i < contacts->phones.n; i++, between = ", ") {
        text_printf(out, "%sTelefon %s", between, contacts->phones.at[i]);
    }
    for (size_t i = 0; i < contacts->addresses.n; i++, between = ", ") {
        text_printf(out, "%sMailadresse %s", between, contacts->addresses.at[i]);
    }
    bool none = contacts->phones.n == 0 && contacts->addresses.n == 0;
    text_add(out, none ? " Telefonnummer oder andere Adresse stehen nicht in der Mail." : ".");
}

bool other_ways(struct store *store, struct arena *arena, int64_t outbox_id, int64_t now, const char **ret,
                struct error *err)
{
    struct outbox_letter ours = {0};
    struct registration_rows rows = {0};
    struct contacts contacts = {0};
    if (!outbox_letter(store, arena, outbox_id, &ours, err)) {
        return false;
    }
    if (ours.recipient == NULL) { /* erased */
        *ret = "";
        return true;
    }
    if (!registrations_of_address(store, arena, ours.recipient, now, &rows, err) ||
        !find_contacts(store, arena, &ours, &contacts, err)) {
        return false;
    }
    struct text words = text_new(arena, WORDS_MAX);
    add_people(&words, &rows);
    add_contacts(&words, &contacts);
    *ret = words.s;
    return true;
}
