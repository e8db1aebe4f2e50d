#include "parsers/mail/mime_decode.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/mail/plain_text.h"

#include <gmime/gmime.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

struct mime_decoder mime_decoder_new(struct arena *arena)
{
    static const char *const charsets[] = {"utf-8", "windows-1252", NULL};
    letter_init();
    GMimeParserOptions *options = g_mime_parser_options_new();
    g_mime_parser_options_set_fallback_charsets(options, (const char **)(uintptr_t)charsets);
    return (struct mime_decoder){.arena = arena, .options = options};
}

void mime_decoder_free(struct mime_decoder *decoder)
{
    g_mime_parser_options_free(decoder->options);
    decoder->options = NULL;
}

/* ---- header values ---- */

/* The value unfolded, as UTF-8, still with its encoded words. */
static char *value_raw(struct mime_decoder *decoder, const struct mime_field *field)
{
    size_t len = field->value_len < LETTER_HEADER_MAX ? field->value_len : LETTER_HEADER_MAX;
    bool bad = false, nul = false;
    char *value = plain_text_decode(decoder->arena, field->value, len, NULL, &bad, &nul);
    decoder->defects |= (bad ? LETTER_BAD_CHARSET : 0) | (nul ? LETTER_NUL_BYTES : 0);
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
static const char *decode_run(struct mime_decoder *decoder, struct encoded_word word, char **ret)
{
    struct text bytes = text_new(decoder->arena, LETTER_HEADER_MAX);
    struct encoded_word first = word;
    const char *behind;
    do {
        add_decoded(&bytes, &word);
        behind = word.end;
    } while (encoded_word(behind + strspn(behind, " \t"), &word) && word.charset_len == first.charset_len &&
             strncasecmp(word.charset, first.charset, first.charset_len) == 0);
    bool bad = false, nul = false;
    char *charset = arena_strndup(decoder->arena, first.charset, first.charset_len);
    *ret = without_lines(decoder->arena,
                         plain_text_decode(decoder->arena, bytes.s, bytes.len, charset, &bad, &nul));
    return behind;
}

/* Every run of encoded words as `recoded`: one base64 word of UTF-8, as the grammar of addresses
 * needs it; or else as its text. */
static char *decode_words_as(struct mime_decoder *decoder, const char *raw, bool recoded)
{
    struct text out = text_new(decoder->arena, (size_t)LETTER_HEADER_MAX * 4);
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
        raw = decode_run(decoder, word, &words);
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

static char *decode_words(struct mime_decoder *decoder, const char *raw)
{
    return one_line(decoder->arena, strstr(raw, "=?") == NULL ? raw : decode_words_as(decoder, raw, false));
}

char *mime_value(struct mime_decoder *decoder, const struct mime_field *field)
{
    return decode_words(decoder, value_raw(decoder, field));
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
static void take_addresses(struct mime_decoder *decoder, InternetAddressList *list,
                           struct mail_address *first, int *count, int depth)
{
    int n = list == NULL ? 0 : internet_address_list_length(list);
    for (int i = 0; i < n; i++) {
        InternetAddress *one = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_GROUP(one)) {
            if (depth < 2) {
                take_addresses(decoder, INTERNET_ADDRESS_GROUP(one)->members, first, count, depth + 1);
            }
            continue;
        }
        const char *address =
            address_usable(decoder->arena, internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)));
        if (address == NULL) {
            continue;
        }
        if ((*count)++ == 0) {
            const char *name = internet_address_get_name(one);
            name =
                name == NULL ? "" : one_line(decoder->arena, utf8_repair(decoder->arena, name, strlen(name)));
            *first = (struct mail_address){.address = address, .name = *name == '\0' ? NULL : name};
        }
    }
}

/* What no grammar covers: the first word with an @ in it, and the words before as the name. */
static bool address_in_words(struct mime_decoder *decoder, const char *value, struct mail_address *ret)
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
    const char *address = address_usable(decoder->arena, arena_strndup(decoder->arena, begin, len));
    if (address == NULL) {
        return false;
    }
    char *name = one_line(decoder->arena, arena_strndup(decoder->arena, value, (size_t)(begin - value)));
    name[strcspn(name, "<\"")] = '\0';
    name = str_trim(decoder->arena, name);
    *ret = (struct mail_address){.address = address, .name = *name == '\0' ? NULL : name};
    return true;
}

int mime_addresses(struct mime_decoder *decoder, const struct mime_entity *mail, const char *header,
                   struct mail_address *ret)
{
    int count = 0;
    for (size_t i = 0; i < mail->fields.n; i++) {
        const struct mime_field *field = &mail->fields.at[i];
        if (field->name_len != strlen(header) || strncasecmp(field->name, header, field->name_len) != 0) {
            continue;
        }
        const char *raw = value_raw(decoder, field);
        InternetAddressList *list =
            internet_address_list_parse(decoder->options, decode_words_as(decoder, raw, true));
        int before = count;
        take_addresses(decoder, list, ret, &count, 0);
        if (list != NULL) {
            g_object_unref(list);
        }
        struct mail_address found;
        if (count == before && address_in_words(decoder, decode_words(decoder, raw), &found)) {
            *ret = count++ == 0 ? found : *ret;
        }
        if (count > LETTER_REFERENCES_MAX) {
            break;
        }
    }
    return count;
}

int64_t mime_date(const char *value)
{
    GDateTime *date = value == NULL ? NULL : g_mime_utils_header_decode_date(value);
    int64_t seconds = date == NULL ? 0 : g_date_time_to_unix(date);
    if (date != NULL) {
        g_date_time_unref(date);
    }
    return seconds > INT64_C(631152000) && seconds < INT64_C(4102444800) ? seconds : 0;
}

/* ---- parts ---- */

static const GMimeContentEncoding encodings[] = {
    [PART_PLAIN] = GMIME_CONTENT_ENCODING_DEFAULT,
    [PART_BASE64] = GMIME_CONTENT_ENCODING_BASE64,
    [PART_QUOTED_PRINTABLE] = GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE,
    [PART_UUENCODE] = GMIME_CONTENT_ENCODING_UUENCODE,
};

static void read_type(struct mime_decoder *decoder, const struct mime_entity *part, struct part_kind *kind)
{
    const struct mime_field *field = mime_find(part, "Content-Type");
    if (field == NULL || memchr(field->value, '/', field->value_len) == NULL) {
        return; /* RFC 2045 5.2: what cannot be read is text/plain */
    }
    GMimeContentType *type = g_mime_content_type_parse(decoder->options, value_raw(decoder, field));
    if (type == NULL) {
        return;
    }
    const char *major = g_mime_content_type_get_media_type(type);
    const char *minor = g_mime_content_type_get_media_subtype(type);
    if (major != NULL && minor != NULL) {
        kind->type = utf8_lower_copy(decoder->arena, arena_printf(decoder->arena, "%s/%s", major, minor));
    }
    kind->charset = arena_strdup(decoder->arena, g_mime_content_type_get_parameter(type, "charset"));
    kind->boundary = arena_strdup(decoder->arena, g_mime_content_type_get_parameter(type, "boundary"));
    kind->file_name = arena_strdup(decoder->arena, g_mime_content_type_get_parameter(type, "name"));
    kind->report_type = arena_strdup(decoder->arena, g_mime_content_type_get_parameter(type, "report-type"));
    const char *format = g_mime_content_type_get_parameter(type, "format");
    const char *delsp = g_mime_content_type_get_parameter(type, "delsp");
    kind->flowed = format != NULL && strcasecmp(format, "flowed") == 0;
    kind->delsp = delsp != NULL && strcasecmp(delsp, "yes") == 0;
    g_object_unref(type);
}

struct part_kind mime_kind(struct mime_decoder *decoder, const struct mime_entity *part, bool in_digest)
{
    struct part_kind kind = {.type = in_digest ? "message/rfc822" : "text/plain"};
    read_type(decoder, part, &kind);
    const struct mime_field *field = mime_find(part, "Content-Disposition");
    if (field != NULL) {
        GMimeContentDisposition *said =
            g_mime_content_disposition_parse(decoder->options, value_raw(decoder, field));
        const char *name = g_mime_content_disposition_get_parameter(said, "filename");
        kind.attached = g_mime_content_disposition_is_attachment(said);
        kind.file_name = name != NULL ? arena_strdup(decoder->arena, name) : kind.file_name;
        g_object_unref(said);
    }
    field = mime_find(part, "Content-Transfer-Encoding");
    if (field != NULL) {
        const char *said = one_line(decoder->arena, value_raw(decoder, field));
        GMimeContentEncoding encoding = g_mime_content_encoding_from_string(said);
        for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
            kind.encoding = encodings[i] == encoding ? i : kind.encoding;
        }
    }
    if (kind.file_name != NULL) {
        kind.file_name =
            decode_words(decoder, utf8_repair(decoder->arena, kind.file_name, strlen(kind.file_name)));
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

const char *mime_body(struct mime_decoder *decoder, const struct mime_entity *part,
                      const struct part_kind *kind, size_t most, size_t *ret_len)
{
    size_t len = part->body_len < most ? part->body_len : most;
    decoder->defects |= len < part->body_len ? LETTER_TEXT_CUT : 0;
    if (kind->encoding == PART_PLAIN || (kind->encoding == PART_BASE64 && !is_base64(part->body, len))) {
        *ret_len = len;
        return part->body;
    }
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state, encodings[kind->encoding]);
    char *out = arena_alloc(decoder->arena, g_mime_encoding_outlen(&state, len) + 1);
    *ret_len = g_mime_encoding_flush(&state, part->body, len, out);
    return out;
}
