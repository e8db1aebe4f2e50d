#include "daemon/desk/read_ahead.h"

#include "daemon/desk/known.h"
#include "daemon/desk/needs.h"

#include <pthread.h>
#include <string.h>

enum { AHEAD = 4 }; /* mails read and not yet decided, the one at work among them */

struct read_ahead {
    struct arena *arena; /* of this */
    const struct desk *desk;
    int64_t now;
    const struct batch *batch;
    struct read_mail mail[AHEAD]; /* mail N of the batch in place N % AHEAD */
    bool threaded;
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    size_t taken;     /* so many were read, or are being read … */
    bool read[AHEAD]; /* … and these are */
    size_t next;      /* so many were asked for; the last of them is at work */
    bool ended;       /* no more are wanted */
};

/* With what it was read in expectation of, without which nobody could read it again as it was. */
static const char *as_kept(struct arena *arena, const struct reading *reading,
                           const struct expected *expected)
{
    const char *json = reading_json(arena, reading, NULL, true);
    size_t len = strlen(json);
    return expected == NULL ? json
                            : arena_printf(arena, "%.*s,\"expected\":%s}", (int)(len - 1), json,
                                           expected_json(arena, expected));
}

void read_mail_knowing(const struct desk *desk, const struct known *known, struct read_mail *mail)
{
    const struct expected *expected = known_expected(mail->arena, known);
    struct reader reader = desk_reader(desk, known->now);
    read_letter(mail->arena, &reader, &mail->letter, expected, &mail->reading);
    mail->topic = topic_find(mail->arena, desk->patterns, &mail->letter, &mail->reading, NULL);
    needs_reading(mail->arena, known, &mail->reading);
    mail->kept = as_kept(mail->arena, &mail->reading, expected);
}

void read_mail(const struct desk *desk, int64_t now, const struct incoming *incoming, struct read_mail *mail)
{
    mail->done = true;
    mail->readable = letter_read(mail->arena, incoming->bytes, incoming->len, incoming->complete,
                                 &mail->letter, &mail->why);
    if (mail->readable) {
        struct known known = known_nothing(mail->arena, &desk->programme, &mail->letter, now);
        mail->identity = incoming->identity != NULL
                             ? incoming->identity
                             : letter_identity(mail->arena, &mail->letter, incoming->bytes, incoming->len);
        read_mail_knowing(desk, &known, mail);
    }
}

/* The lock is held, but not while it is read. False: there is none to be read, or no room for it. */
static bool read_one(struct read_ahead *ahead)
{
    size_t over = ahead->next > 0 ? ahead->next - 1 : 0, at = ahead->taken;
    if (ahead->ended || at == ahead->batch->mail.n || at == over + AHEAD) {
        return false;
    }
    const struct incoming *incoming = &ahead->batch->mail.at[at];
    struct read_mail *mail = &ahead->mail[at % AHEAD];
    ahead->taken++;
    ahead->read[at % AHEAD] = false;
    pthread_mutex_unlock(&ahead->lock);
    arena_reset(mail->arena);
    mail->done = false;
    if (incoming->decided == 0 && incoming->attempt <= PIPELINE_ATTEMPTS_MAX) {
        read_mail(ahead->desk, ahead->now, incoming, mail);
    }
    pthread_mutex_lock(&ahead->lock);
    ahead->read[at % AHEAD] = true;
    pthread_cond_signal(&ahead->changed);
    return true;
}

static void *read_all(void *ctx)
{
    struct read_ahead *ahead = ctx;
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->ended && ahead->taken < ahead->batch->mail.n) {
        if (!read_one(ahead)) {
            pthread_cond_wait(&ahead->changed, &ahead->lock);
        }
    }
    pthread_mutex_unlock(&ahead->lock);
    return NULL;
}

struct read_ahead *read_ahead_begin(const struct desk *desk, int64_t now, const struct batch *batch)
{
    struct arena *arena = arena_new();
    struct read_ahead *ahead = ARENA_NEW(arena, struct read_ahead);
    *ahead = (struct read_ahead){.arena = arena, .desk = desk, .now = now, .batch = batch};
    size_t places = batch->mail.n < AHEAD ? batch->mail.n : AHEAD;
    for (size_t i = 0; i < places; i++) {
        ahead->mail[i].arena = arena_new();
    }
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->changed, NULL);
    ahead->threaded = batch->mail.n > 1 && pthread_create(&ahead->thread, NULL, read_all, ahead) == 0;
    return ahead;
}

struct read_mail *read_ahead_next(struct read_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    size_t at = ahead->next++;
    pthread_cond_signal(&ahead->changed);
    while (at >= ahead->taken || !ahead->read[at % AHEAD]) {
        if (!read_one(ahead)) {
            pthread_cond_wait(&ahead->changed, &ahead->lock);
        }
    }
    pthread_mutex_unlock(&ahead->lock);
    return &ahead->mail[at % AHEAD];
}

void read_ahead_end(struct read_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->ended = true;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    if (ahead->threaded) {
        pthread_join(ahead->thread, NULL);
    }
    pthread_mutex_destroy(&ahead->lock);
    pthread_cond_destroy(&ahead->changed);
    for (size_t i = 0; i < AHEAD; i++) {
        arena_free(ahead->mail[i].arena);
    }
    arena_free(ahead->arena);
}
