#include "daemon/desk/authentication.h"

#include "tests/unit/check.h"

static const char *of(const char *headers, const char *id)
{
    static struct arena *arena;
    struct letter letter;
    struct error err;
    arena_free(arena);
    arena = arena_new();
    const char *mail = arena_printf(arena, "%sFrom: petra@example.org\r\n\r\nJa\r\n", headers);
    bool read = letter_read(arena, mail, strlen(mail), true, &letter, &err);
    const char *found = read ? authentication_of(arena, &letter, id) : "! unread";
    static char copy[500];
    snprintf(copy, sizeof copy, "%s", found);
    arena_free(arena);
    arena = NULL;
    return copy;
}

TEST(only_the_topmost_of_the_own_server_counts)
{
    static const struct {
        const char *headers, *id, *found;
    } rows[] = {
        {"", "mail.example.org", ""},
        {"Authentication-Results: mail.example.org; dkim=pass\r\n", "", ""},
        {"Authentication-Results: mail.example.org; dkim=pass\r\n", "mail.example.org", "dkim=pass"},
        {"Authentication-Results: MAIL.Example.org 1; dkim=pass\r\n", "mail.example.org", "dkim=pass"},
        {"authentication-results: mail.example.org;\r\n spf=pass;\r\n dmarc=fail\r\n", "mail.example.org",
         "spf=pass; dmarc=fail"},
        {"Authentication-Results: mail.example.org.attacker.example; dmarc=pass\r\n", "mail.example.org", ""},
        {"Authentication-Results: attacker.example; dmarc=pass\r\n"
         "Authentication-Results: mail.example.org; dmarc=fail\r\n"
         "Authentication-Results: mail.example.org; dmarc=pass\r\n",
         "mail.example.org", "dmarc=fail"},
        {"Authentication-Results: mail.example.org\r\n", "mail.example.org", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *found = of(rows[i].headers, rows[i].id);
        CHECK_ROW(strcmp(found, rows[i].found) == 0, "row %zu: \"%s\"", i, found);
    }
}

int main(void)
{
    RUN(only_the_topmost_of_the_own_server_counts);
    return check_done();
}
