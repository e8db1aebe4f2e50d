/* Fetching: the bytes of mails, one mail in memory at a time. */
#include "daemon/post/mailbox_session.h"

#include <stdlib.h>
#include <string.h>

enum { BUFFER_KEPT = 1024 * 1024 };

struct fetching {
    struct mailbox *mailbox;
    bool (*each)(void *, const struct mailbox_item *);
    void *ctx;
    bool stopped;
    struct mailbox_uid *asked; /* ascending, with sizes */
    bool *delivered;
    size_t n;
    size_t keep_most; /* bytes of a mail to keep; more are read and dropped … */
    size_t take_most; /* … up to here: beyond it the server is not sane */
    bool partial;
    char *bytes; /* malloc */
    size_t len, room, seen;
};

/* The next bytes of a mail; false ends the session. */
static bool take_bytes(int type, struct mailimap_msg_att_body_section *section, const char *bytes, size_t len,
                       void *ctx)
{
    (void)section;
    struct fetching *fetching = ctx;
    fetching->seen += len;
    if (type != MAILIMAP_MSG_ATT_BODY_SECTION || fetching->seen > fetching->take_most) {
        stream_break(fetching->mailbox->stream, "the server sends a mail far larger than it said");
        return false;
    }
    size_t room_left = fetching->keep_most - fetching->len;
    len = len < room_left ? len : room_left;
    if (fetching->len + len > fetching->room) {
        size_t room = fetching->room * 2 > 65536 ? fetching->room * 2 : 65536;
        room = room > fetching->len + len ? room : fetching->len + len;
        room = room < fetching->keep_most ? room : fetching->keep_most;
        char *fresh = realloc(fetching->bytes, room);
        if (fresh == NULL) {
            stream_break(fetching->mailbox->stream, "no memory for a mail");
            return false;
        }
        fetching->bytes = fresh;
        fetching->room = room;
    }
    if (len > 0) {
        memcpy(fetching->bytes + fetching->len, bytes, len);
    }
    fetching->len += len;
    return true;
}

static void deliver(struct fetching *fetching, const struct mailbox_facts *facts)
{
    struct mailbox_uid *asked = mailbox_find_uid(fetching->asked, fetching->n, facts->uid);
    if (asked == NULL || fetching->delivered[asked - fetching->asked] || !facts->has_body) {
        return;
    }
    if (fetching->len == 0 && facts->size > 0) {
        return; /* some servers give "" for a mail that has just vanished */
    }
    fetching->delivered[asked - fetching->asked] = true;
    struct mailbox_item item = {
        .uid = facts->uid,
        .size = facts->has_size ? facts->size : asked->size,
        .seen = facts->seen,
        .bytes = fetching->bytes != NULL ? fetching->bytes : "",
        .len = fetching->len,
        .complete = fetching->len == fetching->seen && (!fetching->partial || fetching->len >= facts->size),
    };
    fetching->stopped = !fetching->each(fetching->ctx, &item);
}

static void take_mail(struct mailimap_msg_att *att, void *ctx)
{
    struct fetching *fetching = ctx;
    struct mailbox_facts facts = mailbox_read_facts(att);
    if (!fetching->stopped) {
        deliver(fetching, &facts);
    }
    fetching->len = fetching->seen = 0;
    if (fetching->room > BUFFER_KEPT) {
        free(fetching->bytes);
        fetching->bytes = NULL;
        fetching->room = 0;
    }
}

/* One run of mails that are all small, or all large. */
static int fetch_run(struct fetching *fetching, const uint32_t *uids, size_t n, size_t *ret_taken)
{
    struct mailbox *mailbox = fetching->mailbox;
    const struct mailbox_settings *settings = mailbox->settings;
    struct mailimap_set *set = mailbox_uid_set(mailbox, uids, n, ret_taken);
    size_t bytes = 0;
    for (size_t i = 0; i < *ret_taken; i++) {
        const struct mailbox_uid *asked = mailbox_find_uid(fetching->asked, fetching->n, uids[i]);
        bytes += fetching->partial ? settings->head_bytes : asked->size;
    }
    fetching->keep_most = fetching->partial ? settings->head_bytes : settings->size_most;
    /* Exchange rounds RFC822.SIZE: a mail may be larger than it says, within reason. */
    fetching->take_most = 2 * fetching->keep_most + 1024 * 1024;
    fetching->len = fetching->seen = 0;
    mailbox_expect(mailbox, ANSWER_MOST + 2 * bytes + *ret_taken * MAILBOX_LINE_MOST);
    struct imap_wire *wire = stream_wire(mailbox->stream);
    wire->literal_most = fetching->take_most;
    mailbox_set_handlers(mailbox->imap, take_mail, take_bytes, fetching);
    int code = mailbox_uid_fetch(mailbox, set, true, fetching->partial ? settings->head_bytes : 0);
    mailbox_set_handlers(mailbox->imap, NULL, NULL, NULL);
    wire->literal_most = IMAP_LITERAL_MOST;
    return code;
}

/* The server says NO to a run: some of its mails have vanished, or one is broken on its
 * disk. Each of those left is asked for alone; one that stays refused is delivered empty,
 * so that somebody hears of it. */
static enum mailbox_fault fetch_singly(struct fetching *fetching, const uint32_t *uids, size_t n,
                                       struct error *err)
{
    struct arena *arena = arena_new();
    uint32_t *left = arena_alloc(arena, n * sizeof *left);
    size_t left_n = 0;
    enum mailbox_fault fault = mailbox_still_there(fetching->mailbox, uids, n, left, &left_n, err);
    for (size_t i = 0; i < left_n && fault == MAILBOX_OK && !fetching->stopped; i++) {
        const struct mailbox_uid *asked = mailbox_find_uid(fetching->asked, fetching->n, left[i]);
        bool *delivered = &fetching->delivered[asked - fetching->asked];
        size_t taken;
        if (*delivered) {
            continue;
        }
        fault =
            mailbox_judge(fetching->mailbox, fetch_run(fetching, &left[i], 1, &taken), "give a mail", err);
        if (fault != MAILBOX_REFUSED || *delivered || fetching->stopped) {
            continue;
        }
        fault = MAILBOX_OK;
        if (!mailbox_answered(fetching->mailbox, "EXPUNGEISSUED")) {
            struct mailbox_item item = {.uid = left[i], .size = asked->size, .bytes = ""};
            *delivered = true;
            fetching->stopped = !fetching->each(fetching->ctx, &item);
        }
    }
    arena_free(arena);
    return fault;
}

static enum mailbox_fault fetch_all(struct fetching *fetching, const uint32_t *uids, size_t n,
                                    struct error *err)
{
    enum mailbox_fault fault = MAILBOX_OK;
    for (size_t done = 0, taken; done < n && fault == MAILBOX_OK && !fetching->stopped; done += taken) {
        int code = fetch_run(fetching, uids + done, n - done, &taken);
        fault = mailbox_judge(fetching->mailbox, code, "give mails", err);
        if (fault == MAILBOX_REFUSED) {
            fault = fetch_singly(fetching, uids + done, taken, err);
        }
    }
    return fault;
}

enum mailbox_fault mailbox_fetch(struct mailbox *mailbox, const uint32_t *uids, size_t n,
                                 bool (*each)(void *ctx, const struct mailbox_item *item), void *ctx,
                                 struct error *err)
{
    struct arena *arena = arena_new();
    struct fetching fetching = {.mailbox = mailbox, .each = each, .ctx = ctx, .n = n};
    fetching.asked = arena_alloc(arena, n * sizeof *fetching.asked);
    fetching.delivered = arena_alloc(arena, n * sizeof *fetching.delivered);
    for (size_t i = 0; i < n; i++) {
        fetching.asked[i].uid = uids[i];
    }
    qsort(fetching.asked, n, sizeof *fetching.asked, mailbox_by_uid);
    enum mailbox_fault fault = mailbox_learn_sizes(mailbox, fetching.asked, n, err);
    uint32_t *small = arena_alloc(arena, n * sizeof *small), *large = arena_alloc(arena, n * sizeof *large);
    size_t small_n = 0, large_n = 0;
    for (size_t i = 0; i < n; i++) {
        const struct mailbox_uid *asked = &fetching.asked[i];
        if (asked->size == UINT32_MAX) {
            continue; /* vanished: no size was told */
        }
        if (asked->size <= mailbox->settings->size_most) {
            small[small_n++] = asked->uid;
        } else {
            large[large_n++] = asked->uid;
        }
    }
    if (fault == MAILBOX_OK) {
        fault = fetch_all(&fetching, small, small_n, err);
    }
    if (fault == MAILBOX_OK && !fetching.stopped) {
        fetching.partial = true;
        fault = fetch_all(&fetching, large, large_n, err);
    }
    free(fetching.bytes);
    arena_free(arena);
    return fault;
}
