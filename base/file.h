/* base/file.h: whole files, with a bound. */
#ifndef STADTLABOR_BASE_FILE_H
#define STADTLABOR_BASE_FILE_H

#include "base/arena.h"
#include "base/error.h"

/* Reads a file (or stdin for "-") of at most `most` bytes. The result is
 * NUL-terminated behind its last byte and lives in the arena. */
bool file_read(struct arena *arena, const char *path, size_t most, char **ret_bytes, size_t *ret_len,
               struct error *err);

/* Puts the file there whole or not at all, in place of what was there; `mode` as for open(2). "-": stdout. */
bool file_write(const char *path, unsigned mode, const char *bytes, size_t len, struct error *err);

/* A secret: the file's first line, without the line end; at most 16 KiB. Refused when
 * the file is empty or other users may read it (systemd's LoadCredential files pass). */
bool file_read_secret(struct arena *arena, const char *path, char **ret, struct error *err);

/* Where this program's shared files lie (patterns, templates): `share/stadtlabor` beside
 * the folder that holds the executable. The build tree has the same shape as an
 * installation, so both work without a setting. $STADTLABOR_SHARE overrides. */
const char *file_share_folder(struct arena *arena);

#endif
