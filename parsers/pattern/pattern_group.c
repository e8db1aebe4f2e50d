#include "parsers/pattern/pattern_parts.h"

#include "base/text.h"

#include <stdlib.h>

static size_t hash_of(const char *name, size_t len)
{
    uint64_t h = str_hash(STR_HASH, name, len);
    return h ^ h >> 29;
}

static struct pattern_group *slot(const struct patterns *patterns, const char *name, size_t len)
{
    size_t i = hash_of(name, len) & patterns->groups_mask;
    for (struct pattern_group *g; (g = &patterns->group[i])->name != NULL;
         i = (i + 1) & patterns->groups_mask) {
        if (g->name_len == len && memcmp(g->name, name, len) == 0) {
            return g;
        }
    }
    return &patterns->group[i];
}

const struct pattern_group *pattern_group_find(const struct patterns *patterns, const char *name)
{
    const struct pattern_group *group = slot(patterns, name, strlen(name));
    return group->name != NULL ? group : NULL;
}

static void add_to_group(struct patterns *patterns, size_t pattern, size_t name_len)
{
    const struct pattern *p = &patterns->pattern.at[pattern];
    struct pattern_group *group = slot(patterns, p->name, name_len);
    if (group->name == NULL) {
        *group = (struct pattern_group){.name = p->name, .name_len = name_len, .begin = pattern};
    }
    group->end = pattern + 1;
    for (size_t i = 0; i < group->places.n; i++) {
        if (group->places.at[i].table == p->place.table) {
            group->places.at[i].bits |= p->place.bits;
            return;
        }
    }
    *LIST_ADD(patterns->arena, &group->places) = p->place;
}

static size_t group_len(const struct pattern *p)
{
    return strcspn(p->name, ".");
}

struct unsorted {
    struct pattern pattern;
    const struct pattern_openings *openings;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct unsorted *)a)->pattern.name, ((const struct unsorted *)b)->pattern.name);
}

void pattern_groups_build(struct patterns *patterns, struct arena *scratch,
                          const struct pattern_openings *openings)
{
    size_t n = patterns->pattern.n, size = 16;
    struct unsorted *all = arena_alloc(scratch, n * sizeof *all);
    for (size_t i = 0; i < n; i++) {
        all[i] = (struct unsorted){patterns->pattern.at[i], &openings[i]};
    }
    qsort(all, n, sizeof *all, by_name);
    pattern_index_begin(patterns->arena, &patterns->index);
    for (size_t i = 0; i < n; i++) {
        patterns->pattern.at[i] = all[i].pattern;
        patterns->pattern.at[i].place = pattern_index_add(patterns->arena, &patterns->index, all[i].openings);
    }
    while (size < 4 * n) {
        size *= 2;
    }
    patterns->groups_mask = size - 1;
    patterns->group = arena_alloc(patterns->arena, size * sizeof *patterns->group);
    for (size_t i = 0; i < n; i++) {
        add_to_group(patterns, i, group_len(&patterns->pattern.at[i]));
        add_to_group(patterns, i, strlen(patterns->pattern.at[i].name));
    }
}
