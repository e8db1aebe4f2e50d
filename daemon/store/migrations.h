/* daemon/store/migrations.h: the schema, and the ways to it. Entry 0 makes an empty file current
 * (schema.sql); entry N-1 takes a file from version N-1 to N (migration-N.sql). Made by the Makefile.
 * Migrations run in one transaction with foreign keys off, so that one may put a table in place of
 * another (sqlite.org/lang_altertable.html, section 7); the keys are checked before the commit. */
#ifndef STADTLABOR_STORE_MIGRATIONS_H
#define STADTLABOR_STORE_MIGRATIONS_H

extern const char *const store_migrations[];

#endif
