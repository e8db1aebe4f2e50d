#include "daemon/staff/replay_read.h"

#include "base/shared_work.h"
#include "daemon/desk/known.h"
#include "daemon/desk/needs.h"
#include "daemon/staff/replay.h"

struct work {
    const struct desk *desk;
    struct replay_mail *mails;
};

static void read_one(const struct desk *desk, struct arena *arena, struct replay_mail *mail)
{
    struct letter letter;
    struct reading reading;
    const struct expected *expected;
    if (!letter_read(arena, mail->bytes, mail->len, mail->len >= (size_t)mail->row->size, &letter,
                     &mail->why) ||
        !known_kept_expected(arena, mail->row->reading, &expected, &mail->why)) {
        return;
    }
    struct known known = {.programme = &desk->programme};
    struct reader reader = desk_reader(desk, mail->row->received);
    read_letter(arena, &reader, &letter, expected, &reading);
    needs_reading(arena, &known, &reading);
    mail->then = replay_essence(mail->row->reading);
    mail->now = replay_essence(reading_json(arena, &reading, NULL, false));
}

static void read_piece(void *ctx, const struct worker *worker, size_t i)
{
    const struct work *work = ctx;
    if (work->mails[i].bytes != NULL) {
        read_one(work->desk, worker->scratch, &work->mails[i]);
    }
}

void replay_read(const struct desk *desk, struct replay_mail *mails, size_t n)
{
    struct work work = {.desk = desk, .mails = mails};
    share_work(n, read_piece, &work);
}
