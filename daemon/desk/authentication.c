#include "daemon/desk/authentication.h"

#include "base/text.h"

#include <string.h>

/* RFC 8601 2.2: authserv-id, perhaps a version, then ";". Comments in front of it are nobody's habit. */
static bool is_of(const char *value, const char *authserv_id)
{
    value += strspn(value, " \t\"");
    size_t len = strcspn(value, " \t\";");
    return len == strlen(authserv_id) && strncasecmp(value, authserv_id, len) == 0;
}

const char *authentication_of(struct arena *arena, const struct letter *letter, const char *authserv_id)
{
    for (size_t i = 0; authserv_id[0] != '\0' && i < letter->headers.n; i++) {
        const struct header *header = &letter->headers.at[i];
        if (str_equal_nocase(header->name, "Authentication-Results") && is_of(header->value, authserv_id)) {
            const char *results = strchr(header->value, ';');
            return results == NULL ? "" : str_trim(arena, results + 1);
        }
    }
    return "";
}
