/* daemon/post/checkpoint.h: named places where the kill test ends the process.
 *
 * Called at each commit, send and move: between any two of them the world may have
 * changed and the store not yet know, or the other way round. Outside of tests it does
 * nothing. With STADTLABOR_KILL_AT="outbox.sent:3" in the environment the process sends
 * itself SIGKILL at the third passing of that name, counted over all threads. */
#ifndef STADTLABOR_POST_CHECKPOINT_H
#define STADTLABOR_POST_CHECKPOINT_H

void checkpoint(const char *name);

#endif
