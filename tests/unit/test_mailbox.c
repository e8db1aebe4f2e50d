/* The parts of the mailbox that need no server: folder names, back-off, and the look at
 * the bytes a server sends. The rest is proved by tests/flow/test_mailbox.py. */
#include "base/text.h"
#include "daemon/post/backoff.h"
#include "daemon/post/imap_wire.h"
#include "daemon/post/mailbox_utf7.h"
#include "tests/unit/check.h"

#include <stdlib.h>

TEST(folder_names_go_both_ways)
{
    static const struct {
        const char *utf8, *utf7;
    } rows[] = {
        {"Erledigt", "Erledigt"},
        {"Prüfen", "Pr&APw-fen"},
        {"Entwürfe", "Entw&APw-rfe"},
        {"Straße & Co", "Stra&AN8-e &- Co"},
        {"&", "&-"},
        {"", ""},
        {"ÄÖÜ", "&AMQA1gDc-"},
        {"~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"}, /* RFC 3501 5.1.3 */
        {"😀", "&2D3eAA-"},
        {"a😀b", "a&2D3eAA-b"},
        {"ü-ü", "&APw--&APw-"},
        {"\x7f", "&AH8-"},
        {"\t", "&AAk-"},
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_STR(mailbox_utf7_encode(arena, rows[i].utf8), rows[i].utf7);
        CHECK_STR(mailbox_utf7_decode(arena, rows[i].utf7), rows[i].utf8);
    }
    arena_free(arena);
}

TEST(broken_folder_names_are_told)
{
    static const char *const rows[] = {
        "Prüfen", /* raw UTF-8 */
        "Pr&APw", /* never shifted back */
        "Pr&",    /* the same */
        "&AP-",   /* half a character */
        "&2D0-",  /* a first surrogate alone */
        "&3gA-",  /* a second one alone */
        "&AGE-",  /* "a" needs no shift */
        "&AAA-",  /* NUL */
        "&APx-",  /* left-over bits that are not zero */
        "&AP w-", /* a blank in base64 */
        "&APw/-", /* "/" is no digit here */
        "&APwA-", /* a digit too many */
        "a\tb",   /* control character */
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = mailbox_utf7_decode(arena, rows[i]);
        CHECK_ROW(got == NULL, "\"%s\" became \"%s\"", rows[i], got);
    }
    arena_free(arena);
}

TEST(every_character_comes_back)
{
    struct arena *arena = arena_new();
    for (unsigned c = 1; c <= 0x10ffff; c += c < 0x3000 ? 1 : 97) {
        if (c >= 0xd800 && c <= 0xdfff) {
            continue;
        }
        struct text name = text_new(arena, 100);
        text_printf(&name, "x");
        char bytes[4];
        size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        bytes[0] = (char)(n == 1 ? c : n == 2 ? 0xc0 | c >> 6 : n == 3 ? 0xe0 | c >> 12 : 0xf0 | c >> 18);
        for (size_t i = 1; i < n; i++) {
            bytes[i] = (char)(0x80 | (c >> (6 * (n - 1 - i)) & 0x3f));
        }
        text_addn(&name, bytes, n);
        const char *wire = mailbox_utf7_encode(arena, name.s);
        for (const char *s = wire; *s != '\0'; s++) {
            CHECK_ROW(*s >= 0x20 && *s < 0x7f, "U+%04X: byte %02x on the wire", c, (unsigned char)*s);
        }
        const char *back = mailbox_utf7_decode(arena, wire);
        CHECK_ROW(str_equal(back, name.s), "U+%04X: \"%s\"", c, wire);
        arena_reset(arena);
    }
    arena_free(arena);
}

TEST(delays_grow_and_vary)
{
    struct backoff backoff = {.random = 4711};
    int want = BACKOFF_FIRST_MS, differing = 0;
    for (int i = 0; i < 40; i++) {
        int got = backoff_next_ms(&backoff);
        CHECK_ROW(got >= want - want / 5 && got <= want + want / 5, "try %d: %d ms, about %d wanted", i, got,
                  want);
        differing += got != want;
        want = want * 2 < BACKOFF_MOST_MS ? want * 2 : BACKOFF_MOST_MS;
    }
    CHECK(differing > 30);
    backoff_reset(&backoff);
    CHECK(backoff_next_ms(&backoff) <= BACKOFF_FIRST_MS * 12 / 10);
}

TEST(two_clients_do_not_knock_together)
{
    struct backoff a = {0}, b = {0};
    int same = 0;
    for (int i = 0; i < 20; i++) {
        same += backoff_next_ms(&a) == backoff_next_ms(&b);
    }
    CHECK(same < 10);
}

/* Feeds in pieces of `step` bytes; NULL when all was taken, else the sentence. */
static const char *feed(struct imap_wire *wire, const char *bytes, size_t step)
{
    static struct error err;
    size_t len = strlen(bytes);
    for (size_t i = 0; i < len; i += step) {
        if (!imap_wire_feed(wire, bytes + i, len - i < step ? len - i : step, &err)) {
            return err.what;
        }
    }
    return NULL;
}

static const char greeting[] = "* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n";

TEST(news_are_noted)
{
    for (size_t step = 1; step < 60; step += 7) {
        struct imap_wire wire;
        imap_wire_start(&wire);
        CHECK(wire.news); /* nobody has looked yet */
        CHECK_STR(feed(&wire, greeting, step), NULL);
        CHECK_STR(feed(&wire, "* 3 EXISTS\r\n* 0 RECENT\r\n1 OK done\r\n", step), NULL);
        wire.news = false;
        CHECK_STR(feed(&wire, "* 2 EXPUNGE\r\n* 2 EXISTS\r\n* 1 FETCH (FLAGS (\\Seen))\r\n", step), NULL);
        CHECK(!wire.news);
        CHECK_INT(wire.exists, 2);
        CHECK_STR(feed(&wire, "* 4 existence\r\n+ idling\r\n* 3 EXISTS\r\n", step), NULL);
        CHECK(wire.news);
        CHECK_STR(feed(&wire, "* BYE Shutting down\r\n", step), NULL);
        CHECK_STR(wire.bye, "Shutting down");
    }
}

TEST(literals_are_followed)
{
    for (size_t step = 1; step < 60; step += 7) {
        struct imap_wire wire;
        imap_wire_start(&wire);
        CHECK_STR(feed(&wire, greeting, step), NULL);
        /* What stands in a mail is no answer of the server. */
        CHECK_STR(feed(&wire, "* 1 FETCH (UID 7 BODY[] {33}\r\n* 9 EXISTS\r\n* BYE\r\n{99999999}\r\n", step),
                  NULL);
        CHECK_STR(feed(&wire, ")\r\n", step), NULL);
        CHECK_INT(wire.exists, 0);
        CHECK_STR(wire.bye, "");
        CHECK_STR(feed(&wire, "* 2 FETCH (BODY[] {0}\r\n FLAGS ())\r\n* 5 EXISTS\r\n", step), NULL);
        CHECK_INT(wire.exists, 5);
        /* Words for people are no literal. */
        CHECK_STR(feed(&wire, "* OK see {99999999}\r\n* 6 EXISTS\r\n", step), NULL);
        CHECK_INT(wire.exists, 6);
    }
}

TEST(what_is_too_much_is_refused)
{
    static const char *const rows[] = {
        "* 1 FETCH (UID 7 BODY[] {4294967295}\r\n",
        "* 1 FETCH (UID 7 BODY[] {65537}\r\n",
        "* 1 FETCH (BODY[] {99999999999999999999999999}\r\n",
        "* 1 FETCH (BODY[] {18446744073709551617}\r\n",
        "* LIST () \"/\" {70000}\n",
        "* LIST () \"/\" {70000+}\r\n",
        "+ [BADCHARSET (\"x\")] go\r\n",
        "+ [BADCHARSET ({3}\r\n",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t step = 1; step < 40; step += 13) {
            struct imap_wire wire;
            imap_wire_start(&wire);
            CHECK_STR(feed(&wire, greeting, step), NULL);
            CHECK_ROW(feed(&wire, rows[i], step) != NULL, "taken: %s", rows[i]);
        }
    }
    struct imap_wire wire;
    imap_wire_start(&wire);
    CHECK(feed(&wire, "* OK [BADCHARSET (\"x\")] hello\r\n", 5) != NULL);
    imap_wire_start(&wire);
    CHECK(feed(&wire, "220 mail.example.org ESMTP\r\n", 5) != NULL);
}

TEST(depth_and_length_are_bounded)
{
    struct imap_wire wire;
    imap_wire_start(&wire);
    CHECK_STR(feed(&wire, greeting, 100), NULL);
    CHECK_STR(
        feed(&wire, "* OK ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((\r\n", 9),
        NULL);
    char *deep = malloc(3 * IMAP_LINE_MOST);
    strcpy(deep, "* 1 FETCH (BODYSTRUCTURE ");
    size_t start = strlen(deep);
    memset(deep + start, '(', 200);
    strcpy(deep + start + 200, "\r\n");
    CHECK(feed(&wire, deep, 50) != NULL);
    imap_wire_start(&wire);
    CHECK_STR(feed(&wire, greeting, 100), NULL);
    memset(deep, 'x', 2 * IMAP_LINE_MOST);
    deep[2 * IMAP_LINE_MOST] = '\0';
    CHECK(feed(&wire, deep, 5000) != NULL);
    free(deep);
}

int main(void)
{
    RUN(folder_names_go_both_ways);
    RUN(broken_folder_names_are_told);
    RUN(every_character_comes_back);
    RUN(delays_grow_and_vary);
    RUN(two_clients_do_not_knock_together);
    RUN(news_are_noted);
    RUN(literals_are_followed);
    RUN(what_is_too_much_is_refused);
    RUN(depth_and_length_are_bounded);
    return check_done();
}
