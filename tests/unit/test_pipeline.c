/* Mails on their way through the desk while others write in the store. */
#include "daemon/desk/pipeline.h"
#include "tests/unit/shipped.h"
#include "tests/unit/store_rows.h"
#include "tests/unit/store_sql.h"

static struct arena *arena;
static struct config config;
static struct store *store, *other;
static struct desk desk;
static struct error err;
static const int64_t now = 1795345200;

/* In place of the C library's, which SQLite waits with for another writer: who is at work then comes to an
 * end. */
int usleep(useconds_t microseconds)
{
    struct error why;
    (void)microseconds;
    CHECK_ROW(store_end(other, true, &why), "%s", why.what);
    return 0;
}

TEST(what_is_called_off_while_a_mail_waits_for_its_turn_takes_nobody_in)
{
    static const char mail[] =
        "From: Petra Müller <petra@example.org>\r\nTo: lab@example.org\r\nSubject: Anmeldung\r\n"
        "Message-ID: <1@example.org>\r\nDate: Sun, 22 Nov 2026 12:00:00 +0100\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        "Guten Tag,\r\n\r\nich möchte mich für den Kurs Löten für Einsteiger anmelden.\r\n\r\n"
        "Petra Müller\r\ngeb. 3.5.1958\r\nBaarstraße 7, 58636 Iserlohn\r\n";
    struct event event = rows_event("loeten", now + 200 * 3600);
    event.title = "Löten für Einsteiger";
    struct event_put put;
    struct batch batch = {0};
    *LIST_ADD(arena, &batch.mail) = (struct incoming){.uidvalidity = 1,
                                                      .uid = 1,
                                                      .bytes = mail,
                                                      .len = sizeof mail - 1,
                                                      .size = sizeof mail - 1,
                                                      .complete = true,
                                                      .attempt = 1};
    rows_put_event(store, &event);
    CHECK(desk_programme(&desk, &err));
    event.cancelled = true;
    CHECK(store_begin(other, &err) && event_put(other, &event, &put, &err));
    CHECK_ROW(pipeline_handle(&desk, now, &batch, &err), "%s", err.what);
    CHECK_INT(sql_number(store, "SELECT count(*) FROM registration"), 0);
    CHECK_INT(sql_number(store, "SELECT count(*) FROM outbox WHERE kind = 'event_cancelled'"), 1);
}

int main(void)
{
    char *folder;
    arena = arena_new();
    store = room_store(arena, &folder);
    room_desk(arena, folder, store, &config, &desk);
    desk.patterns = shipped_patterns();
    if (!store_open(store_path(store), &other, &err)) {
        room_failed(err.what);
    }
    RUN(what_is_called_off_while_a_mail_waits_for_its_turn_takes_nobody_in);
    store_close(other);
    desk_end(&desk);
    room_end(arena, store, folder);
    return check_done();
}
