#include "parsers/pattern/weight_list.h"

#include "base/text.h"
#include "parsers/pattern/vocabulary_files.h"

#include <stdlib.h>
#include <string.h>

enum { WEIGHTS_FILE_MAX = 4 * 1024 * 1024, WEIGHT_MOST = 10000, SLOTS_LEAST = 64 };

/* A place in the table: where a feature stands tells 15 bits or more of its hash, this the other half. */
struct slot {
    uint32_t check; /* 0: empty */
    int16_t of[WEIGHTS];
};

/* A table with open addressing, at most half full. */
struct weight_list {
    const char *name;
    struct slot *slots;
    size_t size;                     /* a power of two */
    const struct weight_list *older; /* of the folder before: what is not here is looked for there; or NULL */
};

static uint32_t check_of(uint64_t hash)
{
    return (uint32_t)(hash >> 32) | 1;
}

static struct slot *slot_of(const struct weight_list *list, uint64_t hash)
{
    size_t i = hash & (list->size - 1);
    while (list->slots[i].check != 0 && list->slots[i].check != check_of(hash)) {
        i = (i + 1) & (list->size - 1);
    }
    return &list->slots[i];
}

static void put(struct weight_list *list, uint64_t hash, struct weight weight)
{
    *slot_of(list, hash) = (struct slot){check_of(hash), {(int16_t)weight.of[0], (int16_t)weight.of[1]}};
}

/* A whole number and the one blank behind it. */
static bool read_number(const char **s, int *ret)
{
    char *end;
    long value = strtol(*s, &end, 10);
    if ((**s != '-' && (**s < '0' || **s > '9')) || end == *s || *end != ' ' || value < -WEIGHT_MOST ||
        value > WEIGHT_MOST) {
        return false;
    }
    *ret = (int)value;
    *s = end + 1;
    return true;
}

static bool read_lines(struct weight_list *list, const char *file, const char *s, struct error *err)
{
    for (int line = 1; *s != '\0'; line++) {
        size_t len = strcspn(s, "\n");
        if (len > 0 && *s != '#') {
            struct weight weight;
            const char *at = s;
            if (!read_number(&at, &weight.of[0]) || !read_number(&at, &weight.of[1]) ||
                (size_t)(at - s) >= len) {
                return fail(err,
                            "%s:%d: right would be two whole numbers from -%d to %d and what they are of, "
                            "as in \"87 12 wüsste\"",
                            file, line, WEIGHT_MOST, WEIGHT_MOST);
            }
            put(list, str_hash(STR_HASH, at, len - (size_t)(at - s)), weight);
        }
        s += len + (s[len] == '\n');
    }
    return true;
}

static size_t lines_in(const char *s)
{
    size_t n = 1;
    for (; *s != '\0'; s++) {
        n += *s == '\n';
    }
    return n;
}

/* An empty list with room for the file's lines, put before the one of its name that is there. */
static struct weight_list *list_begin(struct arena *arena, struct weight_lists *lists, const char *name,
                                      const char *bytes)
{
    struct weight_list *list = ARENA_NEW(arena, struct weight_list), **place = NULL;
    list->name = name;
    list->size = SLOTS_LEAST;
    for (size_t lines = lines_in(bytes); list->size < 2 * lines;) {
        list->size *= 2;
    }
    list->slots = arena_alloc(arena, list->size * sizeof *list->slots);
    for (size_t i = 0; i < lists->lists.n && place == NULL; i++) {
        place = str_equal(lists->lists.at[i]->name, name) ? &lists->lists.at[i] : NULL;
    }
    if (place == NULL) {
        place = LIST_ADD(arena, &lists->lists);
    }
    list->older = *place;
    return *place = list;
}

bool weight_lists_folder(struct arena *arena, const char *path, struct weight_lists *lists, struct error *err)
{
    struct arena *scratch = arena_new();
    struct vocabulary_files files;
    bool good = vocabulary_files(scratch, path, ".weights", WEIGHTS_FILE_MAX, false, &files, err);
    for (size_t i = 0; good && i < files.file.n; i++) {
        const struct vocabulary_file *file = &files.file.at[i];
        struct weight_list *list = list_begin(arena, lists, arena_strdup(arena, file->stem), file->bytes);
        good = read_lines(list, file->path, file->bytes, err);
    }
    arena_free(scratch);
    return good;
}

const struct weight_list *weight_list(const struct weight_lists *lists, const char *name)
{
    for (size_t i = 0; i < lists->lists.n; i++) {
        if (str_equal(lists->lists.at[i]->name, name)) {
            return lists->lists.at[i];
        }
    }
    return NULL;
}

struct weight weight_of_hash(const struct weight_list *list, uint64_t hash)
{
    for (; list != NULL; list = list->older) {
        const struct slot *slot = slot_of(list, hash);
        if (slot->check != 0) {
            return (struct weight){{slot->of[0], slot->of[1]}};
        }
    }
    return (struct weight){0};
}
