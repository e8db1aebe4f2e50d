/* What is in the inbox, and how large it is. */
#include "daemon/post/mailbox_session.h"

#include <stdlib.h>
#include <string.h>

static void read_flags(clist *flags, struct mailbox_facts *facts)
{
    for (clistiter *at = flags != NULL ? clist_begin(flags) : NULL; at != NULL; at = clist_next(at)) {
        const struct mailimap_flag_fetch *flag = clist_content(at);
        if (flag->fl_type == MAILIMAP_FLAG_FETCH_OTHER && flag->fl_flag != NULL) {
            facts->seen = facts->seen || flag->fl_flag->fl_type == MAILIMAP_FLAG_SEEN;
            facts->deleted = facts->deleted || flag->fl_flag->fl_type == MAILIMAP_FLAG_DELETED;
        }
    }
}

struct mailbox_facts mailbox_read_facts(const struct mailimap_msg_att *att)
{
    struct mailbox_facts facts = {0};
    for (clistiter *at = clist_begin(att->att_list); at != NULL; at = clist_next(at)) {
        const struct mailimap_msg_att_item *item = clist_content(at);
        if (item->att_type == MAILIMAP_MSG_ATT_ITEM_DYNAMIC) {
            read_flags(item->att_data.att_dyn->att_list, &facts);
            continue;
        }
        if (item->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC) {
            continue;
        }
        const struct mailimap_msg_att_static *fixed = item->att_data.att_static;
        if (fixed->att_type == MAILIMAP_MSG_ATT_UID) {
            facts.uid = fixed->att_data.att_uid;
        } else if (fixed->att_type == MAILIMAP_MSG_ATT_RFC822_SIZE) {
            facts.size = fixed->att_data.att_rfc822_size;
            facts.size -= facts.size == UINT32_MAX; /* that number means: unknown */
            facts.has_size = true;
        } else if (fixed->att_type == MAILIMAP_MSG_ATT_BODY_SECTION) {
            facts.has_body = fixed->att_data.att_body_section->sec_body_part != NULL; /* else NIL: vanished */
        }
    }
    return facts;
}

static void no_progress(size_t current, size_t maximum, void *ctx)
{
    (void)current, (void)maximum, (void)ctx;
}

/* libetpan calls the handlers only when there is a progress callback too. */
void mailbox_set_handlers(mailimap *imap, mailimap_msg_att_handler *mail, mailimap_msg_body_handler *body,
                          void *ctx)
{
    mailimap_set_progress_callback(imap, mail != NULL ? no_progress : NULL, mail != NULL ? no_progress : NULL,
                                   ctx);
    mailimap_set_msg_att_handler(imap, mail, ctx);
    mailimap_set_msg_body_handler(imap, body, ctx);
}

/* One UID FETCH of UID, FLAGS and RFC822.SIZE, and of the bytes too when `body` says so:
 * all of them, or the first `head` (0: all). Consumes `set`. */
int mailbox_uid_fetch(struct mailbox *mailbox, struct mailimap_set *set, bool body, size_t head)
{
    struct mailimap_fetch_type *wanted = mailimap_fetch_type_new_fetch_att_list_empty();
    mailimap_fetch_type_new_fetch_att_list_add(wanted, mailimap_fetch_att_new_uid());
    mailimap_fetch_type_new_fetch_att_list_add(wanted, mailimap_fetch_att_new_flags());
    mailimap_fetch_type_new_fetch_att_list_add(wanted, mailimap_fetch_att_new_rfc822_size());
    if (body) {
        struct mailimap_section *whole = mailimap_section_new(NULL);
        mailimap_fetch_type_new_fetch_att_list_add(
            wanted, head == 0 ? mailimap_fetch_att_new_body_peek_section(whole)
                              : mailimap_fetch_att_new_body_peek_section_partial(whole, 0, (uint32_t)head));
    }
    clist *rest = NULL;
    int code = mailimap_uid_fetch(mailbox->imap, set, wanted, &rest);
    if (code == MAILIMAP_NO_ERROR) { /* else libetpan has freed it, and left its address in `rest` */
        mailimap_fetch_list_free(rest);
    }
    mailimap_fetch_type_free(wanted);
    mailimap_set_free(set);
    return code;
}

int mailbox_by_uid(const void *a, const void *b)
{
    uint32_t left = ((const struct mailbox_uid *)a)->uid, right = ((const struct mailbox_uid *)b)->uid;
    return left < right ? -1 : left > right;
}

struct mailbox_uid *mailbox_find_uid(struct mailbox_uid *at, size_t n, uint32_t uid)
{
    struct mailbox_uid key = {.uid = uid};
    return n > 0 ? bsearch(&key, at, n, sizeof *at, mailbox_by_uid) : NULL;
}

struct listing {
    struct arena *arena;
    uint32_t after;
    struct uids found;
};

static void take_listed(struct mailimap_msg_att *att, void *ctx)
{
    struct listing *listing = ctx;
    struct mailbox_facts facts = mailbox_read_facts(att);
    /* "N:*" always yields the last mail, even below N (RFC 3501 6.4.8). */
    if (facts.uid > listing->after && facts.has_size && !facts.deleted) {
        *LIST_ADD(listing->arena, &listing->found) = (struct mailbox_uid){facts.uid, facts.size};
    }
}

/* The server told news of the mail in between (flags changed): keep one entry each. */
static void tidy(struct uids *uids)
{
    if (uids->n == 0) {
        return;
    }
    qsort(uids->at, uids->n, sizeof *uids->at, mailbox_by_uid);
    size_t kept = 1;
    for (size_t i = 1; i < uids->n; i++) {
        if (uids->at[i].uid != uids->at[kept - 1].uid) {
            uids->at[kept++] = uids->at[i];
        }
    }
    uids->n = kept;
}

static bool remember(struct mailbox *mailbox, const struct uids *uids, struct error *err)
{
    size_t size = uids->n * sizeof *uids->at;
    free(mailbox->listed.at);
    mailbox->listed = (struct uids){.at = malloc(size == 0 ? 1 : size), .n = uids->n};
    if (mailbox->listed.at == NULL) {
        mailbox->listed.n = 0;
        return fail(err, "out of memory");
    }
    if (size > 0) {
        memcpy(mailbox->listed.at, uids->at, size);
    }
    return true;
}

static enum mailbox_fault list(struct mailbox *mailbox, struct listing *listing, struct error *err)
{
    struct imap_wire *wire = stream_wire(mailbox->stream);
    wire->news = false;
    /* A server need not show in a FETCH what it has not announced yet. */
    mailbox_expect(mailbox, ANSWER_MOST);
    enum mailbox_fault fault = mailbox_judge(mailbox, mailimap_noop(mailbox->imap), "answer (NOOP)", err);
    if (fault != MAILBOX_OK || wire->exists == 0 || listing->after == UINT32_MAX) {
        return fault;
    }
    mailbox_expect(mailbox, ANSWER_MOST + (size_t)wire->exists * MAILBOX_LINE_MOST);
    mailbox_set_handlers(mailbox->imap, take_listed, NULL, listing);
    int code = mailbox_uid_fetch(mailbox, mailimap_set_new_interval(listing->after + 1, 0), false, 0);
    mailbox_set_handlers(mailbox->imap, NULL, NULL, NULL);
    fault = mailbox_judge(mailbox, code, "list the mails of the inbox", err);
    bool gone = fault == MAILBOX_REFUSED && mailbox_answered(mailbox, "EXPUNGEISSUED");
    return gone ? MAILBOX_OK : fault;
}

enum mailbox_fault mailbox_list(struct mailbox *mailbox, uint32_t after_uid, struct uids *ret,
                                struct error *err)
{
    struct listing listing = {.arena = arena_new(),
                              .after = after_uid}; /* a list that grows leaves much behind */
    enum mailbox_fault fault = list(mailbox, &listing, err);
    if (fault == MAILBOX_OK) {
        tidy(&listing.found);
        fault = remember(mailbox, &listing.found, err) ? MAILBOX_OK : MAILBOX_LOST;
        *ret = mailbox->listed;
    }
    arena_free(listing.arena);
    return fault;
}

struct mailimap_set *mailbox_uid_set(const struct mailbox *mailbox, const uint32_t *uids, size_t n,
                                     size_t *ret_taken)
{
    size_t most = mailbox->settings->batch > 0 && mailbox->settings->batch <= 500
                      ? (size_t)mailbox->settings->batch
                      : 500;
    size_t taken = 0;
    struct mailimap_set *set = mailimap_set_new_empty();
    while (taken < n && taken < most) {
        uint32_t first = uids[taken], last = first;
        taken++;
        while (taken < n && taken < most && uids[taken] == last + 1 && last < UINT32_MAX) {
            last = uids[taken++];
        }
        mailimap_set_add_interval(set, first, last);
    }
    *ret_taken = taken;
    return set;
}

struct presence {
    struct mailbox_uid *asked; /* ascending; size 1: still there */
    size_t n;
};

static void take_presence(struct mailimap_msg_att *att, void *ctx)
{
    struct presence *presence = ctx;
    struct mailbox_facts facts = mailbox_read_facts(att);
    struct mailbox_uid *known = mailbox_find_uid(presence->asked, presence->n, facts.uid);
    if (known != NULL) {
        known->size = 1;
    }
}

enum mailbox_fault mailbox_still_there(struct mailbox *mailbox, const uint32_t *uids, size_t n, uint32_t *ret,
                                       size_t *ret_n, struct error *err)
{
    struct arena *arena = arena_new();
    struct presence presence = {arena_alloc(arena, n * sizeof *presence.asked), n};
    for (size_t i = 0; i < n; i++) {
        presence.asked[i].uid = uids[i];
    }
    qsort(presence.asked, n, sizeof *presence.asked, mailbox_by_uid);
    enum mailbox_fault fault = MAILBOX_OK;
    mailbox_set_handlers(mailbox->imap, take_presence, NULL, &presence);
    for (size_t done = 0, taken; done < n && fault != MAILBOX_LOST; done += taken) {
        struct mailimap_set *set = mailbox_uid_set(mailbox, uids + done, n - done, &taken);
        mailbox_expect(mailbox, ANSWER_MOST + taken * MAILBOX_LINE_MOST);
        fault = mailbox_judge(mailbox, mailbox_uid_fetch(mailbox, set, false, 0), "look for mails", err);
    }
    mailbox_set_handlers(mailbox->imap, NULL, NULL, NULL);
    if (fault != MAILBOX_LOST) {
        fault = MAILBOX_OK;
        *ret_n = 0;
        for (size_t i = 0; i < n; i++) {
            if (mailbox_find_uid(presence.asked, n, uids[i])->size == 1) {
                ret[(*ret_n)++] = uids[i];
            }
        }
    }
    arena_free(arena);
    return fault;
}

enum mailbox_fault mailbox_learn_sizes(struct mailbox *mailbox, struct mailbox_uid *asked, size_t n,
                                       struct error *err)
{
    struct arena *arena = arena_new();
    uint32_t *unknown = arena_alloc(arena, n * sizeof *unknown);
    size_t unknown_n = 0;
    for (size_t i = 0; i < n; i++) {
        const struct mailbox_uid *known =
            mailbox_find_uid(mailbox->listed.at, mailbox->listed.n, asked[i].uid);
        asked[i].size = known != NULL ? known->size : UINT32_MAX;
        if (known == NULL) {
            unknown[unknown_n++] = asked[i].uid;
        }
    }
    enum mailbox_fault fault = MAILBOX_OK;
    for (size_t done = 0, taken; done < unknown_n && fault != MAILBOX_LOST; done += taken) {
        struct listing listing = {.arena = arena};
        struct mailimap_set *set = mailbox_uid_set(mailbox, unknown + done, unknown_n - done, &taken);
        mailbox_expect(mailbox, ANSWER_MOST + taken * MAILBOX_LINE_MOST);
        mailbox_set_handlers(mailbox->imap, take_listed, NULL, &listing);
        fault =
            mailbox_judge(mailbox, mailbox_uid_fetch(mailbox, set, false, 0), "tell the size of mails", err);
        mailbox_set_handlers(mailbox->imap, NULL, NULL, NULL);
        for (size_t i = 0; i < listing.found.n; i++) {
            struct mailbox_uid *one = mailbox_find_uid(asked, n, listing.found.at[i].uid);
            if (one != NULL) {
                one->size = listing.found.at[i].size;
            }
        }
    }
    arena_free(arena);
    return fault == MAILBOX_LOST ? fault : MAILBOX_OK;
}
