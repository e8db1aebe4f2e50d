/* parsers/mail/html_text.h: HTML → the text a person would read. libxml2 is known only here.
 *
 * Blocks and <br> become lines (paragraphs with an empty line between, unless their margin is
 * 0 or they are Outlook's MsoNormal), table cells are parted by a tab and rows by a line end,
 * list items begin with "- ". What was quoted shows itself as in plain mails, so that own_words
 * sees it: lines of a <blockquote> begin with "> " (">> " when nested; an indentation, border:none,
 * is none), as do a <div> with a line at its left and GMX's and web.de's name=quote; <hr> and Outlook's line
 * above its header block (id divRplyFwdMsg, border-top) become a line of underscores. Gmail's, Yahoo's and
 * Mozilla's containers need no mark of their own: they hold an attribution line and a blockquote. <style>,
 * <script>, <title>, hidden preview text (display:none) and comments are gone; links keep their words (a
 * mailto: its address when the words do not hold it). Blanks are folded as browsers do, nbsp included;
 * zero-width characters are gone.
 *
 * Never loads anything (NONET), never HUGE; SAX, no tree: nesting beyond HTML_DEPTH_MAX or
 * more than HTML_ERRORS_MAX errors end the reading of structure: the rest comes back with its tags
 * taken out. */
#ifndef STADTLABOR_PARSERS_MAIL_HTML_TEXT_H
#define STADTLABOR_PARSERS_MAIL_HTML_TEXT_H

#include "base/arena.h"

/* Depth: open elements; replies of replies in Outlook reach about 100, and libxml2's cost for a
 * stray end tag grows with it. */
enum {
    HTML_DEPTH_MAX = 250,
    HTML_ERRORS_MAX = 20000, /* each costs libxml2 about a microsecond; bad real mails have hundreds */
};

/* `html` is UTF-8 of `len` bytes; at most `most` bytes of text come back, LF line ends. */
char *html_text(struct arena *arena, const char *html, size_t len, size_t most);

#endif
