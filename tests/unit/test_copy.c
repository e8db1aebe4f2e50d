#include "base/text.h"
#include "daemon/newsletter/copy.h"
#include "daemon/newsletter/issue_mail.h"
#include "tests/unit/check.h"

static struct arena *arena;

static const struct copy_words words = {.address = "o'hara&so=1@example.org",
                                        .subscriber_token = "s17-0123456789abcdef",
                                        .copy_token = "c4-0123456789abcdef",
                                        .date = "Mon, 23 Nov 2026 06:00:00 +0100"};

static const char *filled(const char *bytes)
{
    const char *out = "";
    size_t len;
    struct error err = {""};
    CHECK_ROW(copy_fill(arena, bytes, strlen(bytes), &words, &out, &len, &err), "%s", err.what);
    return out;
}

TEST(each_hole_gets_what_belongs_there)
{
    CHECK_STR(filled("To: \001r\r\n"), "To: o'hara&so=1@example.org\r\n");
    CHECK_STR(filled("\001a"), "o'hara&so=3D1@example.org");
    CHECK_STR(filled("\001h"), "o&#39;hara&amp;so=3D1@example.org");
    CHECK_STR(filled("<\001c@x> \001t \001d"),
              "<c4-0123456789abcdef@x> s17-0123456789abcdef Mon, 23 Nov 2026 06:00:00 +0100");
    CHECK_STR(filled("none"), "none");
    const char *out;
    size_t len;
    struct error err = {""};
    CHECK(!copy_fill(arena, "\001x", 2, &words, &out, &len, &err));
    CHECK(!copy_fill(arena, "a\001", 2, &words, &out, &len, &err));
}

/* Whatever staff write: ASCII, CRLF, lines that any relay takes, and no line that could end the letter. */
TEST(a_mail_is_clean_whatever_stands_in_it)
{
    struct text hostile = text_new(arena, 100000);
    for (int i = 0; i < 300; i++) {
        text_add(&hostile,
                 "äöü=.\n.\n..\nFrom da bis dort \t\nund ein Wort " HOLE_SUBSCRIBER HOLE_ADDRESS " ");
    }
    struct config config = {
        .lab_address = "lab@example.org", .lab_name = "Größtes \"Labor\"", .newsletter_url = ""};
    struct issue_words issue = {
        .subject = "Ein sehr langer Betreff über Löten, Künstliche Intelligenz und alles, was "
                   "sonst noch im Dezember bei uns stattfindet",
        .text = hostile.s,
        .html = hostile.s};
    const char *bytes = "", *mail = "";
    size_t len = 0, size = 0, line = 0;
    struct error err = {""};
    CHECK_ROW(issue_mail(arena, &config, &issue, &bytes, &len, &err), "%s", err.what);
    CHECK(copy_fill(arena, bytes, len, &words, &mail, &size, &err));
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)mail[i];
        line = c == '\n' ? 0 : line + 1;
        CHECK_ROW(c < 0x7f && (c >= ' ' || c == '\r' || c == '\n' || c == '\t'), "byte %02x at %zu", c, i);
        CHECK_ROW(line <= 200, "a line of %zu bytes at %zu", line, i);
        CHECK(c != '\n' || (i > 0 && mail[i - 1] == '\r'));
    }
    CHECK(strstr(mail, "\r\n.") == NULL && strstr(mail, "\nFrom ") == NULL && strchr(mail, 1) == NULL);
    CHECK(strstr(mail, " \r\n") == NULL);
}

int main(void)
{
    arena = arena_new();
    RUN(each_hole_gets_what_belongs_there);
    RUN(a_mail_is_clean_whatever_stands_in_it);
    arena_free(arena);
    return check_done();
}
