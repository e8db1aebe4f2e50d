#include "daemon/newsletter/issue_mail.h"

#include "base/text.h"
#include "daemon/newsletter/copy.h"
#include "daemon/newsletter/issue_picture.h"
#include "daemon/post/compose.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>

enum { QP_LINE = 75, BASE64_LINE = 57 /* bytes: 76 characters */ };

#define BOUNDARY_ALTERNATIVE "=_alternative"
#define BOUNDARY_RELATED "=_related"

/* ---- text as quoted-printable (RFC 2045 6.7) ---- */

/* The hole that stands at `s`; 0: none. */
static char hole_at(const char *s, bool html)
{
    if (strncmp(s, HOLE_SUBSCRIBER, strlen(HOLE_SUBSCRIBER)) == 0) {
        return COPY_SUBSCRIBER;
    }
    if (strncmp(s, HOLE_ADDRESS, strlen(HOLE_ADDRESS)) == 0) {
        return html ? COPY_ADDRESS_HTML : COPY_ADDRESS;
    }
    return 0;
}

/* A blank at the end of a line would be lost on the way; a dot at its beginning, and "From ", have been
 * meddled with by relays. */
static bool is_plain(const char *s, int column)
{
    unsigned char c = (unsigned char)*s;
    if (c == ' ' || c == '\t') {
        return s[1] != '\n' && s[1] != '\0';
    }
    if (column == 0 && (c == '.' || strncmp(s, "From ", 5) == 0)) {
        return false;
    }
    return c > ' ' && c < 0x7f && c != '=';
}

static void soft_break(struct text *out, int *column)
{
    text_add(out, "=\r\n");
    *column = 0;
}

/* Each hole gets a line of its own, so that what is filled in keeps lines short whatever its length. */
static void add_quoted(struct text *out, const char *s, bool html)
{
    int column = 0;
    while (*s != '\0') {
        char hole = hole_at(s, html);
        if (*s == '\n') {
            text_add(out, "\r\n");
            column = 0;
            s++;
            continue;
        }
        int width = hole != 0 ? QP_LINE + 1 : is_plain(s, column) ? 1 : 3;
        if (column > 0 && column + width > QP_LINE) {
            soft_break(out, &column);
        }
        if (hole != 0) {
            text_printf(out, "%c%c", COPY_HOLE, hole);
            soft_break(out, &column);
            s += strlen(HOLE_SUBSCRIBER);
        } else if (is_plain(s, column)) {
            text_addc(out, *s++);
            column++;
        } else {
            text_printf(out, "=%02X", (unsigned char)*s++);
            column += 3;
        }
    }
    if (column > 0) {
        text_add(out, "\r\n");
    }
}

static void add_text_part(struct text *out, const char *subtype, const char *words)
{
    text_printf(out,
                "Content-Type: text/%s; charset=utf-8\r\n"
                "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
                subtype);
    add_quoted(out, words, subtype[0] == 'h');
}

/* ---- pictures ---- */

const char *issue_picture_id(struct arena *arena, size_t i)
{
    return arena_printf(arena, "picture%zu@newsletter", i + 1);
}

static void add_picture(struct text *out, struct arena *arena, const struct issue_picture *picture, size_t i)
{
    text_printf(out,
                "Content-Type: %s\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <%s>\r\n"
                "Content-Disposition: inline\r\n\r\n",
                issue_picture_type(picture), issue_picture_id(arena, i));
    for (size_t at = 0; at < picture->len; at += BASE64_LINE) {
        char line[sodium_base64_ENCODED_LEN(BASE64_LINE, sodium_base64_VARIANT_ORIGINAL)];
        size_t n = picture->len - at < BASE64_LINE ? picture->len - at : BASE64_LINE;
        sodium_bin2base64(line, sizeof line, (const unsigned char *)picture->bytes + at, n,
                          sodium_base64_VARIANT_ORIGINAL);
        text_printf(out, "%s\r\n", line);
    }
}

/* ---- the whole ---- */

static void add_html(struct text *out, struct arena *arena, const struct issue_words *words)
{
    if (words->pictures.picture.n == 0) {
        add_text_part(out, "html", words->html);
        return;
    }
    text_add(out, "Content-Type: multipart/related; type=\"text/html\";\r\n boundary=\"" BOUNDARY_RELATED
                  "\"\r\n\r\n--" BOUNDARY_RELATED "\r\n");
    add_text_part(out, "html", words->html);
    for (size_t i = 0; i < words->pictures.picture.n; i++) {
        text_add(out, "--" BOUNDARY_RELATED "\r\n");
        add_picture(out, arena, &words->pictures.picture.at[i], i);
    }
    text_add(out, "--" BOUNDARY_RELATED "--\r\n");
}

static void add_body(struct text *out, struct arena *arena, const struct issue_words *words)
{
    if (words->html[0] == '\0') {
        add_text_part(out, "plain", words->text);
        return;
    }
    text_add(out, "Content-Type: multipart/alternative;\r\n boundary=\"" BOUNDARY_ALTERNATIVE
                  "\"\r\n\r\n--" BOUNDARY_ALTERNATIVE "\r\n");
    add_text_part(out, "plain", words->text);
    text_add(out, "--" BOUNDARY_ALTERNATIVE "\r\n");
    add_html(out, arena, words);
    text_add(out, "--" BOUNDARY_ALTERNATIVE "--\r\n");
}

/* "local+HOLE@domain" */
static const char *plus_address(struct arena *arena, const char *address, const char *token)
{
    const char *at = strchr(address, '@');
    return arena_printf(arena, "%.*s+%s%s", (int)(at - address), address, token, at);
}

static const char *unsubscribe_link(struct arena *arena, const struct config *config, const char *token)
{
    const char *lab = config->lab_address;
    return config->newsletter_plus
               ? arena_printf(arena, "mailto:%s?subject=Abmeldung", plus_address(arena, lab, token))
               : arena_printf(arena, "mailto:%s?subject=Abmeldung%%20%s", lab, token);
}

const char *issue_unsubscribe_link(struct arena *arena, const struct config *config)
{
    return unsubscribe_link(arena, config, HOLE_SUBSCRIBER);
}

const char *issue_envelope_from(struct arena *arena, const struct config *config, const char *copy_token)
{
    return config->newsletter_plus ? plus_address(arena, config->lab_address, copy_token)
                                   : config->lab_address;
}

static void add_headers(struct text *out, struct arena *arena, const struct config *config,
                        const struct issue_words *words)
{
    const char *lab = config->lab_address, *at = strchr(lab, '@');
    const char hole[] = {COPY_HOLE, COPY_SUBSCRIBER, '\0'};
    text_printf(out, "From: %s <%s>\r\n", compose_phrase(arena, config->lab_name), lab);
    text_printf(out, "To: %c%c\r\n", COPY_HOLE, COPY_TO);
    text_printf(out, "Subject: %s\r\n", compose_unstructured(arena, words->subject));
    text_printf(out, "Date: %c%c\r\n", COPY_HOLE, COPY_DATE);
    text_printf(out, "Message-ID: <%c%c%s>\r\n", COPY_HOLE, COPY_ITSELF, at);
    text_printf(out, "List-Id: <newsletter.%.*s.%s>\r\n", (int)(at - lab), lab, at + 1);
    text_printf(out, "List-Unsubscribe: <%s>", unsubscribe_link(arena, config, hole));
    if (config->newsletter_url[0] != '\0') {
        text_printf(out, ",\r\n <%s%s>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click",
                    config->newsletter_url, hole);
    }
    text_add(out, "\r\nPrecedence: bulk\r\nAuto-Submitted: auto-generated\r\n"
                  "X-Auto-Response-Suppress: OOF, AutoReply\r\n"
                  "Content-Language: de\r\nMIME-Version: 1.0\r\n");
}

bool issue_mail(struct arena *arena, const struct config *config, const struct issue_words *words,
                const char **ret_bytes, size_t *ret_len, struct error *err)
{
    struct text out = text_new(arena, ISSUE_MAX_BYTES);
    add_headers(&out, arena, config, words);
    add_body(&out, arena, words);
    if (out.overflow) {
        return fail(err, "die Ausgabe ist größer als %d MB; bitte kleinere Bilder nehmen",
                    ISSUE_MAX_BYTES / 1024 / 1024);
    }
    *ret_bytes = out.s;
    *ret_len = out.len;
    return true;
}
