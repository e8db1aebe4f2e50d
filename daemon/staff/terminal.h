/* daemon/staff/terminal.h: a person at a terminal: single keys, lines, texts a screen at a time. */
#ifndef STADTLABOR_STAFF_TERMINAL_H
#define STADTLABOR_STAFF_TERMINAL_H

#include "base/arena.h"

/* One key, without Enter. The terminal is as it was when this returns; at its end, and for Ctrl-C, the key is
 * 'q'. */
int terminal_key(void);

/* A line without its end; "" at the end of the input, or when it is no UTF-8. */
const char *terminal_line(struct arena *arena, const char *question);

/* Prints the text and stops whenever the screen is full: blank and Enter go on, any other key ends it and is
 * given back. 0: all of it was printed; also at once, where the size of the screen is not known. */
int terminal_pages(const char *text);

#endif
