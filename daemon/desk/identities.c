#include "daemon/desk/identities.h"

#include "base/text.h"
#include "daemon/store/mail_store.h"
#include "parsers/mail/letter.h"

#include <sodium.h>
#include <string.h>

const char *identity_unread(struct arena *arena, const char *bytes, size_t len)
{
    unsigned char hash[16];
    char hex[2 * sizeof hash + 1];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)bytes, len, NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return arena_printf(arena, "raw-%s", hex);
}

const char *identity_unread_at(struct arena *arena, uint32_t uidvalidity, uint32_t uid)
{
    return arena_printf(arena, "raw-%u-%u", uidvalidity, uid);
}

bool identity_of_unread(const char *identity)
{
    return str_starts(identity, "raw-");
}

struct fetching {
    struct store *store;
    struct arena *arena, *scratch;
    struct identities *ret;
    bool failed;
    struct error err;
};

static void add(struct fetching *f, uint32_t uid, const char *identity)
{
    *LIST_ADD(f->arena, &f->ret->identity) = arena_strdup(f->arena, identity);
    *LIST_ADD(f->arena, &f->ret->uid) = uid;
}

static bool take(void *ctx, const struct mailbox_item *item)
{
    struct fetching *f = ctx;
    struct letter letter;
    struct mail_row unread;
    arena_reset(f->scratch);
    const char *identity = identity_unread(f->scratch, item->bytes, item->len);
    if (!mail_find(f->store, f->scratch, identity, &unread, &f->err)) {
        f->failed = true;
        return false;
    }
    add(f, item->uid, identity);
    if (unread.id == 0 && letter_read(f->scratch, item->bytes, item->len, item->complete, &letter, NULL)) {
        add(f, item->uid, letter_identity(f->scratch, &letter, item->bytes, item->len));
    }
    return true;
}

enum mailbox_fault identities_fetch(struct mailbox *mailbox, struct store *store, struct arena *arena,
                                    const uint32_t *uids, size_t n, struct identities *ret,
                                    bool *ret_store_failed, struct error *err)
{
    struct fetching f = {.store = store, .arena = arena, .scratch = arena_new(), .ret = ret};
    enum mailbox_fault fault = n == 0 ? MAILBOX_OK : mailbox_fetch(mailbox, uids, n, take, &f, err);
    arena_free(f.scratch);
    if (f.failed) {
        *err = f.err;
        *ret_store_failed = true;
        fault = MAILBOX_LOST;
    }
    return fault;
}

bool identity_is(const char *stored, const char *found)
{
    size_t len = strcspn(stored, "/");
    return strlen(found) == len && strncmp(stored, found, len) == 0;
}
