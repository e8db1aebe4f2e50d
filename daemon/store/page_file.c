/* daemon/store/page_file.c: SQLite's own file, but for the way its pages are written. */
#include "daemon/store/page_file.h"

#include <stddef.h>
#include <string.h>

enum { FILE_HEADER = 100, PAGE_MOST = 65536 };

static const char vfs_name[] = "stadtlabor";

/* Stands in memory behind SQLite's own struct of the file, which points at `methods`. */
struct page_file {
    sqlite3_io_methods methods; /* SQLite's, with another xWrite */
    int (*write)(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 offset);
};

static size_t number(const unsigned char *at)
{
    return (size_t)at[0] << 8 | at[1];
}

/* Where a page of rows or of an index has its unallocated space (Database File Format, 1.6). */
static bool unallocated(const unsigned char *page, size_t len, size_t header, size_t *ret_from,
                        size_t *ret_to)
{
    unsigned char kind = page[header];
    bool inner = kind == 0x02 || kind == 0x05, leaf = kind == 0x0a || kind == 0x0d;
    size_t cells = number(page + header + 5);
    *ret_from = header + (inner ? 12 : 8) + 2 * number(page + header + 3);
    *ret_to = cells == 0 ? PAGE_MOST : cells;
    return (inner || leaf) && *ret_from < *ret_to && *ret_to <= len;
}

static bool all_zero(const unsigned char *bytes, size_t len)
{
    return bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0;
}

static int write_page(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 offset)
{
    const struct page_file *own = (const struct page_file *)file->pMethods; /* its first member */
    unsigned char page[PAGE_MOST];
    size_t from, to, n = (size_t)len;
    if (n > FILE_HEADER && n <= PAGE_MOST &&
        unallocated(bytes, n, offset == 0 ? FILE_HEADER : 0, &from, &to) &&
        !all_zero((const unsigned char *)bytes + from, to - from)) {
        memcpy(page, bytes, n);
        memset(page + from, 0, to - from);
        bytes = page;
    }
    return own->write(file, bytes, len, offset);
}

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
    sqlite3_vfs *sqlites = sqlite3_vfs_find(NULL);
    (void)vfs;
    int status = sqlites->xOpen(sqlites, name, file, flags, ret_flags);
    if (status == SQLITE_OK && (flags & SQLITE_OPEN_MAIN_DB)) {
        struct page_file *own = (struct page_file *)((char *)file + sqlites->szOsFile);
        own->methods = *file->pMethods;
        own->write = own->methods.xWrite;
        own->methods.xWrite = write_page;
        file->pMethods = &own->methods;
    }
    return status;
}

/* SQLite keeps the pointer until the process ends. */
static void register_vfs(void)
{
    sqlite3_vfs *sqlites = sqlite3_vfs_find(NULL), *ours = sqlite3_malloc(sizeof *ours);
    if (sqlites == NULL || ours == NULL) {
        return;
    }
    *ours = *sqlites;
    ours->pNext = NULL;
    ours->zName = vfs_name;
    ours->szOsFile += (int)sizeof(struct page_file);
    ours->xOpen = open_file;
    sqlite3_vfs_register(ours, 0);
}

const char *page_file_vfs(void)
{
    sqlite3_initialize();
    sqlite3_mutex *alone = sqlite3_mutex_alloc(SQLITE_MUTEX_STATIC_APP1);
    sqlite3_mutex_enter(alone);
    if (sqlite3_vfs_find(vfs_name) == NULL) {
        register_vfs();
    }
    sqlite3_mutex_leave(alone);
    return vfs_name;
}

bool page_file_has_other_pages(sqlite3 *db)
{
    sqlite3_stmt *statement = NULL;
    bool others = sqlite3_prepare_v2(db, "PRAGMA auto_vacuum", -1, &statement, NULL) == SQLITE_OK &&
                  sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_int(statement, 0) != 0;
    sqlite3_finalize(statement);
    return others;
}
