#include "parsers/letter.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/html_text.h"
#include "parsers/mime.h"
#include "parsers/plain_text.h"

#include <gmime/gmime.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A mail while it is read. */
struct reading_of_letter {
    struct arena *arena;
    GMimeParserOptions *options;
    struct letter *letter;
    struct text text;
    size_t leaves; /* parts seen */
};

/* What Content-Type, Content-Disposition and Content-Transfer-Encoding say of a part. */
struct part_kind {
    const char *type; /* "text/plain", lower case */
    const char *charset, *boundary, *file_name, *report_type;
    bool flowed, delsp, attached;
    GMimeContentEncoding encoding;
};

static void gmime_end(void)
{
    g_mime_shutdown();
}

static void gmime_begin(void)
{
    g_mime_init();
    atexit(gmime_end);
}

void letter_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, gmime_begin);
}

static GMimeParserOptions *new_options(void)
{
    static const char *const charsets[] = {"utf-8", "windows-1252", NULL};
    GMimeParserOptions *options = g_mime_parser_options_new();
    g_mime_parser_options_set_fallback_charsets(options, (const char **)(uintptr_t)charsets);
    return options;
}

/* ---- header values ---- */

/* The value unfolded, as UTF-8, still with its encoded words. */
static char *value_raw(struct reading_of_letter *r, const struct mime_field *field)
{
    size_t len = field->value_len < LETTER_HEADER_MAX ? field->value_len : LETTER_HEADER_MAX;
    bool bad = false, nul = false;
    char *value = plain_text_decode(r->arena, field->value, len, NULL, &bad, &nul);
    r->letter->defects |= (bad ? LETTER_BAD_CHARSET : 0) | (nul ? LETTER_NUL_BYTES : 0);
    for (char *s = value; *s != '\0'; s++) {
        *s = *s == '\r' || *s == '\n' ? ' ' : *s;
    }
    return value;
}

/* Line ends become blanks; control characters are gone. */
static char *without_lines(struct arena *arena, const char *s)
{
    char *line = plain_text_tidy(arena, s);
    for (char *at = line; *at != '\0'; at++) {
        *at = *at == '\n' || *at == '\t' ? ' ' : *at;
    }
    return line;
}

/* One line without control characters, each run of blanks one blank, none at the ends. */
static char *one_line(struct arena *arena, const char *s)
{
    char *line = without_lines(arena, s), *to = line;
    for (const char *from = line; *from != '\0'; from++) {
        if (*from != ' ' || (to > line && to[-1] != ' ')) {
            *to++ = *from;
        }
    }
    to -= to > line && to[-1] == ' ';
    *to = '\0';
    return line;
}

/* An encoded word (RFC 2047 2): =?charset*language?b|q?words?= */
struct encoded_word {
    const char *charset, *words, *end;
    size_t charset_len, words_len;
    GMimeContentEncoding encoding;
};

static bool encoded_word(const char *s, struct encoded_word *ret)
{
    if (s[0] != '=' || s[1] != '?') {
        return false;
    }
    const char *charset = s + 2, *after = charset + strcspn(charset, "? ");
    char how = *after == '?' ? (char)g_ascii_tolower(after[1]) : '\0';
    if (after == charset || (how != 'b' && how != 'q') || after[2] != '?') {
        return false;
    }
    const char *words = after + 3, *end = strstr(words, "?=");
    if (end == NULL) {
        return false;
    }
    *ret = (struct encoded_word){.charset = charset,
                                 .charset_len = strcspn(charset, "?*"),
                                 .words = words,
                                 .words_len = (size_t)(end - words),
                                 .end = end + 2,
                                 .encoding = how == 'b' ? GMIME_CONTENT_ENCODING_BASE64
                                                        : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE};
    return true;
}

static void add_decoded(struct text *bytes, const struct encoded_word *word)
{
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state, word->encoding);
    char *copy = arena_strndup(bytes->arena, word->words, word->words_len);
    if (word->encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE) {
        for (char *s = copy; *s != '\0'; s++) {
            *s = *s == '_' ? ' ' : *s;
        }
    }
    char *out = arena_alloc(bytes->arena, g_mime_encoding_outlen(&state, word->words_len) + 1);
    text_addn(bytes, out, g_mime_encoding_flush(&state, copy, word->words_len, out));
}

/* Decodes a run of encoded words of one charset, first together and then as text: clients split
 * inside characters. Returns behind it. */
static const char *decode_run(struct reading_of_letter *r, struct encoded_word word, char **ret)
{
    struct text bytes = text_new(r->arena, LETTER_HEADER_MAX);
    struct encoded_word first = word;
    const char *behind;
    do {
        add_decoded(&bytes, &word);
        behind = word.end;
    } while (encoded_word(behind + strspn(behind, " \t"), &word) && word.charset_len == first.charset_len &&
             strncasecmp(word.charset, first.charset, first.charset_len) == 0);
    bool bad = false, nul = false;
    char *charset = arena_strndup(r->arena, first.charset, first.charset_len);
    *ret = without_lines(r->arena, plain_text_decode(r->arena, bytes.s, bytes.len, charset, &bad, &nul));
    return behind;
}

/* Every run of encoded words as `recoded`: one base64 word of UTF-8, as the grammar of addresses
 * needs it; or else as its text. */
static char *decode_words_as(struct reading_of_letter *r, const char *raw, bool recoded)
{
    struct text out = text_new(r->arena, (size_t)LETTER_HEADER_MAX * 4);
    bool after_run = false;
    while (*raw != '\0') {
        struct encoded_word word;
        const char *next = strstr(raw, "=?");
        next = next == NULL ? raw + strlen(raw) : next;
        bool only_blanks = strspn(raw, " \t") >= (size_t)(next - raw);
        if (*next == '\0' || !encoded_word(next, &word)) {
            size_t len = (size_t)(next - raw) + (*next == '\0' ? 0 : 2);
            text_addn(&out, raw, len);
            raw += len;
            after_run = false;
            continue;
        }
        if (!(after_run && only_blanks)) { /* blanks between encoded words are none (RFC 2047 6.2) */
            text_addn(&out, raw, (size_t)(next - raw));
        }
        char *words;
        raw = decode_run(r, word, &words);
        if (recoded) {
            char *base64 = g_base64_encode((const guchar *)words, strlen(words));
            text_printf(&out, "=?utf-8?b?%s?=", base64);
            g_free(base64);
        } else {
            text_add(&out, words);
        }
        after_run = true;
    }
    return out.s;
}

static char *decode_words(struct reading_of_letter *r, const char *raw)
{
    return one_line(r->arena, strstr(raw, "=?") == NULL ? raw : decode_words_as(r, raw, false));
}

const char *letter_header(const struct letter *letter, const char *name)
{
    for (size_t i = 0; i < letter->headers.n; i++) {
        if (strcasecmp(letter->headers.at[i].name, name) == 0) {
            return letter->headers.at[i].value;
        }
    }
    return NULL;
}

/* ---- addresses ---- */

/* "local@Domain" → with the domain in lower case; NULL: nothing one could write to. */
static const char *address_usable(struct arena *arena, const char *address)
{
    const char *at = address == NULL ? NULL : strrchr(address, '@');
    if (at == NULL || at == address || at[1] == '\0' || strlen(address) > 254 ||
        strpbrk(address, " \t\r\n<>,;()") != NULL || !utf8_valid(address, strlen(address))) {
        return NULL;
    }
    for (const char *s = address; *s != '\0'; s++) {
        if ((unsigned char)*s < 0x20 || *s == 0x7f) {
            return NULL;
        }
    }
    char *local = arena_strndup(arena, address, (size_t)(at - address));
    return arena_printf(arena, "%s@%s", local, utf8_lower_copy(arena, at + 1));
}

/* Adds the usable addresses of a list to the count; keeps the first. Groups are flat. */
static void take_addresses(struct reading_of_letter *r, InternetAddressList *list, struct mail_address *first,
                           int *count, int depth)
{
    int n = list == NULL ? 0 : internet_address_list_length(list);
    for (int i = 0; i < n; i++) {
        InternetAddress *one = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_GROUP(one)) {
            if (depth < 2) {
                take_addresses(r, INTERNET_ADDRESS_GROUP(one)->members, first, count, depth + 1);
            }
            continue;
        }
        const char *address =
            address_usable(r->arena, internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)));
        if (address == NULL) {
            continue;
        }
        if ((*count)++ == 0) {
            const char *name = internet_address_get_name(one);
            name = name == NULL ? "" : one_line(r->arena, utf8_repair(r->arena, name, strlen(name)));
            *first = (struct mail_address){.address = address, .name = *name == '\0' ? NULL : name};
        }
    }
}

/* What no grammar covers: the first word with an @ in it, and the words before as the name. */
static bool address_in_words(struct reading_of_letter *r, const char *value, struct mail_address *ret)
{
    const char *at = strchr(value, '@');
    if (at == NULL) {
        return false;
    }
    const char *begin = at;
    while (begin > value && strchr(" \t<>,;()\"'", begin[-1]) == NULL) {
        begin--;
    }
    size_t len = strcspn(begin, " \t<>,;()\"'");
    const char *address = address_usable(r->arena, arena_strndup(r->arena, begin, len));
    if (address == NULL) {
        return false;
    }
    char *name = one_line(r->arena, arena_strndup(r->arena, value, (size_t)(begin - value)));
    name[strcspn(name, "<\"")] = '\0';
    name = str_trim(r->arena, name);
    *ret = (struct mail_address){.address = address, .name = *name == '\0' ? NULL : name};
    return true;
}

/* The first usable address of all headers of that name; returns how many there are. */
static int read_addresses(struct reading_of_letter *r, const struct mime_entity *mail, const char *header,
                          struct mail_address *ret)
{
    int count = 0;
    for (size_t i = 0; i < mail->fields.n; i++) {
        const struct mime_field *field = &mail->fields.at[i];
        if (field->name_len != strlen(header) || strncasecmp(field->name, header, field->name_len) != 0) {
            continue;
        }
        const char *raw = value_raw(r, field);
        InternetAddressList *list = internet_address_list_parse(r->options, decode_words_as(r, raw, true));
        int before = count;
        take_addresses(r, list, ret, &count, 0);
        if (list != NULL) {
            g_object_unref(list);
        }
        struct mail_address found;
        if (count == before && address_in_words(r, decode_words(r, raw), &found)) {
            *ret = count++ == 0 ? found : *ret;
        }
        if (count > LETTER_REFERENCES_MAX) {
            break;
        }
    }
    return count;
}

/* ---- the header as a whole ---- */

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

/* Between 1990 and 2100: anything else is nonsense. */
static int64_t read_date(const char *value)
{
    GDateTime *date = value == NULL ? NULL : g_mime_utils_header_decode_date(value);
    int64_t seconds = date == NULL ? 0 : g_date_time_to_unix(date);
    if (date != NULL) {
        g_date_time_unref(date);
    }
    return seconds > INT64_C(631152000) && seconds < INT64_C(4102444800) ? seconds : 0;
}

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
    const char *mailer = letter_header(letter, "X-Mailer");
    marks->mailer = mailer != NULL ? mailer : letter_header(letter, "User-Agent");
    marks->spam_flag = says_spam(letter);
    const char *path = letter_header(letter, "Return-Path");
    if (path != NULL) {
        path += *path == '<';
        marks->return_path = arena_strndup(arena, path, strcspn(path, "> "));
        marks->null_sender = *marks->return_path == '\0';
    }
}

static void read_header(struct reading_of_letter *r, const struct mime_entity *mail)
{
    struct letter *letter = r->letter;
    for (size_t i = 0; i < mail->fields.n; i++) {
        const struct mime_field *field = &mail->fields.at[i];
        struct header *header = LIST_ADD(r->arena, &letter->headers);
        header->name = arena_strndup(r->arena, field->name, field->name_len);
        header->value = decode_words(r, value_raw(r, field));
    }
    int senders = read_addresses(r, mail, "From", &letter->from);
    letter->defects |= senders == 0 ? LETTER_NO_SENDER : senders > 1 ? LETTER_SEVERAL_SENDERS : 0;
    read_addresses(r, mail, "Reply-To", &letter->reply_to);
    const char *subject = letter_header(letter, "Subject"), *to = letter_header(letter, "To");
    letter->subject = subject == NULL ? "" : subject;
    letter->to = to == NULL ? "" : to;
    letter->message_id = read_message_id(r->arena, letter_header(letter, "Message-ID"));
    read_ids(r->arena, letter_header(letter, "In-Reply-To"), &letter->in_reply_to);
    read_ids(r->arena, letter_header(letter, "References"), &letter->references);
    letter->date = read_date(letter_header(letter, "Date"));
    const char *language = letter_header(letter, "Content-Language");
    letter->language_header = language != NULL ? language : letter_header(letter, "Accept-Language");
    read_marks(r->arena, letter);
}

/* ---- parts ---- */

static void read_type(struct reading_of_letter *r, const struct mime_entity *part, struct part_kind *kind)
{
    const struct mime_field *field = mime_find(part, "Content-Type");
    if (field == NULL || memchr(field->value, '/', field->value_len) == NULL) {
        return; /* RFC 2045 5.2: what cannot be read is text/plain */
    }
    GMimeContentType *type = g_mime_content_type_parse(r->options, value_raw(r, field));
    if (type == NULL) {
        return;
    }
    const char *major = g_mime_content_type_get_media_type(type);
    const char *minor = g_mime_content_type_get_media_subtype(type);
    if (major != NULL && minor != NULL) {
        kind->type = utf8_lower_copy(r->arena, arena_printf(r->arena, "%s/%s", major, minor));
    }
    kind->charset = arena_strdup(r->arena, g_mime_content_type_get_parameter(type, "charset"));
    kind->boundary = arena_strdup(r->arena, g_mime_content_type_get_parameter(type, "boundary"));
    kind->file_name = arena_strdup(r->arena, g_mime_content_type_get_parameter(type, "name"));
    kind->report_type = arena_strdup(r->arena, g_mime_content_type_get_parameter(type, "report-type"));
    const char *format = g_mime_content_type_get_parameter(type, "format");
    const char *delsp = g_mime_content_type_get_parameter(type, "delsp");
    kind->flowed = format != NULL && strcasecmp(format, "flowed") == 0;
    kind->delsp = delsp != NULL && strcasecmp(delsp, "yes") == 0;
    g_object_unref(type);
}

static struct part_kind read_kind(struct reading_of_letter *r, const struct mime_entity *part, bool in_digest)
{
    struct part_kind kind = {.type = in_digest ? "message/rfc822" : "text/plain"};
    read_type(r, part, &kind);
    const struct mime_field *field = mime_find(part, "Content-Disposition");
    if (field != NULL) {
        GMimeContentDisposition *said = g_mime_content_disposition_parse(r->options, value_raw(r, field));
        const char *name = g_mime_content_disposition_get_parameter(said, "filename");
        kind.attached = g_mime_content_disposition_is_attachment(said);
        kind.file_name = name != NULL ? arena_strdup(r->arena, name) : kind.file_name;
        g_object_unref(said);
    }
    field = mime_find(part, "Content-Transfer-Encoding");
    if (field != NULL) {
        kind.encoding = g_mime_content_encoding_from_string(one_line(r->arena, value_raw(r, field)));
    }
    if (kind.file_name != NULL) {
        kind.file_name = decode_words(r, utf8_repair(r->arena, kind.file_name, strlen(kind.file_name)));
    }
    return kind;
}

/* "base64" on a text that is none: its blanks and umlauts show it. */
static bool is_base64(const char *body, size_t len)
{
    size_t odd = 0, seen = len < 2000 ? len : 2000;
    for (size_t i = 0; i < seen; i++) {
        unsigned char c = (unsigned char)body[i];
        odd += !g_ascii_isalnum(c) && c != '+' && c != '/' && c != '=' && c != '\r' && c != '\n';
    }
    return odd * 20 <= seen;
}

/* The body with its transfer encoding taken off, at most `most` encoded bytes of it. */
static const char *decode_body(struct reading_of_letter *r, const struct mime_entity *part,
                               GMimeContentEncoding encoding, size_t most, size_t *ret_len)
{
    size_t len = part->body_len < most ? part->body_len : most;
    r->letter->defects |= len < part->body_len ? LETTER_TEXT_CUT : 0;
    bool plain = encoding != GMIME_CONTENT_ENCODING_BASE64 &&
                 encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE &&
                 encoding != GMIME_CONTENT_ENCODING_UUENCODE;
    if (plain || (encoding == GMIME_CONTENT_ENCODING_BASE64 && !is_base64(part->body, len))) {
        *ret_len = len;
        return part->body;
    }
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state, encoding);
    char *out = arena_alloc(r->arena, g_mime_encoding_outlen(&state, len) + 1);
    *ret_len = g_mime_encoding_flush(&state, part->body, len, out);
    return out;
}

/* A text part as UTF-8 with LF line ends. An encoded byte makes at most one, QP three of one. */
static char *decode_text(struct reading_of_letter *r, const struct mime_entity *part,
                         const struct part_kind *kind)
{
    size_t len;
    const char *bytes = decode_body(r, part, kind->encoding, 2 * (size_t)LETTER_TEXT_MAX, &len);
    if (len > LETTER_TEXT_MAX) {
        len = LETTER_TEXT_MAX;
        r->letter->defects |= LETTER_TEXT_CUT;
    }
    bool bad = false, nul = false;
    char *text = plain_text_decode(r->arena, bytes, len, kind->charset, &bad, &nul);
    r->letter->defects |= (bad ? LETTER_BAD_CHARSET : 0) | (nul ? LETTER_NUL_BYTES : 0);
    return text;
}

static char *readable(struct reading_of_letter *r, const struct mime_entity *part,
                      const struct part_kind *kind)
{
    char *text = decode_text(r, part, kind);
    if (str_equal(kind->type, "text/html")) {
        return html_text(r->arena, text, strlen(text), LETTER_TEXT_MAX);
    }
    text = plain_text_tidy(r->arena, text);
    return kind->flowed ? plain_text_unflow(r->arena, text, kind->delsp) : text;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\n")] == '\0';
}

/* Adds what is not blank, parted by an empty line. What passes the cap is cut at a character. */
static void add_text(struct reading_of_letter *r, const char *text)
{
    if (is_blank(text)) {
        return;
    }
    if (r->text.len > 0) {
        text_add(&r->text, r->text.s[r->text.len - 1] == '\n' ? "\n" : "\n\n");
    }
    size_t len = strlen(text), left = r->text.cap - r->text.len;
    if (len > left) {
        r->letter->defects |= LETTER_TEXT_CUT;
        for (len = left; len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80; len--) {
        }
    }
    text_addn(&r->text, text, len);
}

static size_t base64_size(const char *body, size_t len)
{
    size_t lines = 0;
    while (len > 0 && (body[len - 1] == '\n' || body[len - 1] == '\r' || body[len - 1] == '=')) {
        len--;
    }
    for (const char *s = body, *end = body + len; (s = memchr(s, '\n', (size_t)(end - s))) != NULL; s++) {
        lines += s > body && s[-1] == '\r' ? 2 : 1;
    }
    return (len - lines) * 3 / 4;
}

static void add_attachment(struct reading_of_letter *r, const struct mime_entity *part,
                           const struct part_kind *kind)
{
    struct attachment *attachment = LIST_ADD(r->arena, &r->letter->attachments);
    attachment->file_name = kind->file_name == NULL ? "" : kind->file_name;
    attachment->type = kind->type;
    attachment->size = kind->encoding == GMIME_CONTENT_ENCODING_BASE64
                           ? base64_size(part->body, part->body_len)
                           : part->body_len;
}

static bool is_report_part(const char *type)
{
    static const char *const types[] = {
        "message/delivery-status", "message/global-delivery-status",
        "text/rfc822-headers",     "message/rfc822",
        "message/global",          "message/global-headers",
        "message/feedback-report", "message/disposition-notification",
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (str_equal(type, types[i])) {
            return true;
        }
    }
    return false;
}

static bool is_text(const char *type)
{
    return str_equal(type, "text/plain") || str_equal(type, "text/html") ||
           str_equal(type, "text/enriched") || str_equal(type, "text/richtext") ||
           str_equal(type, "text/markdown") || str_equal(type, "text/text");
}

/* One part that is no multipart. `wanted` false: its text stands elsewhere already. */
static void read_leaf(struct reading_of_letter *r, const struct mime_entity *part,
                      const struct part_kind *kind, bool wanted)
{
    if (is_report_part(kind->type)) {
        char *text = plain_text_tidy(r->arena, decode_text(r, part, kind));
        *LIST_ADD(r->arena, &r->letter->report_parts) =
            (struct report_part){.type = kind->type, .text = text};
        if (str_equal(kind->type, "message/rfc822") || kind->attached) {
            add_attachment(r, part, kind);
        }
    } else if (kind->attached || !is_text(kind->type)) {
        add_attachment(r, part, kind);
    } else if (wanted) {
        const char *text = readable(r, part, kind);
        r->letter->from_html |= str_equal(kind->type, "text/html") && !is_blank(text);
        add_text(r, text);
    }
}

/* A plain part that only says that there is nothing in it: "Ihr Programm zeigt kein HTML an." */
static bool asks_for_html(struct arena *arena, const char *text)
{
    static const char *const hints[] = {"client",  "program", "viewer",  "reader",   "browser",
                                        "darst",   "anzeig",  "ansicht", "support",  "version",
                                        "display", "format",  "enabled", "aktivier", "message"};
    if (strlen(text) > 400 || strcasestr(text, "html") == NULL || strchr(text, '@') != NULL) {
        return false;
    }
    const char *low = utf8_lower_copy(arena, text);
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        if (strstr(low, hints[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static void read_part(struct reading_of_letter *r, const struct mime_entity *part,
                      const struct part_kind *kind, int depth, bool wanted);

typedef LIST(struct mime_entity) entities;

static entities children(struct reading_of_letter *r, struct mime_parts *parts)
{
    entities list = {0};
    const char *bytes;
    size_t len;
    while (mime_parts_next(parts, &bytes, &len)) {
        if (++r->leaves > LETTER_PARTS_MAX) {
            r->letter->defects |= LETTER_TOO_DEEP;
            break;
        }
        mime_split(r->arena, bytes, len, LIST_ADD(r->arena, &list));
    }
    return list;
}

/* multipart/alternative: the plain part if it says something, else the first other that does. */
static void read_alternative(struct reading_of_letter *r, const entities *list, int depth, bool wanted)
{
    bool done[LETTER_PARTS_MAX] = {false};
    size_t before = r->text.len;
    const char *poor = NULL; /* a plain part that only asks for HTML */
    for (int plain = 1; plain >= 0; plain--) {
        for (size_t i = 0; i < list->n; i++) {
            struct part_kind kind = read_kind(r, &list->at[i], false);
            bool is_plain = str_equal(kind.type, "text/plain") && !kind.attached;
            if (done[i] || is_plain != plain) {
                continue;
            }
            done[i] = true;
            if (is_plain && wanted && r->text.len == before) {
                const char *text = readable(r, &list->at[i], &kind);
                if (asks_for_html(r->arena, text)) {
                    poor = poor == NULL ? text : poor;
                } else {
                    add_text(r, text);
                }
            } else if (!is_plain) {
                read_part(r, &list->at[i], &kind, depth, wanted && r->text.len == before);
            }
        }
    }
    if (poor != NULL && r->text.len == before) {
        add_text(r, poor);
    }
}

/* multipart/related: the first part is the page, the others are its pictures. */
static void read_children(struct reading_of_letter *r, const entities *list, const char *type, int depth,
                          bool wanted)
{
    bool related = str_equal(type, "multipart/related"), digest = str_equal(type, "multipart/digest");
    size_t before = r->text.len;
    for (size_t i = 0; i < list->n; i++) {
        struct part_kind kind = read_kind(r, &list->at[i], digest);
        read_part(r, &list->at[i], &kind, depth, wanted && !(related && r->text.len > before));
    }
}

static void read_part(struct reading_of_letter *r, const struct mime_entity *part,
                      const struct part_kind *kind, int depth, bool wanted)
{
    if (!str_starts(kind->type, "multipart/")) {
        read_leaf(r, part, kind, wanted);
        return;
    }
    if (depth == LETTER_DEPTH_MAX) {
        r->letter->defects |= LETTER_TOO_DEEP;
        return;
    }
    struct mime_parts parts;
    if (kind->boundary == NULL || *kind->boundary == '\0' ||
        !mime_parts_begin(r->arena, part->body, part->body_len, kind->boundary, &parts)) {
        struct part_kind whole = {.type = "text/plain"}; /* in doubt keep what stands there */
        read_leaf(r, part, &whole, wanted);
        return;
    }
    entities list = children(r, &parts);
    if (str_equal(kind->type, "multipart/alternative")) {
        read_alternative(r, &list, depth + 1, wanted);
    } else {
        read_children(r, &list, kind->type, depth + 1, wanted);
    }
}

bool letter_read(struct arena *arena, const char *bytes, size_t len, bool complete, struct letter *ret,
                 struct error *err)
{
    if (len == 0) {
        return fail(err, "the mail is empty");
    }
    letter_init();
    struct letter letter = {.defects = complete ? 0 : LETTER_INCOMPLETE};
    struct reading_of_letter r = {.arena = arena,
                                  .options = new_options(),
                                  .letter = &letter,
                                  .text = text_new(arena, LETTER_TEXT_MAX)};
    struct mime_entity mail;
    mime_split(arena, bytes, len, &mail);
    read_header(&r, &mail);
    struct part_kind kind = read_kind(&r, &mail, false);
    letter.marks.content_type = kind.type;
    letter.marks.report_type = kind.report_type == NULL ? NULL : utf8_lower_copy(arena, kind.report_type);
    read_part(&r, &mail, &kind, 0, true);
    letter.text = r.text.s;
    g_mime_parser_options_free(r.options);
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
