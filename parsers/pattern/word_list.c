#include "parsers/pattern/word_list.h"

#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"

#include <dirent.h>
#include <errno.h>
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
    size_t h = 14695981039346656037U; /* FNV-1a, 64 bit */
    for (; *s != '\0'; s++) {
        h = (h ^ (unsigned char)*s) * 1099511628211U;
    }
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
    static const char ending[] = ".words";
    DIR *dir = opendir(path);
    if (dir == NULL) {
        return errno == ENOENT || fail(err, "%s: %s", path, strerror(errno));
    }
    bool good = true;
    for (struct dirent *entry; good && (entry = readdir(dir)) != NULL;) {
        size_t len = strlen(entry->d_name), stem = len - (sizeof ending - 1);
        if (len < sizeof ending || entry->d_name[0] == '.' || !str_equal(entry->d_name + stem, ending)) {
            continue;
        }
        char *bytes;
        size_t size;
        const char *file = arena_printf(arena, "%s/%s", path, entry->d_name);
        good =
            file_read(arena, file, WORDS_FILE_MAX, &bytes, &size, err) &&
            (utf8_valid(bytes, size) || fail(err, "%s: not UTF-8; right would be to save it as UTF-8", file));
        if (!good) {
            break;
        }
        const char *name = arena_strndup(arena, entry->d_name, stem);
        struct word_list *list = find(lists, name);
        if (list == NULL) {
            list = *LIST_ADD(arena, &lists->lists) = ARENA_NEW(arena, struct word_list);
            *list = (struct word_list){name, arena_alloc(arena, SLOTS_FIRST * sizeof *list->slots),
                                       SLOTS_FIRST, 0};
        }
        read_words(arena, list, bytes);
    }
    closedir(dir);
    return good;
}

bool word_lists_has(const struct word_lists *lists, const char *list, const char *folded)
{
    const struct word_list *l = find(lists, list);
    return l != NULL && *slot(l, folded) != NULL;
}
