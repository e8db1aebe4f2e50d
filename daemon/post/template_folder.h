/* daemon/post/template_folder.h: partials that lie as files in one folder. */
#ifndef STADTLABOR_POST_TEMPLATE_FOLDER_H
#define STADTLABOR_POST_TEMPLATE_FOLDER_H

#include "base/list.h"
#include "daemon/post/template.h"

struct template_file {
    const char *name;
    const struct template *template; /* NULL: there is no such file */
};

/* {{>NAME}} is FOLDER/PREFIX NAME SUFFIX. Each file is read once and kept in the arena; after every
 * partial was found once (template_check does that) the folder is only read, and may be shared. */
struct template_folder {
    struct arena *arena;
    const char *folder, *prefix, *suffix;
    LIST(struct template_file)
    files;
};

/* A template_find; the context is a struct template_folder. A name with anything but letters,
 * digits, "_", "-" and inner "." is of no file: it cannot lead out of the folder. */
bool template_folder_find(void *folder, const char *name, const struct template **ret, struct error *err);

#endif
