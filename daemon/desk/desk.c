#include "daemon/desk/desk.h"

#include "base/date.h"
#include "base/file.h"
#include "daemon/store/programme_store.h"

const char *desk_templates_folder(struct arena *arena, const struct config *config)
{
    return config->templates_folder[0] != '\0'
               ? config->templates_folder
               : arena_printf(arena, "%s/templates", file_share_folder(arena));
}

static bool load_patterns(struct arena *arena, const struct config *config, bool prove, struct patterns **ret,
                          struct error *err)
{
    const char *own = config->patterns_folder[0] != '\0' ? config->patterns_folder : NULL;
    const char *folders[] = {arena_printf(arena, "%s/patterns", file_share_folder(arena)), own, NULL};
    *ret = patterns_load(folders, prove, err);
    return *ret != NULL;
}

bool desk_patterns(struct arena *arena, const struct config *config, struct patterns **ret, struct error *err)
{
    return load_patterns(arena, config, true, ret, err);
}

bool desk_begin_reading(struct desk *desk, struct arena *arena, struct store *store,
                        const struct config *config, struct error *err)
{
    struct patterns *patterns;
    if (!load_patterns(arena, config, false, &patterns, err)) {
        return false;
    }
    *desk =
        (struct desk){.store = store, .config = config, .patterns = patterns, .programme_arena = arena_new()};
    return true;
}

bool desk_begin_letters(struct desk *desk, struct arena *arena, struct store *store,
                        const struct config *config, struct error *err)
{
    const struct templates *templates;
    if (!templates_load(arena, desk_templates_folder(arena, config), &templates, err)) {
        return false;
    }
    *desk = (struct desk){.store = store, .config = config, .templates = templates};
    desk->programme_arena = arena_new();
    return true;
}

bool desk_begin(struct desk *desk, struct arena *arena, struct store *store, const struct config *config,
                struct error *err)
{
    struct patterns *patterns;
    if (!desk_patterns(arena, config, &patterns, err)) {
        return false;
    }
    if (!desk_begin_letters(desk, arena, store, config, err)) {
        patterns_free(patterns);
        return false;
    }
    desk->patterns = patterns;
    return true;
}

void desk_begin_beside(struct desk *desk, const struct desk *other, struct store *store)
{
    *desk = (struct desk){.store = store, .config = other->config, .templates = other->templates};
    desk->programme_arena = arena_new();
}

void desk_end(struct desk *desk)
{
    arena_free(desk->programme_arena);
    patterns_free(desk->patterns);
    *desk = (struct desk){0};
}

bool desk_programme(struct desk *desk, struct error *err)
{
    int64_t version = programme_version(desk->store);
    if (version == desk->programme_version) {
        return true;
    }
    desk->programme_version = 0;
    desk->programme = (struct programme){0};
    arena_reset(desk->programme_arena);
    if (!programme_load(desk->store, desk->programme_arena, &desk->programme, err)) {
        return false;
    }
    if (desk->patterns != NULL) {
        programme_prepare(desk->programme_arena, desk->patterns, &desk->programme);
    }
    desk->programme_version = version;
    return true;
}

struct reader desk_reader(const struct desk *desk, int64_t received)
{
    struct reader reader = {.patterns = desk->patterns,
                            .programme = &desk->programme,
                            .caution = desk->config->caution,
                            .own_address = desk->config->lab_address};
    berlin_from_unix(received, &reader.today, NULL, NULL);
    return reader;
}
