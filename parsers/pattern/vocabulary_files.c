#include "parsers/pattern/vocabulary_files.h"

#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    const struct vocabulary_file *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static bool read_file(struct arena *arena, const char *folder, size_t most, struct vocabulary_file *file,
                      struct error *err)
{
    char *bytes;
    file->path = arena_printf(arena, "%s/%s", folder, file->name);
    if (!file_read(arena, file->path, most, &bytes, &file->len, err)) {
        return false;
    }
    file->bytes = bytes;
    return utf8_valid(bytes, file->len) ||
           fail(err, "%s: not UTF-8; right would be to save it as UTF-8", file->path);
}

bool vocabulary_files(struct arena *arena, const char *folder, const char *ending, size_t most, bool required,
                      struct vocabulary_files *ret, struct error *err)
{
    *ret = (struct vocabulary_files){0};
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return (errno == ENOENT && !required) || fail(err, "%s: %s", folder, strerror(errno));
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        size_t len = strlen(entry->d_name), end = strlen(ending);
        if (entry->d_name[0] != '.' && len > end && str_equal(entry->d_name + len - end, ending)) {
            *LIST_ADD(arena, &ret->file) =
                (struct vocabulary_file){.name = arena_strdup(arena, entry->d_name),
                                         .stem = arena_strndup(arena, entry->d_name, len - end)};
        }
    }
    closedir(dir);
    if (ret->file.n == 0) {
        return !required || fail(err, "%s: no file NAME%s in it", folder, ending);
    }
    qsort(ret->file.at, ret->file.n, sizeof *ret->file.at, by_name);
    bool good = true;
    for (size_t i = 0; i < ret->file.n && good; i++) {
        good = read_file(arena, folder, most, &ret->file.at[i], err);
    }
    return good;
}
