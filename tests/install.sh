#!/bin/sh
# `make install` and `make uninstall` in a folder of their own: what lies where, with which modes, how the
# binaries are hardened, how exposed the service is, and that the installed program finds its files.
cd "$(dirname "$0")/.." || exit 1
root=$(mktemp -d /tmp/install.XXXXXX)
trap 'rm -rf "$root"' EXIT
failed=0
unset MAKEFLAGS MAKELEVEL KIND

ok() { # NAME COMMAND...: the command's success is the test's
    name=$1 && shift
    if reason=$("$@" 2>&1); then
        echo "ok $name"
    else
        failed=1
        echo "$reason" | sed 's/^/# /'
        echo "not ok $name"
    fi
}
mode_is() { [ "$(stat -c %a "$2")" = "$1" ] || { echo "$2: mode $(stat -c %a "$2")" && false; }; }
all_files_have_usual_modes() {
    odd=$(find "$root" ! -path "$root" \( -type d ! -perm 755 -o -type f ! -perm 644 ! -path '*bin/*' \
        -o -type f ! -perm 755 -path '*bin/*' -o ! -type d ! -type f \))
    [ -z "$odd" ] || { echo "$odd" && false; }
}
has() { # BINARY WHAT READELF-OPTION EXPRESSION
    readelf -W "$3" "$1" | grep -qE "$4" || { echo "$1: not so: $2" && false; }
}
hardened() {
    has "$1" "position independent" -h 'Type: +DYN' && has "$1" "read-only relocations" -l 'GNU_RELRO' &&
        has "$1" "bound at start" -d 'BIND_NOW|Flags:.*NOW' && has "$1" "stack not executable" -l 'GNU_STACK.* RW ' &&
        has "$1" "stack protector" --dyn-syms '__stack_chk_fail' && has "$1" "fortified calls" --dyn-syms '_chk@' &&
        has "$1" "no search path of its own" -d 'NEEDED' && ! readelf -d "$1" | grep -E 'R(UN)?PATH'
}
same_files_as() { diff -r "$1" "$2"; }
exposed_little() { # at most 1.5 of 10
    systemd-analyze security --offline=yes --threshold=15 --no-pager "$1"
}
units_are_valid() { # ExecStart= where they are installed for the test; a timer beside its service
    mkdir "$root/units"
    for file in "${unit%/*}"/*; do
        sed "s|/usr/local/|$root/usr/local/|" "$file" >"$root/units/${file##*/}"
    done
    MANPATH="$root/usr/local/share/man" systemd-analyze verify --recursive-errors=no "$root"/units/*
    status=$?
    rm -r "$root/units"
    return $status
}
says() { # WORDS COMMAND...
    words=$1 && shift
    output=$("$@" 2>&1)
    echo "$output" | grep -qF -- "$words" || { echo "$output" && false; }
}
reads_a_mail() {
    says '"intents"' env -i "$prefix/bin/stadtlabor" read --programme tests/corpus/events.csv --today 2026-11-22 \
        tests/corpus/dev/a001.eml
}
nothing_is_left() {
    left=$(find "$root" -type f ! -name stadtlabor.conf)
    [ -z "$left" ] || { echo "$left" && false; }
}
moved() { # with other paths, all that stands in files follows
    make -s install -o all DESTDIR="$root/moved" PREFIX=/opt/lab SYSCONFDIR=/opt/etc UNITDIR=/opt/units || return 1
    grep -q '^ExecStart=/opt/lab/sbin/stadtlabord' "$root/moved/opt/units/stadtlabord.service" &&
        ! grep -rn '/usr/local\|[ :]/etc/stadtlabor' "$root/moved/opt/units" "$root"/moved/opt/lab/lib
    status=$?
    rm -rf "$root/moved"
    return $status
}

ok "install" make -s -j2 install DESTDIR="$root"
prefix=$root/usr/local
conf=$root/etc/stadtlabor/stadtlabor.conf
unit=$prefix/lib/systemd/system/stadtlabord.service
for program in "$prefix/bin/stadtlabor" "$prefix/sbin/stadtlabord"; do
    ok "hardened: ${program##*/}" hardened "$program"
done
ok "usual modes" all_files_have_usual_modes
ok "patterns are there" same_files_as parsers/patterns "$prefix/share/stadtlabor/patterns"
ok "templates are there" same_files_as templates "$prefix/share/stadtlabor/templates"
ok "examples are there" same_files_as config "$prefix/share/stadtlabor/examples"
for page in man/*.*; do
    ok "man page: ${page##*/}" cmp "$page" "$prefix/share/man/man${page##*.}/${page##*/}"
done
ok "configuration can be read by all, it holds no secret" mode_is 644 "$conf"
ok "units are valid" units_are_valid
ok "service is exposed by 1.5 of 10 at most" exposed_little "$unit"
ok "the newsletter's is, too" exposed_little "$prefix/lib/systemd/system/stadtlabor-newsletter.service"
ok "user and group can be made" systemd-sysusers --dry-run "$prefix/lib/sysusers.d/stadtlabor.conf"
ok "installed program reads a mail" reads_a_mail
ok "daemon names its missing configuration" says "/nonexistent.conf" "$prefix/sbin/stadtlabord" --config /nonexistent.conf
echo "# own" >>"$conf"
ok "install again" make -s install DESTDIR="$root"
ok "own configuration is kept" grep -q "^# own" "$conf"
ok "other paths" moved
ok "uninstall" make -s uninstall DESTDIR="$root"
ok "nothing is left but the configuration" nothing_is_left
exit $failed
