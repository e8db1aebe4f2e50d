#include "parsers/mail/html_tag.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *name;
    unsigned tag;
} tags[] = {
    {"a", TAG_LINK},
    {"address", TAG_BLOCK},
    {"article", TAG_BLOCK},
    {"blockquote", TAG_BLOCK | TAG_MARGIN | TAG_QUOTE},
    {"br", TAG_BREAK},
    {"caption", TAG_BLOCK},
    {"center", TAG_BLOCK},
    {"dd", TAG_BLOCK},
    {"div", TAG_BLOCK},
    {"dl", TAG_BLOCK | TAG_MARGIN},
    {"dt", TAG_BLOCK},
    {"fieldset", TAG_BLOCK},
    {"footer", TAG_BLOCK},
    {"form", TAG_BLOCK},
    {"h1", TAG_BLOCK | TAG_MARGIN},
    {"h2", TAG_BLOCK | TAG_MARGIN},
    {"h3", TAG_BLOCK | TAG_MARGIN},
    {"h4", TAG_BLOCK | TAG_MARGIN},
    {"h5", TAG_BLOCK | TAG_MARGIN},
    {"h6", TAG_BLOCK | TAG_MARGIN},
    {"header", TAG_BLOCK},
    {"hr", TAG_RULE},
    {"li", TAG_BLOCK | TAG_ITEM},
    {"main", TAG_BLOCK},
    {"nav", TAG_BLOCK},
    {"ol", TAG_BLOCK},
    {"p", TAG_BLOCK | TAG_MARGIN},
    {"pre", TAG_BLOCK | TAG_MARGIN | TAG_PRE},
    {"script", TAG_SKIP},
    {"section", TAG_BLOCK},
    {"style", TAG_SKIP},
    {"table", TAG_BLOCK},
    {"tbody", TAG_BLOCK},
    {"td", TAG_CELL},
    {"template", TAG_SKIP},
    {"tfoot", TAG_BLOCK},
    {"th", TAG_CELL},
    {"thead", TAG_BLOCK},
    {"title", TAG_SKIP},
    {"tr", TAG_BLOCK | TAG_ROW},
    {"ul", TAG_BLOCK},
};

static unsigned tag_of(const char *name)
{
    size_t low = 0, high = sizeof tags / sizeof *tags;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcasecmp(name, tags[middle].name);
        if (order == 0) {
            return tags[middle].tag;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return 0;
}

const char *html_attribute(const char *const *attributes, const char *name)
{
    for (size_t i = 0; attributes != NULL && attributes[i] != NULL; i += 2) {
        if (strcasecmp(attributes[i], name) == 0) {
            return attributes[i + 1] == NULL ? "" : attributes[i + 1];
        }
    }
    return NULL;
}

/* The value of the first such declaration in a style attribute, NULL: none. */
static const char *style_value(const char *style, const char *property, size_t *ret_len)
{
    size_t property_len = strlen(property);
    while (style != NULL && *style != '\0') {
        style += strspn(style, " \t\r\n;");
        size_t len = strcspn(style, ";");
        if (strncasecmp(style, property, property_len) == 0) {
            const char *value = style + property_len, *end = style + len;
            value += strspn(value, " \t\r\n");
            if (value < end && *value == ':') {
                value++;
                value += strspn(value, " \t\r\n");
                *ret_len = value < end ? (size_t)(end - value) : 0;
                return value;
            }
        }
        style += len;
    }
    return NULL;
}

static bool style_says(const char *style, const char *property, const char *words)
{
    size_t len, words_len = strlen(words);
    const char *value = style_value(style, property, &len);
    for (; value != NULL && len >= words_len; value++, len--) {
        if (strncasecmp(value, words, words_len) == 0) {
            return true;
        }
    }
    return false;
}

static bool style_begins(const char *style, const char *property, char first)
{
    size_t len;
    const char *value = style_value(style, property, &len);
    return value != NULL && len > 0 && *value == first;
}

/* What the attributes make of the element. */
static unsigned tag_with_attributes(unsigned tag, const char *name, const char *const *attributes)
{
    const char *style = html_attribute(attributes, "style"), *class = html_attribute(attributes, "class");
    if (style_says(style, "display", "none") || style_says(style, "mso-hide", "all") ||
        html_attribute(attributes, "hidden") != NULL) {
        return TAG_SKIP;
    }
    if (class != NULL && strncasecmp(class, "Mso", 3) == 0) {
        tag &= ~(unsigned)TAG_MARGIN;
    }
    if (style_begins(style, "margin", '0') || style_begins(style, "margin-bottom", '0')) {
        tag &= ~(unsigned)TAG_MARGIN;
    }
    if (style_says(style, "white-space", "pre")) {
        tag |= TAG_PRE;
    }
    if ((tag & TAG_QUOTE) != 0 &&
        (style_says(style, "border", "none") || style_begins(style, "border", '0')) &&
        !style_says(style, "border-left", "solid")) {
        tag &= ~(unsigned)TAG_QUOTE;
    }
    if (strcasecmp(name, "div") == 0) {
        const char *said = html_attribute(attributes, "name");
        if (style_says(style, "border-left", "solid") || (said != NULL && strcasecmp(said, "quote") == 0)) {
            tag |= TAG_QUOTE;
        }
        const char *id = html_attribute(attributes, "id");
        if ((id != NULL && strstr(id, "divRplyFwdMsg") != NULL) || style_says(style, "border-top", "solid")) {
            tag |= TAG_RULE;
        }
    }
    return tag;
}

unsigned html_tag(const char *name, const char *const *attributes)
{
    unsigned tag = tag_of(name);
    return attributes == NULL ? tag : tag_with_attributes(tag, name, attributes);
}
