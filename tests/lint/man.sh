#!/bin/sh
# Man pages are clean by mandoc, and name every command of the program and no other.
cd "$(dirname "$0")/../.." || exit 1
failed=0
for page in man/*.*; do
    findings=$(mandoc -Tlint -W style "$page" 2>/dev/null | grep -v 'referenced manual not found')
    if [ -n "$findings" ]; then
        failed=1
        echo "$findings" | sed 's/^/# /'
        echo "not ok $page"
    else
        echo "ok $page"
    fi
done
there=$(sed -n 's/^    {"\([a-z-]*\)", cmd_.*/\1/p' daemon/stadtlabor.c | sort)
named=$(sed -n 's/^\.It Cm \([a-z-]*\).*/\1/p' man/stadtlabor.1 | sort -u)
if [ -n "$there" ] && [ "$there" = "$named" ]; then
    echo "ok stadtlabor.1 names every command"
else
    failed=1
    echo "# commands: $(echo $there)"
    echo "# named: $(echo $named)"
    echo "not ok stadtlabor.1 names every command"
fi
exit $failed
