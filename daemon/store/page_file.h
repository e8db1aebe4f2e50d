/* daemon/store/page_file.h: the way the store's file is written: no page keeps a copy of what moved or went.
 *
 * With secure_delete SQLite overwrites what is deleted, but when it splits or merges pages it leaves copies
 * of rows in the space between a page's cell pointers and its cells, which nothing reads any more. That space
 * is written as zeros here, whenever a page goes to the file, which is at a checkpoint. So once a row is
 * deleted and the write-ahead log emptied, no byte of it is left, and nothing need be written anew. */
#ifndef STADTLABOR_STORE_PAGE_FILE_H
#define STADTLABOR_STORE_PAGE_FILE_H

#include <sqlite3.h>
#include <stdbool.h>

/* Pages of rows are told from others by their first byte, in which others have the highest eight bits of a
 * page number (Database File Format, 1.5 and 1.6): the file must not grow beyond this, 128 GB. */
enum { PAGE_FILE_PAGES_MAX = 0x01ffffff };

/* The name for sqlite3_open_v2. */
const char *page_file_vfs(void);

/* A file made with auto_vacuum has pointer map pages (1.8), which begin like pages of rows. False also for a
 * file that cannot be read: what is done with it next says why. */
bool page_file_has_other_pages(sqlite3 *db);

#endif
