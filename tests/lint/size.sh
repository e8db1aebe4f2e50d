#!/bin/sh
# A file has at most 400 lines, a function at most 60, from its opening line to its closing brace.
cd "$(dirname "$0")/../.." || exit 1
failed=0
for kind in files functions; do
    # clang-format puts a function's braces, and nothing else but tables, at the beginning of lines.
    findings=$(git ls-files '*.c' '*.h' | xargs awk -v kind=$kind '
        function file_ends() { if (kind == "files" && lines > 400) print file ": " lines " lines" }
        FNR == 1 { file_ends(); file = FILENAME; head = "" }
        { lines = FNR }
        /^[a-zA-Z].*\(/ { head = $0; start = FNR }
        /^\{/ { open = start }
        /^\}$/ { if (kind == "functions" && open && FNR - open + 1 > 60)
                     print FILENAME ":" open ": " FNR - open + 1 " lines: " head
                 open = 0 }
        END { file_ends() }')
    if [ -n "$findings" ]; then
        failed=1
        echo "$findings" | sed 's/^/# /'
        echo "not ok long $kind"
    else
        echo "ok no long $kind"
    fi
done
exit $failed
