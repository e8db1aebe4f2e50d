#!/bin/sh
# Words that belong to no product: folders of somebody's machine, work put off, conflicts left over.
cd "$(dirname "$0")/../.." || exit 1
failed=0
none() { # NAME EXPRESSION: in no file, mails of the corpus and this one aside
    findings=$(git grep -nIE "$2" -- . ':!tests/corpus/*.eml' ':!tests/lint/words.sh' ':!*.jsonl' ':!*.patterns' ':!*.mails')
    if [ -n "$findings" ]; then
        failed=1
        echo "$findings" | sed 's/^/# /'
        echo "not ok $1"
    else
        echo "ok $1"
    fi
}
none "no folders of one machine" '/(work|root|tmp/wt)/|/home/[a-z]'
none "nothing put off" '\b(TODO|FIXME|XXX|HACK)\b'
none "no conflict left over" '^(<<<<<<<|>>>>>>>) '
none "no blanks at line ends" '[[:blank:]]+$'
exit $failed
