#include "parsers/pattern/word_list.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/pattern/vocabulary_files.h"

#include <string.h>

enum { WORDS_FILE_MAX = 1024 * 1024, SLOTS_FIRST = 1024 };

/* A hash set with open addressing, at most half full. */
struct word_list {
    const char *name;
    const char **slots;
    size_t size, used; /* size is a power of two */
};

static size_t hash(const char *s)
{
    uint64_t h = str_hash(STR_HASH, s, strlen(s));
    return h ^ h >> 29;
}

static const char **slot(const struct word_list *list, const char *word)
{
    size_t i = hash(word) & (list->size - 1);
    while (list->slots[i] != NULL && strcmp(list->slots[i], word) != 0) {
        i = (i + 1) & (list->size - 1);
    }
    return &list->slots[i];
}

static void add(struct arena *arena, struct word_list *list, const char *word)
{
    if (list->used * 2 >= list->size) {
        struct word_list bigger = {list->name, NULL, list->size * 2, 0};
        bigger.slots = arena_alloc(arena, bigger.size * sizeof *bigger.slots);
        for (size_t i = 0; i < list->size; i++) {
            if (list->slots[i] != NULL) {
                *slot(&bigger, list->slots[i]) = list->slots[i];
            }
        }
        bigger.used = list->used;
        *list = bigger;
    }
    const char **place = slot(list, word);
    list->used += *place == NULL;
    *place = word;
}

static struct word_list *find(const struct word_lists *lists, const char *name)
{
    for (size_t i = 0; i < lists->lists.n; i++) {
        if (str_equal(lists->lists.at[i]->name, name)) {
            return lists->lists.at[i];
        }
    }
    return NULL;
}

static void read_words(struct arena *arena, struct word_list *list, const char *s)
{
    while (*s != '\0') {
        size_t len = strcspn(s, " \t\r\n#");
        if (len > 0) {
            add(arena, list, utf8_fold(arena, arena_strndup(arena, s, len)));
        }
        s += len;
        s += *s == '#' ? strcspn(s, "\n") : *s != '\0';
    }
}

bool word_lists_folder(struct arena *arena, const char *path, struct word_lists *lists, struct error *err)
{
    struct arena *scratch = arena_new();
    struct vocabulary_files files;
    bool good = vocabulary_files(scratch, path, ".words", WORDS_FILE_MAX, false, &files, err);
    for (size_t i = 0; good && i < files.file.n; i++) {
        const struct vocabulary_file *file = &files.file.at[i];
        struct word_list *list = find(lists, file->stem);
        if (list == NULL) {
            list = *LIST_ADD(arena, &lists->lists) = ARENA_NEW(arena, struct word_list);
            *list = (struct word_list){arena_strdup(arena, file->stem),
                                       arena_alloc(arena, SLOTS_FIRST * sizeof *list->slots), SLOTS_FIRST, 0};
        }
        read_words(arena, list, file->bytes);
    }
    arena_free(scratch);
    return good;
}

bool word_lists_has(const struct word_lists *lists, const char *list, const char *folded)
{
    const struct word_list *l = find(lists, list);
    return l != NULL && *slot(l, folded) != NULL;
}
