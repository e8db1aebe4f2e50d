#include "daemon/newsletter/issue_picture.h"

#include <string.h>

enum { PIXELS_MAX = 20000 };

static bool begins(const struct issue_picture *picture, const char *bytes, size_t len)
{
    return picture->len >= len && memcmp(picture->bytes, bytes, len) == 0;
}

const char *issue_picture_type(const struct issue_picture *picture)
{
    return begins(picture, "\x89PNG\r\n\x1a\n", 8)                        ? "image/png"
           : begins(picture, "\xff\xd8\xff", 3)                           ? "image/jpeg"
           : begins(picture, "GIF87a", 6) || begins(picture, "GIF89a", 6) ? "image/gif"
                                                                          : NULL;
}

static unsigned byte_at(const struct issue_picture *picture, size_t at)
{
    return (unsigned char)picture->bytes[at];
}

static int big_endian(const struct issue_picture *picture, size_t at)
{
    return (int)(byte_at(picture, at) << 8 | byte_at(picture, at + 1));
}

/* ITU T.81 B.1.1.3: segments with their length; a frame's header (SOF) tells height and width. */
static bool jpeg_size(const struct issue_picture *picture, int *width, int *height)
{
    for (size_t at = 2; at + 9 <= picture->len && byte_at(picture, at) == 0xff;) {
        unsigned marker = byte_at(picture, at + 1);
        bool frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (frame) {
            *height = big_endian(picture, at + 5);
            *width = big_endian(picture, at + 7);
            return true;
        }
        at += marker == 0xff ? 1 : 2 + (size_t)big_endian(picture, at + 2);
    }
    return false;
}

bool issue_picture_size(const struct issue_picture *picture, int *ret_width, int *ret_height)
{
    const char *type = issue_picture_type(picture);
    int width = 0, height = 0;
    if (type == NULL || picture->len < 24) {
        return false;
    }
    if (type[6] == 'p') { /* the first chunk is IHDR: 32 bits each, the upper halves 0 */
        width = big_endian(picture, 18);
        height = big_endian(picture, 22);
    } else if (type[6] == 'g') { /* little-endian */
        width = (int)(byte_at(picture, 7) << 8 | byte_at(picture, 6));
        height = (int)(byte_at(picture, 9) << 8 | byte_at(picture, 8));
    } else if (!jpeg_size(picture, &width, &height)) {
        return false;
    }
    if (width < 1 || height < 1 || width > PIXELS_MAX || height > PIXELS_MAX) {
        return false;
    }
    *ret_width = width;
    *ret_height = height;
    return true;
}
