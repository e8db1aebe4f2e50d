/* Any bytes as a mail: no crash, and what comes out is valid UTF-8 within its bounds. */
#include "base/utf8.h"
#include "parsers/mail/letter.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void check(const char *s, size_t most)
{
    if (s != NULL && (strlen(s) > most || !utf8_valid(s, strlen(s)))) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena *arena = arena_new();
    struct letter letter;
    if (letter_read(arena, (const char *)data, size, true, &letter, NULL)) {
        check(letter.text, LETTER_TEXT_MAX);
        check(letter.subject, 4 * LETTER_HEADER_MAX);
        check(letter.from.address, 300);
        check(letter.from.name, 4 * LETTER_HEADER_MAX);
        for (size_t i = 0; i < letter.headers.n; i++) {
            check(letter.headers.at[i].value, 4 * LETTER_HEADER_MAX);
            if (strpbrk(letter.headers.at[i].value, "\r\n") != NULL) {
                abort();
            }
        }
        for (size_t i = 0; i < letter.attachments.n; i++) {
            check(letter.attachments.at[i].file_name, 4 * LETTER_HEADER_MAX);
        }
        letter_identity(arena, &letter, (const char *)data, size);
    }
    arena_free(arena);
    return 0;
}
