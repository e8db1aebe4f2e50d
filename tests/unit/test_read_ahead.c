#include "daemon/desk/read_ahead.h"
#include "tests/unit/shipped.h"
#include "tests/unit/store_room.h"

static struct arena *arena;
static struct config config;
static struct desk desk;
enum { NOW = 1795345200 };

static struct batch batch_of(size_t n)
{
    struct batch batch = {0};
    for (size_t i = 0; i < n; i++) {
        const char *bytes = arena_printf(arena,
                                         "From: Citizen %zu <c%zu@example.org>\r\nSubject: Mail %zu\r\n\r\n"
                                         "Bitte nehmen Sie mich in den Newsletter auf.\r\n",
                                         i, i, i);
        *LIST_ADD(arena, &batch.mail) =
            (struct incoming){.uid = (uint32_t)i + 1, .bytes = bytes, .len = strlen(bytes), .complete = true};
    }
    return batch;
}

/* Many more than are read ahead; what is not to be read is handed out unread, in its turn. */
TEST(each_comes_in_its_turn)
{
    struct batch batch = batch_of(100);
    batch.mail.at[3].attempt = PIPELINE_ATTEMPTS_MAX + 1;
    batch.mail.at[50].decided = 7;
    struct read_ahead *ahead = read_ahead_begin(&desk, NOW, &batch);
    for (size_t i = 0; i < batch.mail.n; i++) {
        struct read_mail *read = read_ahead_next(ahead);
        CHECK_ROW(read->done == (i != 3 && i != 50), "mail %zu", i);
        if (read->done) {
            CHECK_STR(read->letter.subject, arena_printf(arena, "Mail %zu", i));
            CHECK_ROW(read->readable && read->reading.intents.n == 1, "mail %zu is not read", i);
        }
    }
    read_ahead_end(ahead);
}

/* The desk gives up before the first mail, or after any, while others are being read. */
TEST(it_can_end_at_any_mail)
{
    for (size_t most = 0; most < 20; most++) {
        struct batch batch = batch_of(20);
        struct read_ahead *ahead = read_ahead_begin(&desk, NOW, &batch);
        for (size_t i = 0; i < most; i++) {
            CHECK_STR(read_ahead_next(ahead)->letter.subject, arena_printf(arena, "Mail %zu", i));
        }
        read_ahead_end(ahead);
    }
}

TEST(who_comes_alone_is_read_as_well)
{
    struct batch batch = batch_of(1);
    struct read_ahead *ahead = read_ahead_begin(&desk, NOW, &batch);
    struct read_mail *read = read_ahead_next(ahead);
    CHECK(read->done && read->readable && read->reading.intents.at[0].kind == INTENT_SUBSCRIBE);
    read_ahead_end(ahead);
}

int main(void)
{
    char *folder;
    arena = arena_new();
    struct store *store = room_store(arena, &folder);
    room_desk(arena, folder, store, &config, &desk);
    desk.patterns = shipped_patterns();
    RUN(each_comes_in_its_turn);
    RUN(it_can_end_at_any_mail);
    RUN(who_comes_alone_is_read_as_well);
    desk_end(&desk);
    room_end(arena, store, folder);
    return check_done();
}
