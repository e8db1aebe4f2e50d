#!/bin/sh
# clang-tidy finds nothing; .clang-tidy says what is looked for. $COMPILE_FLAGS: a file, one flag a line.
cd "$(dirname "$0")/../.." || exit 1
findings=$(git ls-files '*.c' | xargs -P2 -I{} sh -c \
    'clang-tidy --quiet {} -- $(cat "$0") 2>/dev/null' "$COMPILE_FLAGS" | grep -E ': (warning|error):' | sort -u)
echo "$findings" | sed 's/^/# /'
[ -z "$findings" ] || { echo "not ok clang-tidy: $(echo "$findings" | wc -l) findings" && exit 1; }
echo "ok clang-tidy"
