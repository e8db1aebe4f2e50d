#include "daemon/store/newsletter_token.h"
#include "tests/unit/store_room.h"

#include "base/text.h"

#include <ctype.h>
#include <sodium.h>

static struct store *store;
static struct arena *arena;
static int64_t key;
static struct error err;

static const char *token_of(int64_t id)
{
    return newsletter_token(arena, key, id);
}

static int64_t named_in(const char *words)
{
    int64_t id = -1;
    CHECK_ROW(newsletter_token_find(store, words, &id, &err), "%s", err.what);
    return id;
}

TEST(a_token_names_its_subscriber_wherever_it_stands)
{
    const char *token = token_of(17);
    CHECK(strlen(token) <= TOKEN_MAX);
    CHECK(token[strspn(token, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0');
    CHECK_STR(token_of(17), token);
    CHECK_INT(named_in(token), 17);
    CHECK_INT(named_in(arena_printf(arena, "Stadtlabor+%s@example.org", token)), 17);
    CHECK_INT(named_in(arena_printf(arena, "AW: Abmeldung s5-12 s99-0000000000000000 %s!", token)), 17);
    char *shouted = arena_strdup(arena, token);
    for (char *c = shouted; *c != '\0'; c++) {
        *c = (char)toupper((unsigned char)*c);
    }
    CHECK_INT(named_in(shouted), 17);
    CHECK_INT(named_in(token_of(123456789012)), 123456789012);
}

TEST(what_this_store_has_not_made_is_no_token)
{
    const char *token = token_of(17);
    CHECK_INT(named_in(""), 0);
    CHECK_INT(named_in("s17-"), 0);
    CHECK_INT(named_in("s17-0123456789abcdef"), 0);
    CHECK_INT(named_in(arena_printf(arena, "s18%s", token + 3)), 0);
    CHECK_INT(named_in(arena_printf(arena, "%s0", token)), 0);
    CHECK_INT(named_in(arena_printf(arena, "x%s", token)), 0);
    CHECK_INT(named_in("s999999999999999999999999999999-0123456789abcdef"), 0);
    for (size_t i = 4; token[i] != '\0'; i++) {
        char *other = arena_strdup(arena, token);
        other[i] = other[i] == '0' ? '1' : '0';
        CHECK_INT(named_in(other), 0);
    }
}

TEST(a_copys_token_is_another)
{
    const char *token = newsletter_copy_token(arena, key, 17);
    int64_t id = -1;
    CHECK(!str_equal(token + 1, token_of(17) + 1));
    CHECK_INT(named_in(token), 0);
    CHECK(newsletter_copy_token_find(store, arena_printf(arena, "<%s@example.org>", token), &id, &err));
    CHECK_INT(id, 17);
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    char *folder;
    arena = arena_new();
    store = room_store(arena, &folder);
    CHECK_ROW(store_key(store, &key, &err), "%s", err.what);
    RUN(a_token_names_its_subscriber_wherever_it_stands);
    RUN(what_this_store_has_not_made_is_no_token);
    RUN(a_copys_token_is_another);
    room_end(arena, store, folder);
    return check_done();
}
