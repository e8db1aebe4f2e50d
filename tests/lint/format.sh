#!/bin/sh
# Every C file is as clang-format would write it (make format).
cd "$(dirname "$0")/../.." || exit 1
findings=$(git ls-files '*.c' '*.h' | xargs clang-format --dry-run -Werror 2>&1 | grep ': error:' | cut -d: -f1 | sort | uniq -c)
[ -z "$findings" ] || { echo "$findings" | sed 's/^/# places, file: /'; echo "not ok clang-format" && exit 1; }
echo "ok clang-format"
