/* parsers/mail/html_tag.h: what an element does to the lines around it, by its name and its attributes. */
#ifndef STADTLABOR_PARSERS_MAIL_HTML_TAG_H
#define STADTLABOR_PARSERS_MAIL_HTML_TAG_H

enum html_tag {
    TAG_BLOCK = 1 << 0,  /* begins and ends a line */
    TAG_MARGIN = 1 << 1, /* an empty line before and behind */
    TAG_SKIP = 1 << 2,   /* nobody reads what is in it */
    TAG_PRE = 1 << 3,
    TAG_QUOTE = 1 << 4,
    TAG_CELL = 1 << 5,
    TAG_ROW = 1 << 6,
    TAG_ITEM = 1 << 7,
    TAG_LINK = 1 << 8,
    TAG_BREAK = 1 << 9,
    TAG_RULE = 1 << 10,
};

/* enum html_tag, or-ed; 0 for an element that does nothing. `attributes`: name, value, name, value …,
 * NULL; itself NULL when there are none. A value may be NULL. */
unsigned html_tag(const char *name, const char *const *attributes);

/* The value of the first attribute of that name (case does not count), "" when it has none; NULL: the
 * attribute is absent. */
const char *html_attribute(const char *const *attributes, const char *name);

#endif
