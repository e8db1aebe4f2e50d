#include "daemon/desk/load.h"

#include "daemon/post/checkpoint.h"

struct load *load_new(const struct noted_batch *noted, bool renumbered)
{
    struct arena *arena = arena_new();
    struct load *load = ARENA_NEW(arena, struct load);
    *load = (struct load){.arena = arena, .bytes = arena_new(), .noted = *noted, .renumbered = renumbered};
    return load;
}

void load_handled(struct load *load)
{
    arena_free(load->bytes);
    load->bytes = NULL;
}

void load_free(struct load *load)
{
    if (load != NULL) {
        arena_free(load->bytes);
        arena_free(load->arena);
    }
}

enum { LOST_MOST = 4 };

struct fetching {
    struct load *load;
    const struct noted_list *noted;
};

static bool keep_item(void *ctx, const struct mailbox_item *item)
{
    const struct fetching *f = ctx;
    const struct noted *noted = noted_find(f->noted, item->uid);
    *LIST_ADD(f->load->arena, &f->load->batch.mail) = (struct incoming){
        .uidvalidity = f->noted->uidvalidity,
        .uid = item->uid,
        .size = item->size,
        .bytes = arena_strndup(f->load->bytes, item->len == 0 ? "" : item->bytes, item->len),
        .len = item->len,
        .complete = item->complete,
        .attempt = noted == NULL ? 1 : noted->was.attempt,
        .decided = noted == NULL ? 0 : noted->was.mail_id,
        .fresh = noted != NULL && noted->fresh && !f->load->renumbered,
    };
    return true;
}

/* Of what was asked for: what did not come before the session ended. */
static void count_lost(struct noted_list *list, const uint32_t *asked, size_t n, const struct batch *given,
                       enum mailbox_fault fault)
{
    for (size_t i = 0; i < n; i++) {
        struct noted *noted = noted_find(list, asked[i]);
        bool came = false;
        for (size_t k = 0; k < given->mail.n && !came; k++) {
            came = given->mail.at[k].uid == asked[i];
        }
        if (noted != NULL) {
            noted->lost = fault == MAILBOX_LOST && !came ? noted->lost + 1 : 0;
        }
    }
}

enum mailbox_fault load_fetch(struct load *load, struct mailbox *mailbox, struct noted_list *noted,
                              struct error *err)
{
    struct fetching fetching = {load, noted};
    uint32_t *wanted = arena_alloc(load->arena, load->noted.n * sizeof *wanted);
    size_t n = 0;
    for (size_t i = 0; i < load->noted.n; i++) {
        const struct mailbox_uid *mail = &load->noted.at[i];
        const struct noted *known = noted_find(noted, mail->uid);
        if (known != NULL && known->lost >= LOST_MOST) {
            keep_item(&fetching, &(struct mailbox_item){.uid = mail->uid, .size = mail->size, .bytes = ""});
        } else {
            wanted[n++] = mail->uid;
        }
    }
    enum mailbox_fault fault =
        n == 0 ? MAILBOX_OK : mailbox_fetch(mailbox, wanted, n, keep_item, &fetching, err);
    count_lost(noted, wanted, n, &load->batch, fault);
    return fault;
}

/* Moves what belongs into one folder. */
static enum mailbox_fault move_to(struct load *load, struct mailbox *mailbox, enum mailbox_folder folder,
                                  struct error *err)
{
    const struct batch *batch = &load->batch;
    uint32_t *uids = arena_alloc(load->arena, (batch->mail.n + 1) * sizeof *uids);
    size_t n = 0;
    for (size_t i = 0; i < batch->mail.n; i++) {
        if (batch->mail.at[i].folder == folder) {
            uids[n++] = batch->mail.at[i].uid;
        }
    }
    enum mailbox_fault fault = n == 0 ? MAILBOX_OK : mailbox_move(mailbox, uids, n, folder, err);
    for (size_t i = 0; fault == MAILBOX_OK && i < n; i++) {
        LIST_ADD(load->arena, &load->moved)->uid = uids[i];
    }
    return fault;
}

enum mailbox_fault load_move(struct load *load, struct mailbox *mailbox, struct error *err)
{
    enum mailbox_fault worst = MAILBOX_OK;
    for (int folder = FOLDER_DONE; folder <= FOLDER_AUTOMATIC && worst != MAILBOX_LOST; folder++) {
        struct error why = {""};
        enum mailbox_fault fault = move_to(load, mailbox, folder, &why);
        if (fault != MAILBOX_OK) {
            worst = fault;
            *err = why;
        }
        checkpoint("receiver.moved");
    }
    return worst;
}
