#include "daemon/desk/noted.h"

#include "daemon/post/checkpoint.h"

enum { BATCH_BYTES = 3 * 1024 * 1024 /* of a batch's mails, unless one alone is larger */ };

struct noted *noted_find(const struct noted_list *list, uint32_t uid)
{
    for (size_t i = 0; i < list->mail.n; i++) {
        if (list->mail.at[i].uid == uid) {
            return &list->mail.at[i];
        }
    }
    return NULL;
}

/* One more attempt, unless this process noted the message before. */
static bool note(struct noted_list *list, struct store *store, uint32_t uid, struct intake_row row,
                 struct error *err)
{
    struct noted *noted = noted_find(list, uid);
    if (noted != NULL) {
        noted->fresh = row.mail_id == 0;
        return true;
    }
    row.attempt += row.mail_id == 0;
    *LIST_ADD(list->arena, &list->mail) = (struct noted){.uid = uid, .was = row, .fresh = row.mail_id == 0};
    return intake_attempt(store, list->uidvalidity, uid, row.attempt, err);
}

/* Inside the transaction. */
static bool note_batch(struct noted_list *list, struct store *store, const struct mailbox_settings *settings,
                       const struct uids *uids, size_t from, bool under_way, struct noted_batch *ret,
                       struct error *err)
{
    size_t bytes = 0;
    bool single = false;
    *ret = (struct noted_batch){.at = uids->at + from};
    while (from + ret->n < uids->n && ret->n < (size_t)settings->batch && !single) {
        const struct mailbox_uid *next = &ret->at[ret->n];
        const struct noted *noted = noted_find(list, next->uid);
        bool again = noted != NULL;
        struct intake_row row;
        if (!intake_get(store, list->uidvalidity, next->uid, &row, err)) {
            return false;
        }
        size_t size = next->size > settings->size_most ? settings->head_bytes : next->size;
        single = (again ? noted->lost > 0 : row.attempt > 0) || size > BATCH_BYTES;
        bytes += size;
        if (ret->n > 0 ? single || bytes > BATCH_BYTES : single && under_way) {
            return true;
        }
        if (!note(list, store, next->uid, row, err)) {
            return false;
        }
        ret->alone = ret->alone || single || again;
        ret->n++;
    }
    return true;
}

bool noted_next(struct noted_list *list, struct store *store, const struct mailbox_settings *settings,
                const struct uids *uids, size_t from, bool under_way, struct noted_batch *ret,
                struct error *err)
{
    size_t before = list->mail.n;
    bool done = store_begin(store, err) && note_batch(list, store, settings, uids, from, under_way, ret, err);
    if (!store_end(store, done, err)) {
        list->mail.n = before;
        return false;
    }
    checkpoint("receiver.noted");
    return true;
}

bool noted_forget(struct noted_list *list, struct store *store, const struct mailbox_uid *uids, size_t n,
                  struct error *err)
{
    bool done = store_begin(store, err);
    for (size_t i = 0; done && i < n; i++) {
        struct noted *noted = noted_find(list, uids[i].uid);
        if (noted != NULL) {
            *noted = list->mail.at[--list->mail.n];
        }
        done = intake_done(store, list->uidvalidity, uids[i].uid, err);
    }
    return store_end(store, done, err);
}

bool noted_forget_all(struct noted_list *list, struct store *store, struct error *err)
{
    list->mail.n = 0;
    return intake_clear(store, err);
}

bool noted_take_back(struct noted_list *list, struct store *store, struct error *err)
{
    if (list->mail.n == 0) {
        return true;
    }
    bool done = store_begin(store, err);
    for (size_t i = 0; done && i < list->mail.n; i++) {
        done = intake_take_back(store, list->uidvalidity, list->mail.at[i].uid, err);
    }
    return store_end(store, done, err);
}
