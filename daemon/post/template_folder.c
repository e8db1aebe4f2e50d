#include "daemon/post/template_folder.h"

#include "base/file.h"
#include "base/text.h"

#include <string.h>
#include <unistd.h>

static bool is_file_name(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    return name[0] != '.' && name[0] != '\0' && name[strspn(name, letters)] == '\0';
}

bool template_folder_find(void *context, const char *name, const struct template **ret, struct error *err)
{
    struct template_folder *folder = context;
    for (size_t i = 0; i < folder->files.n; i++) {
        if (str_equal(folder->files.at[i].name, name)) {
            *ret = folder->files.at[i].template;
            return true;
        }
    }
    const struct template *template = NULL;
    const char *path = is_file_name(name) ? arena_printf(folder->arena, "%s/%s%s%s", folder->folder,
                                                         folder->prefix, name, folder->suffix)
                                          : NULL;
    if (path != NULL && access(path, F_OK) == 0) {
        char *bytes;
        size_t len;
        if (!file_read(folder->arena, path, TEMPLATE_MAX, &bytes, &len, err) ||
            !template_parse(folder->arena, path, bytes, len, 1, &template, err)) {
            return false;
        }
    }
    struct template_file *file = LIST_ADD(folder->arena, &folder->files);
    *file = (struct template_file){.name = arena_strdup(folder->arena, name), .template = template};
    *ret = template;
    return true;
}
