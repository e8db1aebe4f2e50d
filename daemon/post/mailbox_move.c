/* Moving mails out of the inbox, and filing copies of sent ones. */
#include "base/text.h"
#include "daemon/post/mailbox_session.h"

#include <stdlib.h>
#include <string.h>

/* UID STORE set +FLAGS.SILENT (flag). */
static int add_flag(struct mailbox *mailbox, struct mailimap_set *set, struct mailimap_flag *flag)
{
    struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
    mailimap_flag_list_add(flags, flag);
    struct mailimap_store_att_flags *store = mailimap_store_att_flags_new_add_flags_silent(flags);
    mailbox_expect(mailbox, ANSWER_MOST);
    int code = mailimap_uid_store(mailbox->imap, set, store);
    mailimap_store_att_flags_free(store);
    return code;
}

/* Numbers compared, not sets: sorted copies. */
static int by_number(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return left < right ? -1 : left > right;
}

/* Whether every mail that is marked \Deleted is one of ours. */
static enum mailbox_fault only_ours_deleted(struct mailbox *mailbox, const uint32_t *uids, size_t n,
                                            bool *ret, struct error *err)
{
    struct mailimap_search_key *key = mailimap_search_key_new(
        MAILIMAP_SEARCH_KEY_DELETED, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL);
    clist *found = NULL;
    mailbox_expect(mailbox, ANSWER_MOST);
    int code = mailimap_uid_search(mailbox->imap, NULL, key, &found);
    mailimap_search_key_free(key);
    enum mailbox_fault fault = mailbox_judge(mailbox, code, "search for deleted mails", err);
    if (fault != MAILBOX_OK) {
        return fault;
    }
    struct arena *arena = arena_new();
    uint32_t *ours = arena_alloc(arena, n * sizeof *ours);
    memcpy(ours, uids, n * sizeof *ours);
    qsort(ours, n, sizeof *ours, by_number);
    *ret = true;
    for (clistiter *at = found != NULL ? clist_begin(found) : NULL; at != NULL; at = clist_next(at)) {
        const uint32_t *uid = clist_content(at);
        *ret = *ret && uid != NULL && bsearch(uid, ours, n, sizeof *ours, by_number) != NULL;
    }
    if (found != NULL) {
        mailimap_search_result_free(found);
    }
    arena_free(arena);
    return MAILBOX_OK;
}

/* After a successful COPY: takes the originals out of the inbox, and nothing else. */
static enum mailbox_fault remove_copied(struct mailbox *mailbox, struct mailimap_set *set,
                                        const uint32_t *uids, size_t n, struct error *err)
{
    int code = add_flag(mailbox, set, mailimap_flag_new_deleted());
    enum mailbox_fault fault = mailbox_judge(mailbox, code, "mark moved mails as deleted", err);
    if (fault != MAILBOX_OK) {
        return fault;
    }
    mailbox_expect(mailbox, ANSWER_MOST);
    if (mailimap_has_uidplus(mailbox->imap)) {
        code = mailimap_uid_expunge(mailbox->imap, set);
        return mailbox_judge(mailbox, code, "remove moved mails from the inbox", err);
    }
    bool alone = false;
    fault = only_ours_deleted(mailbox, uids, n, &alone, err);
    if (fault != MAILBOX_OK || !alone) {
        return fault; /* they stay marked; mailbox_list does not show them */
    }
    mailbox_expect(mailbox, ANSWER_MOST);
    return mailbox_judge(mailbox, mailimap_expunge(mailbox->imap), "remove moved mails from the inbox", err);
}

/* One attempt for one set. */
static enum mailbox_fault move_set(struct mailbox *mailbox, struct mailimap_set *set, const uint32_t *uids,
                                   size_t n, enum mailbox_folder folder, struct error *err)
{
    enum mailbox_fault fault = MAILBOX_OK;
    if (folder != FOLDER_REVIEW) {
        int code = add_flag(mailbox, set, mailimap_flag_new_seen());
        fault = mailbox_judge(mailbox, code, "mark mails as seen", err);
        if (fault != MAILBOX_OK) {
            return fault;
        }
    }
    const char *name = mailbox->folders[folder];
    mailbox_expect(mailbox, ANSWER_MOST);
    if (mailimap_has_extension(mailbox->imap, "MOVE")) {
        return mailbox_judge(mailbox, mailimap_uid_move(mailbox->imap, set, name), "move mails", err);
    }
    fault = mailbox_judge(mailbox, mailimap_uid_copy(mailbox->imap, set, name), "copy mails", err);
    return fault == MAILBOX_OK ? remove_copied(mailbox, set, uids, n, err) : fault;
}

/* After a refusal: the folder may be gone, or some of the mails. Once more with what is
 * there; a second refusal is told. */
static enum mailbox_fault try_again(struct mailbox *mailbox, const uint32_t *uids, size_t n,
                                    enum mailbox_folder folder, struct error *err)
{
    struct arena *arena = arena_new();
    uint32_t *left = arena_alloc(arena, n * sizeof *left);
    size_t left_n = 0, taken = 0;
    enum mailbox_fault fault = mailbox_still_there(mailbox, uids, n, left, &left_n, err);
    if (fault == MAILBOX_OK && left_n > 0) {
        fault = mailbox_make_folder(mailbox, mailbox->folders[folder], err);
    }
    if (fault == MAILBOX_OK && left_n > 0) {
        struct mailimap_set *set = mailbox_uid_set(mailbox, left, left_n, &taken);
        fault = move_set(mailbox, set, left, left_n, folder, err);
        mailimap_set_free(set);
    }
    arena_free(arena);
    return fault;
}

enum mailbox_fault mailbox_move(struct mailbox *mailbox, const uint32_t *uids, size_t n,
                                enum mailbox_folder folder, struct error *err)
{
    enum mailbox_fault fault = MAILBOX_OK;
    for (size_t done = 0, taken; done < n && fault == MAILBOX_OK; done += taken) {
        struct mailimap_set *set = mailbox_uid_set(mailbox, uids + done, n - done, &taken);
        fault = move_set(mailbox, set, uids + done, taken, folder, err);
        mailimap_set_free(set);
        if (fault == MAILBOX_REFUSED) {
            fault = try_again(mailbox, uids + done, taken, folder, err);
        }
    }
    return fault;
}

static int append(struct mailbox *mailbox, const char *bytes, size_t len)
{
    struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
    mailimap_flag_list_add(flags, mailimap_flag_new_seen());
    mailbox_expect(mailbox, ANSWER_MOST);
    int code = mailimap_append(mailbox->imap, mailbox->sent, flags, NULL, bytes, len);
    mailimap_flag_list_free(flags);
    return code;
}

enum mailbox_fault mailbox_append_sent(struct mailbox *mailbox, const char *bytes, size_t len,
                                       struct error *err)
{
    if (len == 0 || memchr(bytes, '\0', len) != NULL) {
        fail(err, "a mail for the sent folder is empty or holds NUL");
        return MAILBOX_REFUSED;
    }
    static const char what[] = "file a copy in the sent folder";
    enum mailbox_fault fault = mailbox_judge(mailbox, append(mailbox, bytes, len), what, err);
    const struct mailimap_response_info *info = mailbox->imap->imap_response_info;
    if (fault == MAILBOX_REFUSED && info != NULL && info->rsp_trycreate) {
        fault = mailbox_make_folder(mailbox, mailbox->sent, err);
        if (fault == MAILBOX_OK) {
            fault = mailbox_judge(mailbox, append(mailbox, bytes, len), what, err);
        }
    }
    return fault;
}

/* Of no other characters: what a search key may hold without quoting. */
static bool is_searchable(const char *message_id)
{
    for (const char *s = message_id; *s != '\0'; s++) {
        if (*s <= ' ' || *s > '~' || *s == '"' || *s == '\\') {
            return false;
        }
    }
    return *message_id != '\0';
}

static struct mailimap_search_key *of_message_id(const char *message_id)
{
    char *name = strdup("Message-ID"), *value = strdup(message_id);
    struct mailimap_search_key *key =
        name != NULL && value != NULL ? mailimap_search_key_new_header(name, value) : NULL;
    if (key == NULL) {
        free(name);
        free(value);
    }
    return key; /* NOLINT(clang-analyzer-unix.Malloc): the key owns name and value */
}

/* LARGER and SMALLER leave out the number itself. */
static struct mailimap_search_key *of_size(uint32_t size)
{
    struct mailimap_search_key *both = mailimap_search_key_new_multiple_empty();
    mailimap_search_key_multiple_add(both, mailimap_search_key_new_larger(size == 0 ? 0 : size - 1));
    mailimap_search_key_multiple_add(both, mailimap_search_key_new_smaller(size + 1));
    return both;
}

/* UID SEARCH in the folder that is selected. Frees the key. */
static enum mailbox_fault search(struct mailbox *mailbox, struct arena *arena,
                                 struct mailimap_search_key *key, struct uids *ret, struct error *err)
{
    clist *found = NULL;
    mailbox_expect(mailbox, ANSWER_MOST);
    int code = key == NULL ? MAILIMAP_ERROR_MEMORY : mailimap_uid_search(mailbox->imap, NULL, key, &found);
    if (key != NULL) {
        mailimap_search_key_free(key);
    }
    if (code == MAILIMAP_NO_ERROR && found != NULL) {
        for (clistiter *at = clist_begin(found); at != NULL; at = clist_next(at)) {
            const uint32_t *uid = clist_content(at);
            LIST_ADD(arena, ret)->uid = *uid;
        }
        mailimap_search_result_free(found);
    }
    return mailbox_judge(mailbox, code, "search a folder", err);
}

enum mailbox_fault mailbox_visited_like(struct mailbox *mailbox, struct arena *arena, const char *message_id,
                                        uint32_t size, struct uids *ret, struct error *err)
{
    return search(mailbox, arena, is_searchable(message_id) ? of_message_id(message_id) : of_size(size), ret,
                  err);
}

enum mailbox_fault mailbox_sent_has(struct mailbox *mailbox, const char *message_id, bool *ret,
                                    struct error *err)
{
    if (!is_searchable(message_id)) {
        fail(err, "a Message-ID holds characters that no Message-ID has");
        return MAILBOX_REFUSED;
    }
    struct arena *arena = arena_new();
    struct uids found = {0};
    enum mailbox_fault fault = mailbox_visit(mailbox, FOLDER_SENT, true, err);
    if (fault == MAILBOX_OK) {
        fault = search(mailbox, arena, of_message_id(message_id), &found, err);
        fault = mailbox_leave(mailbox, fault, err);
    }
    if (fault == MAILBOX_OK) {
        *ret = found.n > 0;
    }
    arena_free(arena);
    return fault;
}
