/* The folders of the mailbox: their names on the wire, and making those that are missing. */
#include "base/text.h"
#include "base/utf8.h"
#include "daemon/post/mailbox_session.h"
#include "daemon/post/mailbox_utf7.h"

#include <string.h>

/* A folder as LIST tells it. */
struct folder {
    const char *name; /* as on the wire */
    char separator;
    bool sent, selectable;
};

struct folders {
    LIST(struct folder);
};

static void note_flags(struct folder *folder, struct mailimap_mbx_list_flags *flags)
{
    folder->selectable = true;
    if (flags == NULL) {
        return;
    }
    if (flags->mbf_type == MAILIMAP_MBX_LIST_FLAGS_SFLAG &&
        flags->mbf_sflag == MAILIMAP_MBX_LIST_SFLAG_NOSELECT) {
        folder->selectable = false;
    }
    for (clistiter *at = clist_begin(flags->mbf_oflags); at != NULL; at = clist_next(at)) {
        const struct mailimap_mbx_list_oflag *flag = clist_content(at);
        if (flag->of_type != MAILIMAP_MBX_LIST_OFLAG_FLAG_EXT || flag->of_flag_ext == NULL) {
            continue;
        }
        const char *name = flag->of_flag_ext + (flag->of_flag_ext[0] == '\\');
        folder->sent = folder->sent || str_equal_nocase(name, "Sent");
        if (str_equal_nocase(name, "NonExistent")) { /* RFC 5258 */
            folder->selectable = false;
        }
    }
}

static void take_listed(struct arena *arena, clist *listed, struct folders *folders)
{
    for (clistiter *at = clist_begin(listed); at != NULL; at = clist_next(at)) {
        const struct mailimap_mailbox_list *entry = clist_content(at);
        if (entry->mb_name == NULL || strpbrk(entry->mb_name, "\r\n") != NULL) {
            continue; /* a name that would break a command */
        }
        struct folder *folder = LIST_ADD(arena, folders);
        folder->name = arena_strdup(arena, entry->mb_name);
        folder->separator = entry->mb_delimiter;
        note_flags(folder, entry->mb_flag);
    }
}

static enum mailbox_fault list(struct mailbox *mailbox, struct arena *arena, const char *pattern,
                               struct folders *ret, struct error *err)
{
    clist *listed = NULL;
    mailbox_expect(mailbox, ANSWER_MOST);
    int code = mailimap_list(mailbox->imap, "", pattern, &listed);
    if (code == MAILIMAP_NO_ERROR) {
        *ret = (struct folders){0};
        take_listed(arena, listed, ret);
        mailimap_list_result_free(listed);
    }
    return mailbox_judge(mailbox, code, "list its folders", err);
}

/* RFC 2342; a server without it tells its separator by LIST "" "" (RFC 3501 6.3.8). */
static enum mailbox_fault find_namespace(struct mailbox *mailbox, struct arena *arena, struct error *err)
{
    struct folders folders = {0};
    enum mailbox_fault fault = list(mailbox, arena, "", &folders, err);
    if (fault != MAILBOX_OK) {
        return fault;
    }
    mailbox->prefix = "";
    mailbox->separator = folders.n > 0 ? folders.at[0].separator : '\0';
    if (!mailimap_has_namespace(mailbox->imap)) {
        return MAILBOX_OK;
    }
    struct mailimap_namespace_data *namespaces = NULL;
    mailbox_expect(mailbox, ANSWER_MOST);
    int code = mailimap_namespace(mailbox->imap, &namespaces);
    if (code == MAILIMAP_ERROR_EXTENSION && stream_fault(mailbox->stream) == NULL) {
        return MAILBOX_OK; /* NO, or an answer that says nothing */
    }
    if (code != MAILIMAP_NO_ERROR) {
        return mailbox_judge(mailbox, code, "tell its namespaces", err);
    }
    const struct mailimap_namespace_item *personal = namespaces->ns_personal;
    clistiter *first = personal != NULL ? clist_begin(personal->ns_data_list) : NULL;
    const struct mailimap_namespace_info *info = first != NULL ? clist_content(first) : NULL;
    if (info != NULL && info->ns_prefix != NULL) {
        mailbox->prefix = arena_strdup(mailbox->arena, info->ns_prefix);
        mailbox->separator = info->ns_delimiter != '\0' ? info->ns_delimiter : mailbox->separator;
    }
    mailimap_namespace_data_free(namespaces);
    return MAILBOX_OK;
}

/* True when `level` can be one level of a name on this server. */
static bool level_is_good(const struct mailbox *mailbox, const char *level, struct error *err)
{
    if (level[0] == '\0' || !utf8_valid(level, strlen(level))) {
        return fail(err, "a folder's name is empty or not valid UTF-8");
    }
    for (const char *s = level; *s != '\0'; s++) {
        bool forbidden =
            (unsigned char)*s < 0x20 || *s == 0x7f || *s == '*' || *s == '%' || *s == '"' || *s == '\\';
        if (forbidden || (*s == mailbox->separator && *s != '\0')) {
            return fail(err, "the folder's name \"%s\" holds %s, which this server does not take there",
                        level, forbidden ? "one of * % \" \\ or a control character" : "its separator");
        }
    }
    return true;
}

/* "Amt/Stadtlabor" → the name on the wire, with the server's prefix and separator. */
static bool wire_name(struct mailbox *mailbox, const char *path, const char **ret, struct error *err)
{
    struct arena *arena = mailbox->arena;
    struct text name = text_new(arena, 2000);
    text_add(&name, mailbox->prefix);
    for (const char *s = path;; s++) {
        size_t len = strcspn(s, "/");
        const char *level = arena_strndup(arena, s, len);
        if (!level_is_good(mailbox, level, err)) {
            return false;
        }
        text_add(&name, mailbox_utf7_encode(arena, level));
        s += len;
        if (*s == '\0') {
            break;
        }
        if (mailbox->separator == '\0') {
            return fail(err, "the server has no folders within folders, as \"%s\" would need", path);
        }
        text_addc(&name, mailbox->separator);
    }
    if (name.overflow) {
        return fail(err, "the folder's name is too long");
    }
    *ret = name.s;
    return true;
}

static enum mailbox_fault exists(struct mailbox *mailbox, const char *name, bool *ret, struct error *err)
{
    struct arena *arena = arena_new();
    struct folders folders = {0};
    enum mailbox_fault fault = list(mailbox, arena, name, &folders, err);
    if (fault == MAILBOX_OK) {
        *ret = false;
        for (size_t i = 0; i < folders.n; i++) {
            *ret = *ret || (folders.at[i].selectable && str_equal(folders.at[i].name, name));
        }
    }
    arena_free(arena);
    return fault;
}

static int create(struct mailbox *mailbox, const char *name)
{
    mailbox_expect(mailbox, ANSWER_MOST);
    int code = mailimap_create(mailbox->imap, name);
    if (code == MAILIMAP_NO_ERROR) {
        /* So that mail programs show it; a server that cannot is no trouble. */
        mailbox_expect(mailbox, ANSWER_MOST);
        int subscribed = mailimap_subscribe(mailbox->imap, name);
        code = subscribed == MAILIMAP_ERROR_SUBSCRIBE ? MAILIMAP_NO_ERROR : subscribed;
    }
    return code;
}

/* A name may stand in a sentence only as people read it. */
static const char *readable(struct arena *arena, const char *name)
{
    const char *utf8 = mailbox_utf7_decode(arena, name);
    return utf8 != NULL ? utf8 : name;
}

enum mailbox_fault mailbox_make_folder(struct mailbox *mailbox, const char *name, struct error *err)
{
    bool there = false;
    enum mailbox_fault fault = exists(mailbox, name, &there, err);
    if (fault != MAILBOX_OK || there) {
        return fault;
    }
    struct arena *arena = arena_new();
    const char *what = arena_printf(arena, "make the folder %s", readable(arena, name));
    int code = create(mailbox, name);
    const char *last = mailbox->separator != '\0' ? strrchr(name, mailbox->separator) : NULL;
    if (code == MAILIMAP_ERROR_CREATE && last != NULL && last > name) {
        /* RFC 3501 6.3.3: a server SHOULD make the levels above; this one may not. */
        create(mailbox, arena_strndup(arena, name, (size_t)(last - name)));
        code = stream_fault(mailbox->stream) != NULL ? MAILIMAP_ERROR_STREAM : create(mailbox, name);
    }
    fault = mailbox_judge(mailbox, code, what, err);
    if (fault == MAILBOX_REFUSED) {
        /* Somebody else may have made it in the same moment. */
        struct error ignored;
        enum mailbox_fault again = exists(mailbox, name, &there, &ignored);
        fault = again == MAILBOX_OK && there ? MAILBOX_OK : fault;
    }
    arena_free(arena);
    return fault;
}

/* The sent folder by its special use (RFC 6154); most servers tell it in a plain LIST. */
static enum mailbox_fault find_special_sent(struct mailbox *mailbox, struct arena *arena,
                                            const struct folders *all, const char **ret, struct error *err)
{
    for (size_t i = 0; i < all->n; i++) {
        if (all->at[i].sent && all->at[i].selectable) {
            *ret = all->at[i].name;
            return MAILBOX_OK;
        }
    }
    bool special_use = mailimap_has_extension(mailbox->imap, "SPECIAL-USE") != 0;
    if (!special_use && !mailimap_has_xlist(mailbox->imap)) {
        return MAILBOX_OK;
    }
    struct folders folders = {0};
    clist *listed = NULL;
    mailbox_expect(mailbox, ANSWER_MOST);
    int code = special_use ? mailimap_custom_command(mailbox->imap, "LIST (SPECIAL-USE) \"\" \"*\"")
                           : mailimap_xlist(mailbox->imap, "", "*", &listed);
    if (code == MAILIMAP_NO_ERROR) {
        take_listed(arena, special_use ? mailbox->imap->imap_response_info->rsp_mailbox_list : listed,
                    &folders);
    }
    if (listed != NULL) {
        mailimap_list_result_free(listed);
    }
    for (size_t i = 0; i < folders.n && *ret == NULL; i++) {
        *ret = folders.at[i].sent && folders.at[i].selectable ? folders.at[i].name : NULL;
    }
    enum mailbox_fault fault = mailbox_judge(mailbox, code, "list its special folders", err);
    return fault == MAILBOX_LOST ? fault : MAILBOX_OK;
}

static enum mailbox_fault find_sent(struct mailbox *mailbox, struct arena *arena, struct error *err)
{
    static const char *const usual[] = {
        "Sent", "Gesendet", "Gesendete Elemente", "Gesendete Objekte", "Sent Items", "Sent Messages"};
    struct folders all = {0};
    const char *found = NULL;
    enum mailbox_fault fault = list(mailbox, arena, "*", &all, err);
    if (fault == MAILBOX_OK) {
        fault = find_special_sent(mailbox, arena, &all, &found, err);
    }
    for (size_t u = 0; u < sizeof usual / sizeof *usual && fault == MAILBOX_OK && found == NULL; u++) {
        const char *name = NULL;
        if (!wire_name(mailbox, usual[u], &name, NULL)) {
            continue;
        }
        for (size_t i = 0; i < all.n && found == NULL; i++) {
            found = all.at[i].selectable && str_equal_nocase(all.at[i].name, name) ? all.at[i].name : NULL;
        }
    }
    if (found != NULL) {
        mailbox->sent = arena_strdup(mailbox->arena, found);
    }
    return fault;
}

/* The sent folder: as configured, else as found, else "Sent" is made. */
static enum mailbox_fault prepare_sent(struct mailbox *mailbox, struct arena *arena, struct error *err)
{
    const char *configured = mailbox->settings->sent;
    if (configured == NULL) {
        enum mailbox_fault fault = find_sent(mailbox, arena, err);
        if (fault != MAILBOX_OK || mailbox->sent != NULL) {
            return fault;
        }
    }
    if (!wire_name(mailbox, configured != NULL ? configured : "Sent", &mailbox->sent, err)) {
        return MAILBOX_REFUSED;
    }
    return mailbox_make_folder(mailbox, mailbox->sent, err);
}

enum mailbox_fault mailbox_prepare_folders(struct mailbox *mailbox, struct error *err)
{
    const struct mailbox_settings *settings = mailbox->settings;
    const char *leaves[FOLDERS] = {
        [FOLDER_DONE] = settings->done,
        [FOLDER_REVIEW] = settings->review,
        [FOLDER_AUTOMATIC] = settings->automatic,
    };
    struct arena *arena = arena_new();
    enum mailbox_fault fault = find_namespace(mailbox, arena, err);
    for (size_t i = 0; i < FOLDERS && fault == MAILBOX_OK; i++) {
        const char *path = arena_printf(arena, "%s/%s", settings->root, leaves[i]);
        fault = wire_name(mailbox, path, &mailbox->folders[i], err)
                    ? mailbox_make_folder(mailbox, mailbox->folders[i], err)
                    : MAILBOX_REFUSED;
    }
    if (fault == MAILBOX_OK && str_equal_nocase(settings->inbox, "INBOX")) {
        mailbox->inbox = "INBOX";
    } else if (fault == MAILBOX_OK && !wire_name(mailbox, settings->inbox, &mailbox->inbox, err)) {
        fault = MAILBOX_REFUSED;
    }
    if (fault == MAILBOX_OK) {
        fault = prepare_sent(mailbox, arena, err);
    }
    arena_free(arena);
    return fault;
}

uint32_t mailbox_uidvalidity(const struct mailbox *mailbox)
{
    const struct mailimap_selection_info *selection = mailbox->imap->imap_selection_info;
    return selection != NULL ? selection->sel_uidvalidity : 0;
}

enum mailbox_fault mailbox_select(struct mailbox *mailbox, struct error *err)
{
    mailbox_expect(mailbox, ANSWER_MOST);
    stream_wire(mailbox->stream)->exists = 0;
    int code = mailimap_select(mailbox->imap, mailbox->inbox);
    enum mailbox_fault fault = mailbox_judge(mailbox, code, "open the inbox", err);
    stream_wire(mailbox->stream)->news = true;
    if (fault != MAILBOX_OK) {
        return fault;
    }
    if (mailbox->imap->imap_selection_info->sel_perm == MAILIMAP_MAILBOX_READONLY) {
        fail(err, "%s:%d: the inbox may only be read; right would be an account that may move mails",
             mailbox->settings->host, mailbox->settings->port);
        return MAILBOX_REFUSED;
    }
    if (mailbox_uidvalidity(mailbox) == 0) {
        fail(err, "%s:%d: the server gives its mails no lasting numbers (UIDVALIDITY)",
             mailbox->settings->host, mailbox->settings->port);
        return MAILBOX_REFUSED;
    }
    return MAILBOX_OK;
}
