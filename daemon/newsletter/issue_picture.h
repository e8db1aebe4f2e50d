/* daemon/newsletter/issue_picture.h: what is known of a picture by its first bytes: PNG, JPEG, GIF. Pure. */
#ifndef STADTLABOR_NEWSLETTER_ISSUE_PICTURE_H
#define STADTLABOR_NEWSLETTER_ISSUE_PICTURE_H

#include "daemon/store/issue_store.h"

/* "image/png", "image/jpeg", "image/gif"; NULL: none of these. */
const char *issue_picture_type(const struct issue_picture *picture);

/* Pixels; false: not to be found out. */
bool issue_picture_size(const struct issue_picture *picture, int *ret_width, int *ret_height);

#endif
