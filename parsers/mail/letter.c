#include "parsers/mail/letter.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/mail/letter_parts.h"
#include "parsers/mail/mime.h"
#include "parsers/mail/mime_decode.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

/* ---- the header ---- */

const char *letter_header(const struct letter *letter, const char *name)
{
    for (size_t i = 0; i < letter->headers.n; i++) {
        const char *other = letter->headers.at[i].name;
        if (((*other ^ *name) & ~0x20) == 0 && strcasecmp(other, name) == 0) {
            return letter->headers.at[i].value;
        }
    }
    return NULL;
}

const char *letter_report_part(const struct letter *letter, const char *type)
{
    for (size_t i = 0; i < letter->report_parts.n; i++) {
        if (str_equal(letter->report_parts.at[i].type, type)) {
            return letter->report_parts.at[i].text;
        }
    }
    return NULL;
}

/* The next message id that stands in <>. */
static const char *next_id(struct arena *arena, const char **rest)
{
    while (*rest != NULL && **rest != '\0') {
        const char *open = strchr(*rest, '<');
        if (open == NULL) {
            return NULL;
        }
        size_t len = strcspn(open + 1, "<> \t");
        *rest = open + 1 + len;
        if (len > 0 && **rest == '>') {
            return arena_strndup(arena, open + 1, len);
        }
    }
    return NULL;
}

static void read_ids(struct arena *arena, const char *value, struct message_ids *ret)
{
    const char *id;
    while (ret->id.n < LETTER_REFERENCES_MAX && (id = next_id(arena, &value)) != NULL) {
        *LIST_ADD(arena, &ret->id) = id;
    }
}

/* Without any <> it is taken whole. */
static const char *read_message_id(struct arena *arena, const char *value)
{
    const char *rest = value;
    const char *id = next_id(arena, &rest);
    if (id == NULL && value != NULL) {
        id = arena_strndup(arena, value, strcspn(value, " \t<>"));
    }
    return id == NULL || *id == '\0' ? NULL : id;
}

/* What spam filters on the way wrote into the header. */
static bool says_spam(const struct letter *letter)
{
    static const char *const names[] = {"X-Spam-Flag", "X-Spam-Status", "X-Spam", "X-Spam-Detected"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = letter_header(letter, names[i]);
        if (value != NULL && (str_starts_nocase(value, "yes") || str_starts_nocase(value, "true"))) {
            return true;
        }
    }
    return false;
}

static void read_marks(struct arena *arena, struct letter *letter)
{
    struct letter_marks *marks = &letter->marks;
    marks->auto_submitted = letter_header(letter, "Auto-Submitted");
    marks->precedence = letter_header(letter, "Precedence");
    marks->x_auto_response_suppress = letter_header(letter, "X-Auto-Response-Suppress");
    marks->list_id = letter_header(letter, "List-Id");
    marks->list_unsubscribe = letter_header(letter, "List-Unsubscribe") != NULL;
    marks->list_post = letter_header(letter, "List-Post") != NULL;
    marks->spam_flag = says_spam(letter);
    const char *path = letter_header(letter, "Return-Path");
    if (path != NULL) {
        path += *path == '<';
        marks->return_path = arena_strndup(arena, path, strcspn(path, "> "));
        marks->null_sender = *marks->return_path == '\0';
    }
}

static void read_header(struct mime_decoder *decoder, const struct mime_entity *mail, struct letter *letter)
{
    struct arena *arena = decoder->arena;
    for (size_t i = 0; i < mail->fields.n; i++) {
        const struct mime_field *field = &mail->fields.at[i];
        struct header *header = LIST_ADD(arena, &letter->headers);
        header->name = arena_strndup(arena, field->name, field->name_len);
        header->value = mime_value(decoder, field);
    }
    int senders = mime_addresses(decoder, mail, "From", &letter->from);
    letter->defects |= senders == 0 ? LETTER_NO_SENDER : senders > 1 ? LETTER_SEVERAL_SENDERS : 0;
    mime_addresses(decoder, mail, "Reply-To", &letter->reply_to);
    const char *subject = letter_header(letter, "Subject"), *to = letter_header(letter, "To");
    letter->subject = subject == NULL ? "" : subject;
    letter->to = to == NULL ? "" : to;
    letter->message_id = read_message_id(arena, letter_header(letter, "Message-ID"));
    read_ids(arena, letter_header(letter, "In-Reply-To"), &letter->in_reply_to);
    read_ids(arena, letter_header(letter, "References"), &letter->references);
    letter->date = mime_date(letter_header(letter, "Date"));
    read_marks(arena, letter);
}

/* ---- the whole ---- */

bool letter_read(struct arena *arena, const char *bytes, size_t len, bool complete, struct letter *ret,
                 struct error *err)
{
    if (len == 0) {
        return fail(err, "the mail is empty");
    }
    struct letter letter = {.defects = complete ? 0 : LETTER_INCOMPLETE};
    struct mime_decoder decoder = mime_decoder_new(arena);
    struct mime_entity mail;
    mime_split(arena, bytes, len, &mail);
    read_header(&decoder, &mail, &letter);
    struct part_kind kind = mime_kind(&decoder, &mail, false);
    letter.marks.content_type = kind.type;
    letter.marks.report_type = kind.report_type == NULL ? NULL : utf8_lower_copy(arena, kind.report_type);
    letter.text = letter_parts(&decoder, &mail, &kind, &letter);
    letter.defects |= decoder.defects;
    mime_decoder_free(&decoder);
    *ret = letter;
    return true;
}

/* ---- identity ---- */

static void hash_field(crypto_generichash_state *state, const char *s)
{
    s = s == NULL ? "" : s;
    crypto_generichash_update(state, (const unsigned char *)s, strlen(s) + 1);
}

char *letter_identity(struct arena *arena, const struct letter *letter, const char *bytes, size_t len)
{
    crypto_generichash_state state;
    unsigned char hash[16];
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    hash_field(&state, letter->message_id);
    hash_field(&state, letter->from.address);
    hash_field(&state, arena_printf(arena, "%lld", (long long)letter->date));
    hash_field(&state, letter->subject);
    struct mime_entity mail;
    mime_split(arena, bytes, len, &mail);
    const char *s = mail.body, *end = mail.body + mail.body_len;
    while (end > s && (end[-1] == '\n' || end[-1] == '\r')) {
        end--;
    }
    while (s < end) { /* CRLF and LF are the same mail */
        const char *cr = memchr(s, '\r', (size_t)(end - s));
        cr = cr == NULL ? end : cr;
        crypto_generichash_update(&state, (const unsigned char *)s, (size_t)(cr - s));
        s = cr == end ? end : cr + 1;
    }
    crypto_generichash_final(&state, hash, sizeof hash);
    char *hex = arena_alloc(arena, sizeof hash * 2 + 1);
    sodium_bin2hex(hex, sizeof hash * 2 + 1, hash, sizeof hash);
    return hex;
}
