#include "daemon/post/smtp.h"
#include "tests/unit/check.h"

#include <string.h>

static struct arena *arena;

static struct smtp_wire wire_of(const char *letter)
{
    return smtp_wire(arena, letter, strlen(letter));
}

TEST(a_letter_on_the_wire)
{
    static const struct {
        const char *letter, *wire;
        size_t size;
    } rows[] = {
        {"a\r\n", "a\r\n.\r\n", 3},
        {"a", "a\r\n.\r\n", 3},
        {"", "\r\n.\r\n", 2},
        {"\r\n", "\r\n.\r\n", 2},
        {"\n\n", "\r\n\r\n.\r\n", 4},
        {"a\nb\rc\r\nd", "a\r\nb\r\nc\r\nd\r\n.\r\n", 12},
        {"a\r", "a\r\n.\r\n", 3},
        {"\r\r\n", "\r\n\r\n.\r\n", 4},
        {"a\n\rb", "a\r\n\r\nb\r\n.\r\n", 8},
        {".", "..\r\n.\r\n", 3},
        {".\r\n..\r\n", "..\r\n...\r\n.\r\n", 7},
        {"a\n.\nb\r.\r\n", "a\r\n..\r\nb\r\n..\r\n.\r\n", 12},
        {"a.b.\r\n", "a.b.\r\n.\r\n", 6},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct smtp_wire wire = wire_of(rows[i].letter);
        CHECK_ROW(wire.len == strlen(rows[i].wire) && memcmp(wire.bytes, rows[i].wire, wire.len) == 0,
                  "row %zu: \"%.*s\"", i, (int)wire.len, wire.bytes);
        CHECK_ROW(wire.size == rows[i].size, "row %zu: size %zu", i, wire.size);
        CHECK(!wire.eight_bit);
    }
    CHECK(wire_of("Grüße\r\n").eight_bit);
    struct smtp_wire nul = smtp_wire(arena, "a\0b", 3);
    CHECK_INT(nul.len, 8);
}

TEST(nothing_on_the_wire_ends_a_letter_early)
{
    /* All strings of six from the bytes that matter. */
    static const char alphabet[] = {'.', '\r', '\n', 'x'};
    for (int n = 0; n < 4096; n++) {
        char letter[6];
        for (int i = 0, rest = n; i < 6; i++, rest /= 4) {
            letter[i] = alphabet[rest % 4];
        }
        struct smtp_wire wire = smtp_wire(arena, letter, sizeof letter);
        bool good = wire.len >= 5 && memcmp(wire.bytes + wire.len - 5, "\r\n.\r\n", 5) == 0;
        for (size_t i = 0; good && i + 5 < wire.len; i++) {
            good = memcmp(wire.bytes + i, "\r\n.\r\n", 5) != 0;
        }
        for (size_t i = 0; good && i < wire.len; i++) {
            good = (wire.bytes[i] != '\n' || (i > 0 && wire.bytes[i - 1] == '\r')) &&
                   (wire.bytes[i] != '\r' || (i + 1 < wire.len && wire.bytes[i + 1] == '\n'));
        }
        CHECK_ROW(good, "letter %d", n);
        arena_reset(arena);
    }
}

TEST(addresses)
{
    static const struct {
        const char *given, *wanted;
    } rows[] = {
        {"a@example.org", "a@example.org"},
        {"Anna.O'Neill+x_1=2@Example.ORG", "Anna.O'Neill+x_1=2@example.org"},
        {"post@bücher.example", "post@xn--bcher-kva.example"},
        {"post@straße.example", "post@xn--strae-oqa.example"},
        {"a@localhost", "a@localhost"},
        {"a@xn--bcher-kva.example", "a@xn--bcher-kva.example"},
        {"a@xn--a.example", NULL},
        {"", NULL},
        {"a", NULL},
        {"@", NULL},
        {"a@", NULL},
        {"@b", NULL},
        {"a@b@c", NULL},
        {"a b@c", NULL},
        {"a@b c", NULL},
        {"a@b\r\nRCPT TO:<c@d>", NULL},
        {"a\r@b", NULL},
        {"a\n@b", NULL},
        {"a\t@b", NULL},
        {"a\x7f@b", NULL},
        {"<a@b>", NULL},
        {"a>@b", NULL},
        {"a@b>", NULL},
        {"\"a\"@b", NULL},
        {"a@[127.0.0.1]", NULL},
        {"a@-b", NULL},
        {"a@b-", NULL},
        {"a@b..c", NULL},
        {"a@.b", NULL},
        {"a@b_c", NULL},
        {"ä@b.example", NULL},
        {"a@\xff.example", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = NULL;
        struct error err = {0};
        bool ok = smtp_address(arena, rows[i].given, &got, &err);
        CHECK_ROW(ok == (rows[i].wanted != NULL) && (!ok || strcmp(got, rows[i].wanted) == 0), "row %zu: %s",
                  i, ok ? got : err.what);
        CHECK_ROW(ok || strncmp(err.what, "address is not usable", 21) == 0, "row %zu: %s", i, err.what);
    }
}

TEST(long_addresses)
{
    char address[400];
    const char *got;
    memset(address, 'a', sizeof address);
    memcpy(address + 64, "@b.example", sizeof "@b.example");
    CHECK(smtp_address(arena, address, &got, NULL));
    memcpy(address + 64, "a@b.example", sizeof "a@b.example");
    CHECK(!smtp_address(arena, address, &got, NULL));
    memset(address, 'a', sizeof address);
    address[1] = '@';
    for (int i = 50; i < 250; i += 50) {
        address[i] = '.';
    }
    address[254] = '\0';
    CHECK(smtp_address(arena, address, &got, NULL));
    memcpy(address + 254, "a", 2);
    CHECK(!smtp_address(arena, address, &got, NULL));
}

static const char *words_of(const char *lines, int *ret_code)
{
    struct smtp_reply reply = smtp_reply_new(arena);
    for (const char *end; (end = strchr(lines, '\n')) != NULL; lines = end + 1) {
        smtp_reply_line(&reply, lines, (size_t)(end + 1 - lines));
    }
    *ret_code = reply.code;
    return smtp_reply_words(&reply, arena);
}

TEST(answers_become_one_line)
{
    static const struct {
        const char *lines, *words;
        int code;
    } rows[] = {
        {"250 2.0.0 Ok: queued as 4XYZ\r\n", "250 2.0.0 Ok: queued as 4XYZ", 250},
        {"550-5.1.1 The mailbox\r\n550-5.1.1 does not\r\n550 5.1.1 exist\r\n",
         "550 5.1.1 The mailbox does not exist", 550},
        {"550-first\r\n550 5.1.1 second\r\n", "550 first 550 5.1.1 second", 550},
        {"421\r\n", "421", 421},
        {"250\r\n", "250", 250},
        {"250-more\r\n", "250 more", 0},
        {"hello\r\n", "hello", 0},
        {"999 what\r\n", "999 what", 0},
        {"550 a\tb\x01"
         "c\x7f\r\n",
         "550 a b c", 550},
        {"550 \xff\xfe\r\n", "550 \xef\xbf\xbd\xef\xbf\xbd", 550},
        {"550 Gr\xc3\xbc\xc3\x9f"
         "e\n",
         "550 Grüße", 550},
        {"2500 x\r\n", "2500 x", 0},
        {"550 1234.1.1 x\r\n", "550 1234.1.1 x", 550},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int code;
        const char *words = words_of(rows[i].lines, &code);
        CHECK_ROW(strcmp(words, rows[i].words) == 0 && code == rows[i].code, "row %zu: %d \"%s\"", i, code,
                  words);
    }
}

TEST(an_endless_answer_is_bounded)
{
    struct smtp_reply reply = smtp_reply_new(arena);
    char line[600];
    memset(line, 'x', sizeof line);
    memcpy(line, "550-", 4);
    for (int i = 0; i < 1000; i++) {
        smtp_reply_line(&reply, line, sizeof line);
    }
    CHECK_INT(reply.words.len, SMTP_WORDS_MAX);
    smtp_reply_line(&reply, "550 end\r\n", 9);
    CHECK_INT(reply.code, 550);
}

TEST(verdicts)
{
    static const struct {
        enum smtp_stage stage;
        int code;
        bool sent;
        enum delivery delivery;
        bool relay;
    } rows[] = {
        {SMTP_BODY, 250, true, DELIVERY_DONE, false},
        {SMTP_BODY, 251, true, DELIVERY_DONE, false},
        {SMTP_BODY, 451, true, DELIVERY_LATER, false},
        {SMTP_BODY, 554, true, DELIVERY_PERMANENT, false},
        {SMTP_BODY, 421, true, DELIVERY_LATER, true},
        {SMTP_BODY, 0, true, DELIVERY_UNCLEAR, false},
        {SMTP_BODY, 0, false, DELIVERY_LATER, true},
        {SMTP_BODY, 552, false, DELIVERY_PERMANENT, false},
        {SMTP_RCPT, 550, false, DELIVERY_PERMANENT, false},
        {SMTP_RCPT, 450, false, DELIVERY_LATER, false},
        {SMTP_RCPT, 421, false, DELIVERY_LATER, true},
        {SMTP_RCPT, 503, false, DELIVERY_LATER, true},
        {SMTP_RCPT, 530, false, DELIVERY_LATER, true},
        {SMTP_RCPT, 0, false, DELIVERY_LATER, true},
        {SMTP_DATA, 554, false, DELIVERY_PERMANENT, false},
        {SMTP_DATA, 451, false, DELIVERY_LATER, false},
        {SMTP_DATA, 250, false, DELIVERY_LATER, true},
        {SMTP_MAIL, 550, false, DELIVERY_LATER, true},
        {SMTP_MAIL, 552, false, DELIVERY_PERMANENT, false},
        {SMTP_MAIL, 451, false, DELIVERY_LATER, true},
        {SMTP_MAIL, 334, false, DELIVERY_LATER, true},
        {SMTP_AUTH, 535, false, DELIVERY_LATER, true},
        {SMTP_HELLO, 552, false, DELIVERY_LATER, true},
        {SMTP_CONNECT, 554, false, DELIVERY_LATER, true},
        {SMTP_CONNECT, 220, false, DELIVERY_LATER, true},
        {SMTP_RSET, 502, false, DELIVERY_LATER, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct smtp_verdict got = smtp_verdict(rows[i].stage, rows[i].code, rows[i].sent);
        CHECK_ROW(got.delivery == rows[i].delivery && got.relay == rows[i].relay, "row %zu: %d %d", i,
                  got.delivery, got.relay);
    }
}

TEST(abilities_and_commands)
{
    struct smtp_abilities all = {0};
    static const char *const lines[] = {"250-mail.example.org\r\n", "250-PIPELINING\r\n",
                                        "250-SIZE 10240000\r\n", "250 8bitmime\r\n"};
    for (size_t i = 0; i < 4; i++) {
        smtp_ability_line(&all, lines[i], strlen(lines[i]));
    }
    CHECK(all.pipelining && all.size && all.eight_bit);
    struct smtp_abilities none = {0};
    static const char *const others[] = {"250-SIZEABLE\r\n", "220 PIPELINING\r\n", "250",
                                         "250-X PIPELINING\r\n"};
    for (size_t i = 0; i < 4; i++) {
        smtp_ability_line(&none, others[i], strlen(others[i]));
    }
    CHECK(!none.pipelining && !none.size && !none.eight_bit);
    struct smtp_command commands[SMTP_COMMANDS_MAX];
    struct smtp_wire wire = wire_of("ü\r\n");
    CHECK_INT(smtp_commands(arena, NULL, "b@example.org", &wire, &all, true, commands), 4);
    CHECK_STR(commands[0].line, "RSET\r\n");
    CHECK_STR(commands[1].line, "MAIL FROM:<> SIZE=4 BODY=8BITMIME\r\n");
    CHECK_STR(commands[2].line, "RCPT TO:<b@example.org>\r\n");
    CHECK_STR(commands[3].line, "DATA\r\n");
    CHECK_INT(smtp_commands(arena, "a@example.org", "b@example.org", &wire, &none, false, commands), 3);
    CHECK_STR(commands[0].line, "MAIL FROM:<a@example.org>\r\n");
}

TEST(stages_of_a_login)
{
    CHECK_INT(smtp_stage_after(SMTP_CONNECT, "EHLO lab\r\n", 10), SMTP_HELLO);
    CHECK_INT(smtp_stage_after(SMTP_HELLO, "AUTH PLAIN x\r\n", 14), SMTP_AUTH);
    CHECK_INT(smtp_stage_after(SMTP_AUTH, "c2VjcmV0\r\n", 10), SMTP_AUTH);
    CHECK_INT(smtp_stage_after(SMTP_AUTH, "QUIT\r\n", 6), SMTP_QUIT);
}

int main(void)
{
    arena = arena_new();
    RUN(a_letter_on_the_wire);
    RUN(nothing_on_the_wire_ends_a_letter_early);
    RUN(addresses);
    RUN(long_addresses);
    RUN(answers_become_one_line);
    RUN(an_endless_answer_is_bounded);
    RUN(verdicts);
    RUN(abilities_and_commands);
    RUN(stages_of_a_login);
    arena_free(arena);
    return check_done();
}
