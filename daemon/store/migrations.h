/* daemon/store/migrations.h: the schema's history; entry N-1 takes a file from version N-1 to N.
 * The Makefile makes migrations.c of schema.sql (version 1) and migration-*.sql. */
#ifndef STADTLABOR_STORE_MIGRATIONS_H
#define STADTLABOR_STORE_MIGRATIONS_H

extern const char *const store_migrations[];

#endif
