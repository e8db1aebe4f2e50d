#include "daemon/post/compose.h"

#include "base/date.h"
#include "base/text.h"
#include "base/utf8.h"
#include "parsers/mail/letter.h"

#include <gmime/gmime.h>
#include <sodium.h>
#include <string.h>

enum { NAME_MAX_BYTES = 200, SUBJECT_MAX_BYTES = 900, LINE_MAX_BYTES = 998, HASH_BYTES = 16 };

/* "local@domain": printable ASCII on the left without what would need quotes; the domain may be
 * written in UTF-8 (GMime makes it A-labels). A local part in UTF-8 would need SMTPUTF8 (RFC 6531). */
static bool is_address(const char *s)
{
    static const char atext[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.";
    size_t local = strspn(s, atext);
    size_t len = strlen(s);
    if (local == 0 || local > 64 || s[local] != '@' || len > 254 || !utf8_valid(s, len)) {
        return false;
    }
    const char *domain = s + local + 1;
    for (const char *c = domain; *c != '\0'; c++) {
        if (!g_ascii_isalnum(*c) && *c != '-' && *c != '.' && ((unsigned char)*c & 0x80) == 0) {
            return false;
        }
    }
    return domain[0] != '\0' && domain[0] != '.' && domain[0] != '-';
}

/* Printable ASCII without blanks and brackets, one "@" inside (RFC 5322 3.6.4, generously). */
static bool is_message_id(const char *s)
{
    size_t len = s == NULL ? 0 : strlen(s);
    for (size_t i = 0; i < len; i++) {
        if (s[i] <= ' ' || s[i] >= 0x7f || strchr("<>()[]\\\",;", s[i]) != NULL) {
            return false;
        }
    }
    const char *at = len == 0 || len > COMPOSE_ID_MAX ? NULL : strchr(s, '@');
    return at != NULL && at != s && at[1] != '\0' && strchr(at + 1, '@') == NULL;
}

static bool has_control(const char *s)
{
    for (; *s != '\0'; s++) {
        if ((unsigned char)*s < 0x20 || *s == 0x7f) {
            return true;
        }
    }
    return false;
}

static bool check(const struct outgoing *mail, struct error *err)
{
    if (!is_address(mail->from_address)) {
        return fail(err, "the sender's address is none that a mail can be sent from");
    }
    if (!is_address(mail->to_address)) {
        return fail(err, "the recipient's address is none that a mail can be sent to");
    }
    if (!is_message_id(mail->message_id)) {
        return fail(err, "the letter's own Message-ID is none");
    }
    size_t subject = strlen(mail->subject), text = strlen(mail->text);
    if (subject > SUBJECT_MAX_BYTES || !utf8_valid(mail->subject, subject) || has_control(mail->subject)) {
        return fail(err, "the subject is longer than %d bytes, or not one line of UTF-8", SUBJECT_MAX_BYTES);
    }
    if (text > COMPOSE_TEXT_MAX || !utf8_valid(mail->text, text)) {
        return fail(err, "the text is longer than %d bytes, or not UTF-8", COMPOSE_TEXT_MAX);
    }
    return true;
}

static void add_mailbox(GMimeMessage *message, GMimeAddressType type, const char *name, const char *address)
{
    size_t len = name == NULL ? 0 : strlen(name);
    bool usable = len > 0 && len <= NAME_MAX_BYTES && utf8_valid(name, len) && !has_control(name);
    g_mime_message_add_mailbox(message, type, usable ? name : NULL, address);
}

/* "<a> <b>": the first and the newest, as RFC 5322 allows to leave out those between. */
static const char *reference_list(struct arena *arena, const struct outgoing *mail)
{
    struct message_ids good = {0};
    for (size_t i = 0; i < mail->references.n; i++) {
        if (is_message_id(mail->references.at[i]) && !str_equal(mail->references.at[i], mail->in_reply_to)) {
            *LIST_ADD(arena, &good.id) = mail->references.at[i];
        }
    }
    if (is_message_id(mail->in_reply_to)) {
        *LIST_ADD(arena, &good.id) = mail->in_reply_to;
    }
    struct text list = text_new(arena, (size_t)(COMPOSE_REFERENCES_MAX + 1) * (COMPOSE_ID_MAX + 3));
    for (size_t i = 0; i < good.id.n; i++) {
        if (i == 0 || i + COMPOSE_REFERENCES_MAX > good.id.n) {
            text_printf(&list, "%s<%s>", i == 0 ? "" : " ", good.id.at[i]);
        }
    }
    return list.s;
}

static void set_header(GMimeObject *object, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0') {
        g_mime_object_set_header(object, name, value, "utf-8");
    }
}

static void set_date(GMimeMessage *message, int64_t unix_seconds)
{
    struct date day;
    int hour, minute;
    berlin_from_unix(unix_seconds, &day, &hour, &minute);
    int64_t local = date_days(day) * 86400 + (int64_t)hour * 3600 + (int64_t)minute * 60;
    int64_t offset = local - (unix_seconds - (unix_seconds % 60 + 60) % 60);
    GTimeZone *zone = g_time_zone_new_offset((gint32)offset);
    GDateTime *utc = g_date_time_new_from_unix_utc(unix_seconds);
    GDateTime *date = g_date_time_to_timezone(utc, zone);
    g_mime_message_set_date(message, date);
    g_date_time_unref(date);
    g_date_time_unref(utc);
    g_time_zone_unref(zone);
}

static void set_headers(struct arena *arena, GMimeMessage *message, const struct outgoing *mail)
{
    GMimeObject *object = GMIME_OBJECT(message);
    add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, mail->from_name, mail->from_address);
    add_mailbox(message, GMIME_ADDRESS_TYPE_TO, mail->to_name, mail->to_address);
    g_mime_message_set_subject(message, mail->subject, "utf-8");
    set_date(message, mail->date);
    g_mime_message_set_message_id(message, mail->message_id);
    if (is_message_id(mail->in_reply_to)) {
        set_header(object, "In-Reply-To", arena_printf(arena, "<%s>", mail->in_reply_to));
    }
    set_header(object, "References", reference_list(arena, mail));
    if (mail->auto_submitted != AUTO_NONE) {
        set_header(object, "Auto-Submitted",
                   mail->auto_submitted == AUTO_REPLIED ? "auto-replied" : "auto-generated");
        /* Outlook and Exchange: no out-of-office, no receipts in answer (MS-OXCMAIL). */
        set_header(object, "X-Auto-Response-Suppress", "All");
    }
}

static GMimeObject *text_part(const struct outgoing *mail)
{
    GMimeTextPart *part = g_mime_text_part_new_with_subtype("plain");
    g_mime_text_part_set_charset(part, "utf-8");
    g_mime_text_part_set_text(part, mail->text);
    g_mime_part_set_content_encoding(GMIME_PART(part), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    set_header(GMIME_OBJECT(part), "Content-Language", mail->language);
    return GMIME_OBJECT(part);
}

/* Base64: its lines end in CRLF of their own, which quoted-printable readers are known to lose. */
static GMimeObject *calendar_part(const struct outgoing_calendar *calendar)
{
    const char *name = strcmp(calendar->method, "CANCEL") == 0 ? "cancel.ics" : "invite.ics";
    GMimePart *part = g_mime_part_new_with_type("text", "calendar");
    GMimeObject *object = GMIME_OBJECT(part);
    g_mime_object_set_content_type_parameter(object, "charset", "utf-8");
    g_mime_object_set_content_type_parameter(object, "method", calendar->method);
    g_mime_object_set_content_type_parameter(object, "name", name);
    g_mime_object_set_disposition(object, GMIME_DISPOSITION_ATTACHMENT);
    g_mime_part_set_filename(part, name);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(calendar->text, strlen(calendar->text));
    GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
    g_mime_part_set_content(part, content);
    g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
    g_object_unref(content);
    g_object_unref(stream);
    return object;
}

/* A boundary made of the Message-ID: the same letter has the same bytes. "=_" cannot occur in
 * quoted-printable or base64 (RFC 2045 6.7). */
static GMimeObject *body(struct arena *arena, const struct outgoing *mail)
{
    GMimeObject *text = text_part(mail);
    if (mail->calendars.n == 0) {
        return text;
    }
    GMimeMultipart *mixed = g_mime_multipart_new_with_subtype("mixed");
    size_t hash = strcspn(mail->message_id, "@");
    g_mime_multipart_set_boundary(
        mixed, arena_printf(arena, "=_%.*s", (int)(hash > 40 ? 40 : hash), mail->message_id));
    g_mime_multipart_add(mixed, text);
    g_object_unref(text);
    for (size_t i = 0; i < mail->calendars.n; i++) {
        GMimeObject *calendar = calendar_part(&mail->calendars.at[i]);
        g_mime_multipart_add(mixed, calendar);
        g_object_unref(calendar);
    }
    return GMIME_OBJECT(mixed);
}

static GMimeMessage *build(struct arena *arena, const struct outgoing *mail)
{
    GMimeMessage *message = g_mime_message_new(TRUE);
    set_headers(arena, message, mail);
    GMimeObject *content = body(arena, mail);
    g_mime_message_set_mime_part(message, content);
    g_object_unref(content);
    return message;
}

/* The promise of the header, held against the bytes themselves. */
static bool is_clean(const char *bytes, size_t len)
{
    size_t line = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        bool crlf = i + 1 < len && c == '\r' && bytes[i + 1] == '\n';
        if (crlf) {
            line = 0;
            i++;
        } else if (++line > LINE_MAX_BYTES || c == '\0' || c == '\r' || c == '\n' || c >= 0x80) {
            return false;
        }
    }
    return len > 0 && line == 0;
}

bool compose(struct arena *arena, const struct outgoing *mail, const char **ret_bytes, size_t *ret_len,
             struct error *err)
{
    if (!check(mail, err)) {
        return false;
    }
    letter_init();
    GMimeMessage *message = build(arena, mail);
    GMimeStream *stream = g_mime_stream_mem_new();
    GMimeFormatOptions *format = g_mime_format_options_new();
    g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
    g_mime_object_write_to_stream(GMIME_OBJECT(message), format, stream);
    const GByteArray *array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    const char *bytes = arena_strndup(arena, (const char *)array->data, array->len);
    size_t len = array->len;
    g_mime_format_options_free(format);
    g_object_unref(stream);
    g_object_unref(message);
    if (len < 2 || memcmp(bytes + len - 2, "\r\n", 2) != 0) {
        bytes = arena_printf(arena, "%s\r\n", bytes);
        len += 2;
    }
    if (!is_clean(bytes, len)) {
        return fail(err, "the letter cannot be written as a mail: a line is too long or a byte not ASCII");
    }
    *ret_bytes = bytes;
    *ret_len = len;
    return true;
}

char *compose_message_id(struct arena *arena, const char *seed, const char *domain)
{
    unsigned char hash[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)seed, strlen(seed), NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return arena_printf(arena, "%s@%s", hex, domain);
}

/* GMime parts encoded words with blanks: each begins a line of its own. */
static char *folded(struct arena *arena, char *encoded)
{
    struct text line = text_new(arena, (size_t)4 * LINE_MAX_BYTES);
    for (const char *at = encoded; *at != '\0'; at++) {
        text_add(&line, at[0] == ' ' && at[1] == '=' && at[2] == '?' ? "\r\n " : (char[]){*at, '\0'});
    }
    g_free(encoded);
    return line.s;
}

char *compose_unstructured(struct arena *arena, const char *words)
{
    letter_init();
    return folded(arena, g_mime_utils_header_encode_text(NULL, words, "utf-8"));
}

char *compose_phrase(struct arena *arena, const char *name)
{
    letter_init();
    return folded(arena, g_mime_utils_header_encode_phrase(NULL, name, "utf-8"));
}
