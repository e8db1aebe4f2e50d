#!/bin/sh
# Includes run one way (the Makefile's ROOMS, lowest first), are written from the root, and each library is
# known only to its owners, by the lines of #include.
cd "$(dirname "$0")/../.." || exit 1
failed=0
includes=$(git ls-files 'base/*.[ch]' 'parsers/*.[ch]' 'daemon/*.[ch]' | xargs grep -nE '^ *# *include' /dev/null |
    sed -E 's/: *# *include */:/')

verdict() { # NAME FINDINGS
    if [ -n "$2" ]; then
        failed=1
        echo "$2" | sed 's/^/# /'
        echo "not ok $1"
    else
        echo "ok $1"
    fi
}
in_room() { echo "$includes" | grep -E "^$1/[a-z0-9_]+\.[ch]:"; }

below=
for room in ${ROOMS:?}; do
    below="$below${below:+|}$room"
    verdict "$room includes only what lies below it" "$(in_room "$room" | grep '"' | grep -vE "\"($below)/[^/]+\"")"
done
verdict "rooms have no programs' headers" "$(echo "$includes" | grep '"' | grep -vE "\"($below)/[^/]+\"")"

# LIBRARY HEADERS OWNERS: extended regular expressions.
while read -r library headers owners; do
    verdict "one owner: $library" "$(echo "$includes" | grep -E ":<($headers)" | grep -vE "^($owners):")"
done <<'OWNERS'
GMime      gmime/             parsers/mail/(letter|mime_decode)\.c|daemon/post/compose\.c
GLib       glib               base/utf8\.c
libxml2    libxml/            parsers/mail/html_text\.c
PCRE2      pcre2              parsers/pattern/pattern_(match\.c|parts\.h)
SQLite     sqlite3            daemon/store/[a-z_]+\.[ch]
libetpan   libetpan/          daemon/post/(mailbox|stream)[a-z_]*\.[ch]
libcurl    curl/              daemon/post/(sender|token)[a-z_]*\.[ch]|daemon/stadtlabord?\.c
libical    libical/           daemon/post/calendar[a-z_]*\.[ch]
GnuTLS     gnutls/            daemon/post/(mailbox|stream)[a-z_]*\.[ch]
libidn2    idn2               daemon/post/smtp\.c
libsystemd systemd/           daemon/stadtlabord\.c
cmark-gfm  cmark-gfm          daemon/newsletter/markdown[a-z_]*\.[ch]
OWNERS
exit $failed
