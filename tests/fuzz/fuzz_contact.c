/* Telephone numbers and addresses in any text: found ones are short, and no more than allowed. */
#include "base/utf8.h"
#include "parsers/person/contact.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena *arena = arena_new();
    struct contacts contacts;
    contacts_find(arena, utf8_repair(arena, (const char *)data, size), NULL, &contacts);
    if (contacts.phones.n > CONTACTS_MOST || contacts.addresses.n > CONTACTS_MOST) {
        abort();
    }
    arena_free(arena);
    return 0;
}
