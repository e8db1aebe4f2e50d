#include "daemon/store/sql_functions.h"

#include "base/text.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>

/* As blobs the values are not copied; instr() goes through them a character at a time. */
static void holds(sqlite3_context *context, int n, sqlite3_value **values)
{
    const void *text = sqlite3_value_blob(values[0]), *word = sqlite3_value_blob(values[1]);
    size_t text_len = (size_t)sqlite3_value_bytes(values[0]),
           word_len = (size_t)sqlite3_value_bytes(values[1]);
    (void)n;
    sqlite3_result_int(context,
                       text != NULL && word != NULL && memmem(text, text_len, word, word_len) != NULL);
}

/* Folding keeps ASCII letters in their order: a name whose own do not stand so in the other is another, which
 * spares folding nearly all of them. */
static bool may_be(const char *name, const char *folded)
{
    for (; *name != '\0'; name++) {
        unsigned char c = (unsigned char)*name;
        if (c < 0x80 && isalnum(c)) {
            folded = strchr(folded, tolower(c));
            if (folded == NULL) {
                return false;
            }
            folded++;
        }
    }
    return true;
}

static void named(sqlite3_context *context, int n, sqlite3_value **values)
{
    const char *name = (const char *)sqlite3_value_text(values[0]);
    const char *folded = (const char *)sqlite3_value_text(values[1]);
    bool same = name != NULL && folded != NULL && may_be(name, folded);
    (void)n;
    if (same) {
        struct arena *arena = arena_new();
        same = strcmp(utf8_fold(arena, str_trim(arena, name)), folded) == 0;
        arena_free(arena);
    }
    sqlite3_result_int(context, same);
}

int sql_functions(sqlite3 *db)
{
    static const struct {
        const char *name;
        void (*function)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {{"holds", holds}, {"named", named}};
    int status = SQLITE_OK;
    for (size_t i = 0; status == SQLITE_OK && i < sizeof functions / sizeof *functions; i++) {
        status = sqlite3_create_function_v2(db, functions[i].name, 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                            NULL, functions[i].function, NULL, NULL, NULL);
    }
    return status;
}
