#include "daemon/post/smtp.h"

#include "base/utf8.h"

#include <ctype.h>
#include <idn2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum smtp_stage smtp_stage_after(enum smtp_stage stage, const char *line, size_t len)
{
    static const struct {
        const char *verb;
        enum smtp_stage stage;
    } commands[] = {{"EHLO ", SMTP_HELLO},
                    {"HELO ", SMTP_HELLO},
                    {"STARTTLS\r\n", SMTP_STARTTLS},
                    {"AUTH ", SMTP_AUTH},
                    {"QUIT\r\n", SMTP_QUIT}};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        size_t verb = strlen(commands[i].verb);
        if (len >= verb && memcmp(line, commands[i].verb, verb) == 0) {
            return commands[i].stage;
        }
    }
    return stage;
}

void smtp_ability_line(struct smtp_abilities *abilities, const char *line, size_t len)
{
    if (len < 4 || strncmp(line, "250", 3) != 0) {
        return;
    }
    const char *word = line + 4;
    size_t end = 0;
    while (4 + end < len && isalnum((unsigned char)word[end])) {
        end++;
    }
    if (end == 10 && strncasecmp(word, "PIPELINING", end) == 0) {
        abilities->pipelining = true;
    } else if (end == 4 && strncasecmp(word, "SIZE", end) == 0) {
        abilities->size = true;
    } else if (end == 8 && strncasecmp(word, "8BITMIME", end) == 0) {
        abilities->eight_bit = true;
    }
}

struct smtp_reply smtp_reply_new(struct arena *arena)
{
    return (struct smtp_reply){.words = text_new(arena, SMTP_WORDS_MAX)};
}

void smtp_reply_clear(struct smtp_reply *reply)
{
    reply->code = 0;
    reply->last[0] = '\0';
    text_clear(&reply->words);
}

static bool three_digits(const char *line, size_t len)
{
    return len >= 3 && line[0] >= '2' && line[0] <= '5' && isdigit((unsigned char)line[1]) &&
           isdigit((unsigned char)line[2]);
}

/* Bytes of the enhanced code (RFC 3463, "5.1.1 ") at the start of `s`; 0 when there is none. */
static size_t enhanced_code(const char *s, size_t len)
{
    size_t at = 0;
    for (int part = 0; part < 3; part++) {
        size_t digits = 0;
        while (at < len && digits < 3 && isdigit((unsigned char)s[at])) {
            at++, digits++;
        }
        if (digits == 0 || at >= len || s[at] != (part < 2 ? '.' : ' ')) {
            return 0;
        }
        at++;
    }
    return at;
}

static void add_words(struct text *words, const char *s, size_t len)
{
    size_t room = words->cap - words->len;
    text_addn(words, s, len < room ? len : room);
}

void smtp_reply_line(struct smtp_reply *reply, const char *line, size_t len)
{
    while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r')) {
        len--;
    }
    char last[sizeof reply->last] = "";
    if (three_digits(line, len) && (len == 3 || line[3] == ' ' || line[3] == '-')) {
        if (len == 3 || line[3] == ' ') {
            reply->code = atoi((const char[]){line[0], line[1], line[2], '\0'});
        }
        memcpy(last, line, 3);
        last[3] = ' ';
        size_t text = len > 3 ? 4 : 3;
        size_t enhanced = enhanced_code(line + text, len - text);
        memcpy(last + 4, line + text, enhanced < sizeof last - 5 ? enhanced : sizeof last - 5);
        line += text + enhanced;
        len -= text + enhanced;
    }
    if (strcmp(last, reply->last) != 0) {
        if (reply->words.len > 0) {
            add_words(&reply->words, " ", 1);
        }
        add_words(&reply->words, last, strlen(last));
        memcpy(reply->last, last, sizeof last);
    } else if (reply->words.len > 0) {
        add_words(&reply->words, " ", 1);
    }
    add_words(&reply->words, line, len);
}

const char *smtp_reply_words(const struct smtp_reply *reply, struct arena *arena)
{
    char *words = utf8_repair(arena, reply->words.s, reply->words.len);
    for (char *c = words; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) {
            *c = ' ';
        }
    }
    return str_trim(arena, words);
}

const char *smtp_words_without_addresses(struct arena *arena, const char *words)
{
    struct text out = text_new(arena, SMTP_WORDS_MAX);
    while (*words != '\0') {
        size_t len = strcspn(words, " ");
        bool address = memchr(words, '@', len) != NULL;
        text_addn(&out, address ? "…" : words, address ? strlen("…") : len);
        words += len;
        for (; *words == ' '; words++) {
            text_addc(&out, ' ');
        }
    }
    return out.s;
}

static bool speaks_of_set_up(int code)
{
    return code == 503 || code == 530 || code == 534 || code == 535 || code == 538;
}

bool smtp_goes_on(enum smtp_stage stage, int code)
{
    return stage == SMTP_DATA ? code == 354 : code / 100 == 2;
}

struct smtp_verdict smtp_verdict(enum smtp_stage stage, int code, bool body_sent)
{
    bool before_recipient = stage < SMTP_RCPT;
    if (code == 421) {
        return (struct smtp_verdict){DELIVERY_LATER, true};
    }
    switch (code / 100) {
    case 2:
        if (stage == SMTP_BODY && body_sent) {
            return (struct smtp_verdict){DELIVERY_DONE, false};
        }
        break;
    case 4:
        return (struct smtp_verdict){DELIVERY_LATER, before_recipient};
    case 5:
        if ((before_recipient && !(stage == SMTP_MAIL && code == 552)) || speaks_of_set_up(code)) {
            return (struct smtp_verdict){DELIVERY_LATER, true};
        }
        return (struct smtp_verdict){DELIVERY_PERMANENT, false};
    default:
        break;
    }
    return body_sent ? (struct smtp_verdict){DELIVERY_UNCLEAR, false}
                     : (struct smtp_verdict){DELIVERY_LATER, true};
}

/* RFC 5321 4.5.3.1: 64 bytes, 255 bytes, and 256 for the whole with its brackets. */
enum { LOCAL_MAX = 64, ADDRESS_MAX = 254 };

static bool unusable(struct error *err, const char *why)
{
    return fail(err, "address is not usable: %s", why);
}

static bool plain_domain(const char *domain)
{
    size_t label = 0;
    for (const char *c = domain; *c != '\0'; c++) {
        if (*c == '.') {
            if (label == 0 || c[-1] == '-') {
                return false;
            }
            label = 0;
        } else if (!isalnum((unsigned char)*c) && !(*c == '-' && label > 0)) {
            return false;
        } else if (++label > 63) {
            return false;
        }
    }
    return label > 0 && domain[strlen(domain) - 1] != '-';
}

/* A domain in ASCII. libidn2 takes long over one that is so already, as nearly all are: small letters without
 * the "--" of encoded labels are what it would give back. */
static bool ascii_domain(struct arena *arena, const char *domain, const char **ret)
{
    if (domain[strspn(domain, "abcdefghijklmnopqrstuvwxyz0123456789.-")] == '\0' &&
        strstr(domain, "--") == NULL) {
        *ret = domain;
        return plain_domain(domain);
    }
    char *ascii = NULL;
    if (idn2_to_ascii_8z(domain, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK) {
        return false;
    }
    *ret = arena_strdup(arena, ascii);
    idn2_free(ascii);
    return plain_domain(*ret);
}

bool smtp_address(struct arena *arena, const char *address, const char **ret, struct error *err)
{
    const char *at = strrchr(address, '@');
    if (at == NULL || at == address || at[1] == '\0') {
        return unusable(err, "no @ with a name before and a domain behind it");
    }
    if (strlen(address) > ADDRESS_MAX || at - address > LOCAL_MAX) {
        return unusable(err, "longer than RFC 5321 allows");
    }
    for (const char *c = address; c < at; c++) {
        if ((unsigned char)*c >= 0x80) {
            return unusable(err, "letters before the @ that need SMTPUTF8");
        }
        if (!isalnum((unsigned char)*c) && strchr("!#$%&'*+/=?^_`{|}~.-", *c) == NULL) {
            return unusable(err, "a character before the @ that no address has");
        }
    }
    if (!utf8_valid(at + 1, strlen(at + 1))) {
        return unusable(err, "its domain is no UTF-8");
    }
    const char *domain;
    if (!ascii_domain(arena, at + 1, &domain) || (size_t)(at - address) + 1 + strlen(domain) > ADDRESS_MAX) {
        return unusable(err, "its domain is none");
    }
    *ret = arena_printf(arena, "%.*s@%s", (int)(at - address), address, domain);
    return true;
}

static char *add_line(char *to, const char *line, size_t len)
{
    if (len > 0 && line[0] == '.') {
        *to++ = '.';
    }
    memcpy(to, line, len);
    memcpy(to + len, "\r\n", 2);
    return to + len + 2;
}

static bool has_high_bit(const char *bytes, size_t len)
{
    uint64_t high = 0, eight;
    size_t i = 0;
    for (; i + sizeof eight <= len; i += sizeof eight) {
        memcpy(&eight, bytes + i, sizeof eight);
        high |= eight;
    }
    for (; i < len; i++) {
        high |= (unsigned char)bytes[i];
    }
    return (high & 0x8080808080808080U) != 0;
}

/* Stuffed, and each line end as CRLF, a letter at most doubles. */
struct smtp_wire smtp_wire(struct arena *arena, const char *letter, size_t len)
{
    char *out = arena_alloc(arena, 2 * len + 5), *to = out;
    const char *at = letter, *end = letter + len;
    size_t dots = 0;
    do {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        const char *stop = feed == NULL ? end : feed;
        const char *carriage = memchr(at, '\r', (size_t)(stop - at));
        stop = carriage == NULL ? stop : carriage;
        dots += stop > at && *at == '.';
        to = add_line(to, at, (size_t)(stop - at));
        bool both = stop < end && *stop == '\r' && stop + 1 < end && stop[1] == '\n';
        at = stop == end ? end : stop + (both ? 2 : 1);
    } while (at < end);
    size_t size = (size_t)(to - out) - dots;
    memcpy(to, ".\r\n", 3);
    return (struct smtp_wire){out, (size_t)(to - out) + 3, size, has_high_bit(letter, len)};
}

int smtp_commands(struct arena *arena, const char *from, const char *to, const struct smtp_wire *wire,
                  const struct smtp_abilities *abilities, bool reset,
                  struct smtp_command ret[SMTP_COMMANDS_MAX])
{
    int n = 0;
    if (reset) {
        ret[n++] = (struct smtp_command){SMTP_RSET, "RSET\r\n"};
    }
    const char *size = abilities->size ? arena_printf(arena, " SIZE=%zu", wire->size) : "";
    const char *body = abilities->eight_bit && wire->eight_bit ? " BODY=8BITMIME" : "";
    ret[n++] = (struct smtp_command){
        SMTP_MAIL, arena_printf(arena, "MAIL FROM:<%s>%s%s\r\n", from == NULL ? "" : from, size, body)};
    ret[n++] = (struct smtp_command){SMTP_RCPT, arena_printf(arena, "RCPT TO:<%s>\r\n", to)};
    ret[n++] = (struct smtp_command){SMTP_DATA, "DATA\r\n"};
    return n;
}
