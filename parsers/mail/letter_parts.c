#include "parsers/mail/letter_parts.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/mail/html_text.h"
#include "parsers/mail/plain_text.h"
#include "parsers/mail/text_columns.h"

#include <string.h>

/* A mail while its parts are read. */
struct parts_reader {
    struct arena *arena;
    struct mime_decoder *decoder;
    struct letter *letter;
    struct text text;
    size_t leaves; /* parts seen */
};

/* A text part as UTF-8. */
static char *decode_text(struct parts_reader *r, const struct mime_entity *part, const struct part_kind *kind)
{
    size_t len;
    const char *bytes = mime_body(r->decoder, part, kind, 2 * (size_t)LETTER_TEXT_MAX, &len);
    if (len > LETTER_TEXT_MAX) {
        len = LETTER_TEXT_MAX;
        r->letter->defects |= LETTER_TEXT_CUT;
    }
    bool bad = false, nul = false;
    char *text = plain_text_decode(r->arena, bytes, len, kind->charset, &bad, &nul);
    r->letter->defects |= (bad ? LETTER_BAD_CHARSET : 0) | (nul ? LETTER_NUL_BYTES : 0);
    return text;
}

static const char *readable(struct parts_reader *r, const struct mime_entity *part,
                            const struct part_kind *kind)
{
    char *text = decode_text(r, part, kind);
    if (str_equal(kind->type, "text/html")) {
        return text_columns(r->arena, html_text(r->arena, text, strlen(text), LETTER_TEXT_MAX));
    }
    text = plain_text_tidy(r->arena, text);
    return text_columns(r->arena, kind->flowed ? plain_text_unflow(r->arena, text, kind->delsp) : text);
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\n")] == '\0';
}

/* Adds what is not blank, parted by an empty line. What passes the cap is cut at a character. */
static void add_text(struct parts_reader *r, const char *text)
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
        len = utf8_cut(text, left);
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

static void add_attachment(struct parts_reader *r, const struct mime_entity *part,
                           const struct part_kind *kind)
{
    struct attachment *attachment = LIST_ADD(r->arena, &r->letter->attachments);
    attachment->file_name = kind->file_name == NULL ? "" : kind->file_name;
    attachment->type = kind->type;
    attachment->size =
        kind->encoding == PART_BASE64 ? base64_size(part->body, part->body_len) : part->body_len;
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
static void read_leaf(struct parts_reader *r, const struct mime_entity *part, const struct part_kind *kind,
                      bool wanted)
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

static void read_part(struct parts_reader *r, const struct mime_entity *part, const struct part_kind *kind,
                      int depth, bool wanted);

typedef LIST(struct child {
    struct mime_entity part;
    struct part_kind kind;
}) children;

static children children_of(struct parts_reader *r, struct mime_parts *parts, bool in_digest)
{
    children list = {0};
    const char *bytes;
    size_t len;
    while (mime_parts_next(parts, &bytes, &len)) {
        if (++r->leaves > LETTER_PARTS_MAX) {
            r->letter->defects |= LETTER_TOO_DEEP;
            break;
        }
        struct child *child = LIST_ADD(r->arena, &list);
        mime_split(r->arena, bytes, len, &child->part);
        child->kind = mime_kind(r->decoder, &child->part, in_digest);
    }
    return list;
}

/* multipart/alternative: the plain part if it says something, else the first other that does. */
static void read_alternative(struct parts_reader *r, const children *list, int depth, bool wanted)
{
    bool done[LETTER_PARTS_MAX] = {false};
    size_t before = r->text.len;
    const char *poor = NULL; /* a plain part that only asks for HTML */
    for (int plain = 1; plain >= 0; plain--) {
        for (size_t i = 0; i < list->n; i++) {
            const struct child *child = &list->at[i];
            bool is_plain = str_equal(child->kind.type, "text/plain") && !child->kind.attached;
            if (done[i] || is_plain != plain) {
                continue;
            }
            done[i] = true;
            if (is_plain && wanted && r->text.len == before) {
                const char *text = readable(r, &child->part, &child->kind);
                if (asks_for_html(r->arena, text)) {
                    poor = poor == NULL ? text : poor;
                } else {
                    add_text(r, text);
                }
            } else if (!is_plain) {
                read_part(r, &child->part, &child->kind, depth, wanted && r->text.len == before);
            }
        }
    }
    if (poor != NULL && r->text.len == before) {
        add_text(r, poor);
    }
}

/* multipart/related: the first part is the page, the others are its pictures. */
static void read_children(struct parts_reader *r, const children *list, bool related, int depth, bool wanted)
{
    size_t before = r->text.len;
    for (size_t i = 0; i < list->n; i++) {
        read_part(r, &list->at[i].part, &list->at[i].kind, depth,
                  wanted && !(related && r->text.len > before));
    }
}

static void read_part(struct parts_reader *r, const struct mime_entity *part, const struct part_kind *kind,
                      int depth, bool wanted)
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
    children list = children_of(r, &parts, str_equal(kind->type, "multipart/digest"));
    if (str_equal(kind->type, "multipart/alternative")) {
        read_alternative(r, &list, depth + 1, wanted);
    } else {
        read_children(r, &list, str_equal(kind->type, "multipart/related"), depth + 1, wanted);
    }
}

const char *letter_parts(struct mime_decoder *decoder, const struct mime_entity *mail,
                         const struct part_kind *kind, struct letter *letter)
{
    struct parts_reader r = {.arena = decoder->arena,
                             .decoder = decoder,
                             .letter = letter,
                             .text = text_new(decoder->arena, LETTER_TEXT_MAX)};
    read_part(&r, mail, kind, 0, true);
    return r.text.s;
}
