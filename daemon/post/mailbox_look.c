/* Looking into the folders besides the INBOX: what people did there. */
#include "base/text.h"
#include "daemon/post/mailbox_session.h"
#include "parsers/mail/letter.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD_MOST = 16 * 1024 /* bytes of the few header lines of one mail, amply */ };

static const char *name_of(const struct mailbox *mailbox, enum mailbox_folder folder)
{
    return folder == FOLDER_SENT ? mailbox->sent : mailbox->folders[folder];
}

enum mailbox_fault mailbox_mark(struct mailbox *mailbox, enum mailbox_folder folder, struct mailbox_mark *ret,
                                struct error *err)
{
    struct mailimap_status_att_list *wanted = mailimap_status_att_list_new_empty();
    mailimap_status_att_list_add(wanted, MAILIMAP_STATUS_ATT_UIDNEXT);
    mailimap_status_att_list_add(wanted, MAILIMAP_STATUS_ATT_UIDVALIDITY);
    struct mailimap_mailbox_data_status *status = NULL;
    mailbox_expect(mailbox, ANSWER_MOST);
    int code = mailimap_status(mailbox->imap, name_of(mailbox, folder), wanted, &status);
    mailimap_status_att_list_free(wanted);
    enum mailbox_fault fault = mailbox_judge(mailbox, code, "tell the state of a folder", err);
    if (fault != MAILBOX_OK) {
        return fault;
    }
    struct mailbox_mark mark = {0};
    clist *infos = status != NULL ? status->st_info_list : NULL;
    for (clistiter *at = infos != NULL ? clist_begin(infos) : NULL; at != NULL; at = clist_next(at)) {
        const struct mailimap_status_info *info = clist_content(at);
        if (info->st_att == MAILIMAP_STATUS_ATT_UIDNEXT) {
            mark.next = info->st_value;
        } else if (info->st_att == MAILIMAP_STATUS_ATT_UIDVALIDITY) {
            mark.uidvalidity = info->st_value;
        }
    }
    if (status != NULL) {
        mailimap_mailbox_data_status_free(status);
    }
    if (mark.next == 0 || mark.uidvalidity == 0) {
        fail(err, "%s:%d: the server does not tell how far a folder has grown (STATUS)",
             mailbox->settings->host, mailbox->settings->port);
        return MAILBOX_REFUSED;
    }
    *ret = mark;
    return MAILBOX_OK;
}

enum mailbox_fault mailbox_visit(struct mailbox *mailbox, enum mailbox_folder folder, bool only_look,
                                 struct error *err)
{
    const char *name = name_of(mailbox, folder);
    mailbox->inbox_uidvalidity = mailbox_uidvalidity(mailbox);
    mailbox->inbox_listed = mailbox->listed;
    mailbox->listed = (struct uids){0};
    mailbox_expect(mailbox, ANSWER_MOST);
    stream_wire(mailbox->stream)->exists = 0;
    int code = only_look ? mailimap_examine(mailbox->imap, name) : mailimap_select(mailbox->imap, name);
    enum mailbox_fault fault = mailbox_judge(mailbox, code, "open a folder", err);
    /* A failed EXAMINE too leaves no folder selected (RFC 3501 6.3.1). */
    return fault == MAILBOX_REFUSED ? mailbox_leave(mailbox, fault, err) : fault;
}

enum mailbox_fault mailbox_leave(struct mailbox *mailbox, enum mailbox_fault visited, struct error *err)
{
    struct error why = {""};
    if (visited == MAILBOX_LOST) {
        return visited;
    }
    free(mailbox->listed.at);
    mailbox->listed = mailbox->inbox_listed;
    mailbox->inbox_listed = (struct uids){0};
    if (stream_fault(mailbox->stream) == NULL && mailbox_select(mailbox, &why) == MAILBOX_OK) {
        if (mailbox_uidvalidity(mailbox) == mailbox->inbox_uidvalidity) {
            return visited;
        }
        fail(&why, "%s:%d: the inbox has been replaced by another", mailbox->settings->host,
             mailbox->settings->port);
    }
    stream_break(mailbox->stream, why.what);
    fail(err, "%s", why.what[0] != '\0' ? why.what : "the session is over");
    return MAILBOX_LOST;
}

struct reading_heads {
    struct arena *arena, *scratch;
    uint32_t from;
    struct mailbox_heads heads;
};

static const char *kept(struct arena *arena, const char *id)
{
    return id == NULL || *id == '\0' ? NULL : arena_strdup(arena, id);
}

static void take_lines(struct reading_heads *r, const struct mailbox_facts *facts, const char *bytes,
                       size_t len)
{
    struct letter letter;
    arena_reset(r->scratch);
    if (!letter_read(r->scratch, bytes, len, true, &letter, NULL)) {
        return;
    }
    size_t last = letter.references.id.n;
    const char *answers = letter.in_reply_to.id.n > 0 ? letter.in_reply_to.id.at[0]
                          : last > 0                  ? letter.references.id.at[last - 1]
                                                      : NULL;
    const char *by = letter.marks.auto_submitted, *cc = letter_header(&letter, "Cc");
    *LIST_ADD(r->arena, &r->heads.head) =
        (struct mailbox_head){.uid = facts->uid,
                              .size = facts->size,
                              .message_id = kept(r->arena, letter.message_id),
                              .answers = kept(r->arena, answers),
                              .subject = arena_strdup(r->arena, letter.subject),
                              .to = arena_printf(r->arena, "%s, %s", letter.to, cc != NULL ? cc : ""),
                              .automatic = by != NULL && !str_starts_nocase(by, "no")};
}

static void take_head(struct mailimap_msg_att *att, void *ctx)
{
    struct reading_heads *r = ctx;
    struct mailbox_facts facts = mailbox_read_facts(att);
    if (facts.uid < r->from || facts.deleted || !facts.has_body) {
        return; /* "N:*" always yields the last mail, even below N (RFC 3501 6.4.8) */
    }
    for (clistiter *at = clist_begin(att->att_list); at != NULL; at = clist_next(at)) {
        const struct mailimap_msg_att_item *item = clist_content(at);
        if (item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC &&
            item->att_data.att_static->att_type == MAILIMAP_MSG_ATT_BODY_SECTION) {
            const struct mailimap_msg_att_body_section *lines =
                item->att_data.att_static->att_data.att_body_section;
            take_lines(r, &facts, lines->sec_body_part, lines->sec_length);
            return;
        }
    }
}

/* UID, FLAGS, size and the beginning of the header lines that say which mail it is, what it answers and to
 * whom: a hostile mail's may be as long as it likes. */
static struct mailimap_fetch_type *wanted_lines(void)
{
    static const char *const names[] = {"Message-ID", "In-Reply-To", "References", "Auto-Submitted",
                                        "Subject",    "To",          "Cc"};
    clist *list = clist_new();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        clist_append(list, strdup(names[i]));
    }
    struct mailimap_section *section = mailimap_section_new_header_fields(mailimap_header_list_new(list));
    struct mailimap_fetch_type *wanted = mailimap_fetch_type_new_fetch_att_list_empty();
    mailimap_fetch_type_new_fetch_att_list_add(wanted, mailimap_fetch_att_new_uid());
    mailimap_fetch_type_new_fetch_att_list_add(wanted, mailimap_fetch_att_new_flags());
    mailimap_fetch_type_new_fetch_att_list_add(wanted, mailimap_fetch_att_new_rfc822_size());
    mailimap_fetch_type_new_fetch_att_list_add(
        wanted, mailimap_fetch_att_new_body_peek_section_partial(section, 0, HEAD_MOST));
    return wanted;
}

enum mailbox_fault mailbox_heads(struct mailbox *mailbox, struct arena *arena, uint32_t from,
                                 struct mailbox_heads *ret, struct error *err)
{
    struct reading_heads r = {.arena = arena, .scratch = arena_new(), .from = from};
    enum mailbox_fault fault = MAILBOX_OK;
    uint32_t exists = stream_wire(mailbox->stream)->exists;
    if (exists > 0) {
        struct mailimap_fetch_type *wanted = wanted_lines();
        struct mailimap_set *set = mailimap_set_new_interval(from, 0);
        clist *rest = NULL;
        mailbox_expect(mailbox, ANSWER_MOST + (size_t)exists * HEAD_MOST);
        mailbox_set_handlers(mailbox->imap, take_head, NULL, &r);
        int code = mailimap_uid_fetch(mailbox->imap, set, wanted, &rest);
        mailbox_set_handlers(mailbox->imap, NULL, NULL, NULL);
        if (code == MAILIMAP_NO_ERROR) { /* else libetpan has freed it */
            mailimap_fetch_list_free(rest);
        }
        mailimap_fetch_type_free(wanted);
        mailimap_set_free(set);
        fault = mailbox_judge(mailbox, code, "tell the headers of mails", err);
        if (fault == MAILBOX_REFUSED && mailbox_answered(mailbox, "EXPUNGEISSUED")) {
            fault = MAILBOX_OK;
        }
    }
    arena_free(r.scratch);
    if (fault == MAILBOX_OK) {
        *ret = r.heads;
    }
    return fault;
}
