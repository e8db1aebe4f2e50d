/* daemon/post/mailbox_session.h: the inside of a mailbox, for mailbox*.c alone. */
#ifndef STADTLABOR_POST_MAILBOX_SESSION_H
#define STADTLABOR_POST_MAILBOX_SESSION_H

#include "daemon/post/mailbox.h"
#include "daemon/post/stream.h"

#include <libetpan/libetpan.h>

enum {
    FOLDERS = 3,
    ANSWER_MOST = 4 * 1024 * 1024, /* bytes, to a command that fetches no mails */
    MAILBOX_LINE_MOST = 4096       /* bytes about a mail (flags, numbers) in an answer, amply */
};

struct mailbox {
    const struct mailbox_settings *settings;
    struct arena *arena; /* names, and what mailbox_list said */
    struct stream_settings stream_settings;
    struct stream *stream;
    mailimap *imap;
    bool idle_works;
    char separator;                              /* between levels of folders; '\0': the server has none */
    const char *prefix;                          /* of the personal namespace, as on the wire */
    const char *inbox, *sent, *folders[FOLDERS]; /* as on the wire */
    struct uids listed;                          /* from malloc; sizes that are known, ascending by UID */
    struct uids inbox_listed;                    /* … put aside while another folder is visited */
    uint32_t inbox_uidvalidity;                  /* … and what the INBOX then has to be */
};

/* --- mailbox_answer.c --- */

/* What `code`, the result of a libetpan call, means. `what` completes "the server refuses
 * to …". After MAILBOX_LOST the stream is broken: nothing is sent any more. */
enum mailbox_fault mailbox_judge(struct mailbox *mailbox, int code, const char *what, struct error *err);

/* Before each command: how much the server may answer. */
void mailbox_expect(struct mailbox *mailbox, size_t bytes);

/* The response code in brackets of the last answer, e.g. "OVERQUOTA"; "" for none. */
bool mailbox_answered(const struct mailbox *mailbox, const char *response_code);

/* A sentence of ours with host and port before it. The stream is broken by the first. */
enum mailbox_fault mailbox_lose(struct mailbox *mailbox, const char *why, struct error *err);
enum mailbox_fault mailbox_refuse(const struct mailbox *mailbox, const char *why, struct error *err);

/* --- mailbox_login.c --- */

enum mailbox_fault mailbox_login(struct mailbox *mailbox, struct error *err);

/* --- mailbox_folders.c --- */

/* Opens the INBOX, to write. */
enum mailbox_fault mailbox_select(struct mailbox *mailbox, struct error *err);

/* Finds out names and makes what is missing. */
enum mailbox_fault mailbox_prepare_folders(struct mailbox *mailbox, struct error *err);
enum mailbox_fault mailbox_make_folder(struct mailbox *mailbox, const char *name, struct error *err);

/* --- mailbox_list.c --- */

/* Numbers that a FETCH tells about one mail. */
struct mailbox_facts {
    uint32_t uid, size;
    bool has_size, seen, deleted, has_body;
};

struct mailbox_facts mailbox_read_facts(const struct mailimap_msg_att *att);

/* What libetpan calls for each mail of a FETCH and for each piece of its bytes; NULL ends it. */
void mailbox_set_handlers(mailimap *imap, mailimap_msg_att_handler *mail, mailimap_msg_body_handler *body,
                          void *ctx);

/* One UID FETCH of UID, FLAGS and RFC822.SIZE, and of the bytes too when `body` says so:
 * all of them, or the first `head` (0: all). Frees `set`; yields libetpan's result. */
int mailbox_uid_fetch(struct mailbox *mailbox, struct mailimap_set *set, bool body, size_t head);

int mailbox_by_uid(const void *a, const void *b); /* for qsort */
struct mailbox_uid *mailbox_find_uid(struct mailbox_uid *at, size_t n, uint32_t uid);

/* Fills in the sizes of `asked` (ascending), from mailbox_list or by asking; UINT32_MAX for
 * mails that are gone. */
enum mailbox_fault mailbox_learn_sizes(struct mailbox *mailbox, struct mailbox_uid *asked, size_t n,
                                       struct error *err);

/* A set of up to `batch` UIDs of the n at `uids`, runs of neighbours as ranges; says how
 * many it took. NULL for an empty one. */
struct mailimap_set *mailbox_uid_set(const struct mailbox *mailbox, const uint32_t *uids, size_t n,
                                     size_t *ret_taken);

/* Which of the n UIDs are still in the folder that is selected; into `ret`, room for n. */
enum mailbox_fault mailbox_still_there(struct mailbox *mailbox, const uint32_t *uids, size_t n, uint32_t *ret,
                                       size_t *ret_n, struct error *err);

#endif
