#include "daemon/post/compose.h"

#include "base/date.h"
#include "base/text.h"
#include "base/utf8.h"
#include "parsers/mail/letter.h"

#include <gmime/gmime.h>
#include <sodium.h>
#include <string.h>

enum {
    NAME_MAX_BYTES = 200,
    SUBJECT_MAX_BYTES = 900,
    LINE_MAX_BYTES = 998,
    HASH_BYTES = 16,
    LETTER_MAX = 4 * COMPOSE_TEXT_MAX + 1024 * 1024
};

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
    if (subject > SUBJECT_MAX_BYTES || !utf8_valid(mail->subject, subject) ||
        str_has_control(mail->subject)) {
        return fail(err, "the subject is longer than %d bytes, or not one line of UTF-8", SUBJECT_MAX_BYTES);
    }
    if (text > COMPOSE_TEXT_MAX || !utf8_valid(mail->text, text)) {
        return fail(err, "the text is longer than %d bytes, or not UTF-8", COMPOSE_TEXT_MAX);
    }
    return true;
}

/* "<a>", "<b>", each on a line of its own: the first and the newest, as RFC 5322 allows to leave out those
 * between. */
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
    struct text list = text_new(arena, (size_t)(COMPOSE_REFERENCES_MAX + 1) * (COMPOSE_ID_MAX + 4));
    for (size_t i = 0; i < good.id.n; i++) {
        if (i == 0 || i + COMPOSE_REFERENCES_MAX > good.id.n) {
            text_printf(&list, "%s<%s>", i == 0 ? "" : "\n ", good.id.at[i]);
        }
    }
    return list.s;
}

/* The mail is written with LF; its words from outside are folded where blanks allow. */
static void add_header(struct text *out, const char *name, const char *value)
{
    char *folded =
        g_mime_utils_unstructured_header_fold(NULL, NULL, arena_printf(out->arena, "%s: %s", name, value));
    text_add(out, folded);
    g_free(folded);
}

static void add_mailbox(struct text *out, const char *header, const char *name, const char *address)
{
    size_t len = name == NULL ? 0 : strlen(name);
    bool usable = len > 0 && len <= NAME_MAX_BYTES && utf8_valid(name, len) && !str_has_control(name);
    InternetAddress *mailbox = internet_address_mailbox_new(usable ? name : NULL, address);
    char *encoded = internet_address_to_string(mailbox, NULL, TRUE);
    add_header(out, header, encoded);
    g_free(encoded);
    g_object_unref(mailbox);
}

static void add_headers(struct text *out, const struct outgoing *mail)
{
    char *subject = g_mime_utils_header_encode_text(NULL, mail->subject, "utf-8");
    add_header(out, "Date", compose_date(out->arena, mail->date));
    add_mailbox(out, "From", mail->from_name, mail->from_address);
    add_header(out, "Subject", subject);
    add_mailbox(out, "To", mail->to_name, mail->to_address);
    text_printf(out, "Message-Id: <%s>\n", mail->message_id);
    if (is_message_id(mail->in_reply_to)) {
        text_printf(out, "In-Reply-To: <%s>\n", mail->in_reply_to);
    }
    const char *references = reference_list(out->arena, mail);
    if (references[0] != '\0') {
        text_printf(out, "References: %s\n", references);
    }
    if (mail->auto_submitted != AUTO_NONE) {
        text_printf(out, "Auto-Submitted: %s\n",
                    mail->auto_submitted == AUTO_REPLIED ? "auto-replied" : "auto-generated");
        /* Outlook and Exchange: no out-of-office, no receipts in answer (MS-OXCMAIL). */
        text_add(out, "X-Auto-Response-Suppress: All\n");
    }
    text_add(out, "MIME-Version: 1.0\n");
    g_free(subject);
}

static void add_encoded(struct text *out, GMimeContentEncoding how, const char *words)
{
    GMimeEncoding encoding;
    g_mime_encoding_init_encode(&encoding, how);
    size_t len = strlen(words);
    char *encoded = arena_alloc(out->arena, g_mime_encoding_outlen(&encoding, len));
    text_addn(out, encoded, g_mime_encoding_flush(&encoding, words, len, encoded));
}

static void add_text(struct text *out, const struct outgoing *mail)
{
    text_add(out, "Content-Type: text/plain; charset=utf-8\n"
                  "Content-Transfer-Encoding: quoted-printable\n");
    if (mail->language != NULL) {
        text_printf(out, "Content-Language: %s\n", mail->language);
    }
    size_t len = strlen(mail->text);
    bool ends = len > 0 && mail->text[len - 1] == '\n';
    text_addc(out, '\n');
    add_encoded(out, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE,
                ends ? mail->text : arena_printf(out->arena, "%s\n", mail->text));
}

/* Base64: its lines end in CRLF of their own, which quoted-printable readers are known to lose. */
static void add_calendar(struct text *out, const struct outgoing_calendar *calendar, const char *language)
{
    bool english = language != NULL && strcmp(language, "en") == 0;
    bool off = strcmp(calendar->method, "CANCEL") == 0;
    const char *name = off       ? (english ? "Cancellation.ics" : "Absage.ics")
                       : english ? "Appointment.ics"
                                 : "Termin.ics";
    text_printf(out,
                "Content-Type: text/calendar; charset=utf-8; method=%s; name=%s\n"
                "Content-Disposition: attachment; filename=%s\n"
                "Content-Transfer-Encoding: base64\n\n",
                calendar->method, name, name);
    add_encoded(out, GMIME_CONTENT_ENCODING_BASE64, calendar->text);
}

/* A boundary made of the Message-ID: the same letter has the same bytes. "=_" cannot occur in
 * quoted-printable or base64 (RFC 2045 6.7). */
static void add_body(struct text *out, const struct outgoing *mail)
{
    if (mail->calendars.n == 0) {
        add_text(out, mail);
        return;
    }
    size_t hash = strcspn(mail->message_id, "@");
    const char *boundary = arena_printf(out->arena, "=_%.*s", (int)(hash > 40 ? 40 : hash), mail->message_id);
    text_printf(out, "Content-Type: multipart/mixed; boundary=\"%s\"\n\n--%s\n", boundary, boundary);
    add_text(out, mail);
    for (size_t i = 0; i < mail->calendars.n; i++) {
        text_printf(out, "\n--%s\n", boundary);
        add_calendar(out, &mail->calendars.at[i], mail->language);
    }
    text_printf(out, "\n--%s--\n", boundary);
}

static struct text with_crlf(const struct text *lines)
{
    struct text out = text_new(lines->arena, 2 * lines->cap);
    for (const char *at = lines->s, *end; (end = strchr(at, '\n')) != NULL; at = end + 1) {
        text_addn(&out, at, (size_t)(end - at));
        text_addn(&out, "\r\n", 2);
    }
    return out;
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
    struct text lines = text_new(arena, LETTER_MAX);
    add_headers(&lines, mail);
    add_body(&lines, mail);
    struct text out = with_crlf(&lines);
    if (lines.overflow || !is_clean(out.s, out.len)) {
        return fail(err, "the letter cannot be written as a mail: a line is too long or a byte not ASCII");
    }
    *ret_bytes = out.s;
    *ret_len = out.len;
    return true;
}

char *compose_date(struct arena *arena, int64_t unix_seconds)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct date day;
    int hour, minute;
    berlin_from_unix(unix_seconds, &day, &hour, &minute);
    int second = (int)((unix_seconds % 60 + 60) % 60);
    int64_t local = date_days(day) * 86400 + (int64_t)hour * 3600 + (int64_t)minute * 60;
    int offset = (int)((local - (unix_seconds - second)) / 3600);
    return arena_printf(arena, "%s, %d %s %d %02d:%02d:%02d +%02d00", days[date_weekday(day) - 1], day.day,
                        months[day.month - 1], day.year, hour, minute, second, offset);
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
