/* parsers/html_text.h: HTML → the text a person would read. libxml2 is known only here.
 *
 * Blocks and <br> become lines, table cells are parted by a tab and rows by a line end,
 * list items begin with "- ", <blockquote> (and Outlook's and Gmail's quote containers:
 * class gmail_quote, id divRplyFwdMsg, border-top separators) lines begin with "> " so that
 * own_words sees them as quoted; <style>, <script>, <head>, hidden preview text
 * (display:none) and comments are gone; links keep their words (a mailto: its address when
 * the words do not hold it). Blanks are folded as browsers do, nbsp included. Never loads
 * anything (NONET), never HUGE; walks without recursion on hostile depth. */
#ifndef STADTLABOR_PARSERS_HTML_TEXT_H
#define STADTLABOR_PARSERS_HTML_TEXT_H

#include "base/arena.h"

/* `html` is UTF-8 of `len` bytes; at most `most` bytes of text come back, LF line ends. */
char *html_text(struct arena *arena, const char *html, size_t len, size_t most);

#endif
