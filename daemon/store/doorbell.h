/* daemon/store/doorbell.h: how a command tells the running daemon that it put letters into the
 * outbox: a datagram to a socket beside the store ("STORE.bell"). Nothing is lost when nobody hears:
 * the daemon looks into the outbox at its next turn. */
#ifndef STADTLABOR_STORE_DOORBELL_H
#define STADTLABOR_STORE_DOORBELL_H

#include "base/error.h"

/* The daemon's end, non-blocking, mode 0660; only the daemon listens, so a socket left by a killed
 * one is replaced. -1: err says why. */
int doorbell_listen(const char *store_path, struct error *err);
void doorbell_close(int fd, const char *store_path);
/* True when at least one ring came since the last call. */
bool doorbell_rang(int fd);
void doorbell_ring(const char *store_path);

#endif
