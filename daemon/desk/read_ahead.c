#include "daemon/desk/read_ahead.h"

#include "daemon/desk/known.h"
#include "daemon/desk/needs.h"

#include <pthread.h>
#include <string.h>

enum { AHEAD = 8 }; /* mails read and not yet decided, the one at work among them */

struct read_ahead {
    struct arena *arena; /* of this */
    const struct desk *desk;
    int64_t now;
    const struct batch *batch;
    struct read_mail mail[AHEAD]; /* mail N of the batch in place N % AHEAD */
    size_t next;                  /* that the desk asks for */
    bool threaded;
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    size_t read; /* so many were read … */
    size_t over; /* … so many of them are done with … */
    bool ended;  /* … and no more are wanted */
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

static bool wait_for_room(struct read_ahead *ahead, size_t at)
{
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->ended && at >= ahead->over + AHEAD) {
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    }
    bool wanted = !ahead->ended;
    pthread_mutex_unlock(&ahead->lock);
    return wanted;
}

static void *read_all(void *ctx)
{
    struct read_ahead *ahead = ctx;
    for (size_t i = 0; i < ahead->batch->mail.n && wait_for_room(ahead, i); i++) {
        const struct incoming *incoming = &ahead->batch->mail.at[i];
        struct read_mail *mail = &ahead->mail[i % AHEAD];
        arena_reset(mail->arena);
        mail->done = false;
        if (incoming->decided == 0 && incoming->attempt <= PIPELINE_ATTEMPTS_MAX) {
            read_mail(ahead->desk, ahead->now, incoming, mail);
        }
        pthread_mutex_lock(&ahead->lock);
        ahead->read = i + 1;
        pthread_cond_signal(&ahead->changed);
        pthread_mutex_unlock(&ahead->lock);
    }
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
    struct read_mail *mail = &ahead->mail[ahead->next % AHEAD];
    if (!ahead->threaded) {
        arena_reset(mail->arena);
        mail->done = false;
        return mail;
    }
    pthread_mutex_lock(&ahead->lock);
    ahead->over = ahead->next++;
    pthread_cond_signal(&ahead->changed);
    while (ahead->read < ahead->next) {
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    }
    pthread_mutex_unlock(&ahead->lock);
    return mail;
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
