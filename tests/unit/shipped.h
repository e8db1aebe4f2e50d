/* tests/unit/shipped.h: the shipped patterns, for tests that read with them. */
#ifndef STADTLABOR_TESTS_UNIT_SHIPPED_H
#define STADTLABOR_TESTS_UNIT_SHIPPED_H

#include "parsers/pattern/pattern_file.h"
#include "tests/unit/check.h"

#include <stdlib.h>

/* Loaded without their proofs (make check proves them by themselves); without them the test ends. */
static inline struct patterns *shipped_patterns(void)
{
    const char *const folders[] = {"parsers/patterns", NULL};
    struct error err = {""};
    struct patterns *patterns = patterns_load(folders, false, &err);
    if (patterns == NULL) {
        printf("not ok patterns: %s\n", err.what);
        exit(1);
    }
    return patterns;
}

#endif
