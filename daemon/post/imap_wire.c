#include "daemon/post/imap_wire.h"

#include <string.h>
#include <strings.h>

void imap_wire_start(struct imap_wire *wire)
{
    *wire = (struct imap_wire){.literal_most = IMAP_LITERAL_MOST, .news = true};
}

/* "* OK …", "a1 NO …", "+ …": the rest is words for people, in which "{5}" is no literal
 * and a parenthesis nests nothing. */
static bool is_status(const struct imap_wire *wire)
{
    static const char *const states[] = {"OK", "NO", "BAD", "BYE", "PREAUTH"};
    const char *head = wire->head;
    if (head[0] == '+') {
        return true;
    }
    const char *word = strchr(head, ' ');
    if (word == NULL) {
        return false;
    }
    word++;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        size_t len = strlen(states[i]);
        char after = strncasecmp(word, states[i], len) == 0 ? word[len] : 'x';
        if (after == ' ' || after == '\r' || after == '\n' || after == '\0') {
            return true;
        }
    }
    return false;
}

/* The greeting and "+" lines are parsed by libetpan without the context that its parsers
 * of quoted strings and literals need: a response code holding one would crash it. */
static bool is_dangerous(const struct imap_wire *wire)
{
    if (wire->lines > 0 && wire->head[0] != '+') {
        return false;
    }
    return wire->code_quotes || (wire->lines == 0 && !is_status(wire));
}

/* Whether the line's last bytes are "{N}" CRLF; RFC 7888 adds "{N+}" for clients only, but
 * it costs nothing to know it. */
static bool announces_literal(const struct imap_wire *wire, uint64_t *ret_size)
{
    const char *at = wire->tail + wire->tail_len - 1; /* the LF */
    const char *first = wire->tail;
    at -= at > first && at[-1] == '\r' ? 2 : 1;
    if (at < first || *at != '}') {
        return false;
    }
    at -= at > first && at[-1] == '+' ? 1 : 0;
    uint64_t size = 0, place = 1;
    const char *digits_end = at;
    while (at > first && at[-1] >= '0' && at[-1] <= '9') {
        at--;
        size += (uint64_t)(*at - '0') * place;
        place *= 10;
    }
    if (at == digits_end) {
        return false;
    }
    /* Digits up to the first byte kept: longer than any number that could be meant. */
    if (at == first) {
        *ret_size = UINT64_MAX;
        return true;
    }
    *ret_size = size;
    return at[-1] == '{';
}

/* "* 23 EXISTS" → 23; 0 when the line is another. */
static uint32_t number_before(const char *head, const char *word)
{
    if (head[0] != '*' || head[1] != ' ') {
        return 0;
    }
    uint64_t number = 0;
    const char *s = head + 2;
    for (; *s >= '0' && *s <= '9' && number <= UINT32_MAX; s++) {
        number = number * 10 + (uint64_t)(*s - '0');
    }
    bool fits = *s == ' ' && strncasecmp(s + 1, word, strlen(word)) == 0 && number <= UINT32_MAX;
    return fits ? (uint32_t)number : 0;
}

static void note(struct imap_wire *wire)
{
    if (strncasecmp(wire->head, "* BYE", 5) == 0) {
        size_t start = wire->head[5] == ' ' ? 6 : 5;
        size_t len = strcspn(wire->head + start, "\r\n");
        memcpy(wire->bye, wire->head + start, len);
        wire->bye[len] = '\0';
        if (len == 0) {
            strcpy(wire->bye, "BYE");
        }
        return;
    }
    uint32_t exists = number_before(wire->head, "EXISTS");
    if (exists > wire->exists) {
        wire->news = true;
    }
    if (exists > 0 || strncasecmp(wire->head, "* 0 EXISTS", 10) == 0) {
        wire->exists = exists;
    } else if (number_before(wire->head, "EXPUNGE") > 0 && wire->exists > 0) {
        wire->exists--;
    }
}

static bool end_line(struct imap_wire *wire, struct error *err)
{
    uint64_t size;
    bool status = is_status(wire);
    if (is_dangerous(wire)) {
        return fail(err, "the server's first line, or its go-ahead, is no plain IMAP");
    }
    if (!status && announces_literal(wire, &size)) {
        if (size > wire->literal_most) {
            return fail(err, "the server announces %llu bytes at once where at most %llu were expected",
                        (unsigned long long)size, (unsigned long long)wire->literal_most);
        }
        wire->literal_left = size;
        wire->tail_len = 0;
        return true;
    }
    note(wire);
    wire->lines++;
    wire->line_len = wire->head_len = wire->tail_len = 0;
    wire->parentheses = 0;
    wire->in_code = wire->code_quotes = false;
    wire->head[0] = '\0';
    return true;
}

static void keep(struct imap_wire *wire, char c)
{
    if (wire->head_len < sizeof wire->head - 1) {
        wire->head[wire->head_len++] = c;
        wire->head[wire->head_len] = '\0';
    }
    if (wire->tail_len == sizeof wire->tail) {
        memmove(wire->tail, wire->tail + 1, sizeof wire->tail - 1);
        wire->tail_len--;
    }
    wire->tail[wire->tail_len++] = c;
}

static bool take_byte(struct imap_wire *wire, char c, struct error *err)
{
    if (++wire->line_len > IMAP_LINE_MOST) {
        return fail(err, "the server sends a line of more than %d bytes", IMAP_LINE_MOST);
    }
    wire->in_code = c == '[' || (wire->in_code && c != ']');
    wire->code_quotes = wire->code_quotes || (wire->in_code && (c == '"' || c == '{'));
    keep(wire, c);
    if (c == '(' && ++wire->parentheses > IMAP_PARENTHESES_MOST && !is_status(wire)) {
        return fail(err, "the server sends a line with more than %d parentheses", IMAP_PARENTHESES_MOST);
    }
    return c != '\n' || end_line(wire, err);
}

bool imap_wire_feed(struct imap_wire *wire, const char *bytes, size_t len, struct error *err)
{
    size_t i = 0;
    while (i < len) {
        if (wire->literal_left > 0) {
            size_t skip = len - i < wire->literal_left ? len - i : (size_t)wire->literal_left;
            wire->literal_left -= skip;
            i += skip;
        } else if (!take_byte(wire, bytes[i++], err)) {
            return false;
        }
    }
    return true;
}
