# shellcheck shell=sh
# Installing under a prefix and back out again; what lies there already stays.
# shellcheck source=lib.sh
. "$BERTH_HOME/src/test/shell/lib.sh"

BERTH_ARCHIVE=false
export BERTH_ARCHIVE
install=$BERTH_HOME/deploy/install.sh
prefix="$SCRATCH/a prefix"
mkdir -p "$prefix/bin" "$prefix/share/fish/vendor_completions.d"
echo other >"$prefix/bin/other"
before=$(find "$prefix" | sort)

try sh_under_test "$install" --uninstall --prefix "$prefix"
status_is 1 "nothing to uninstall"
try sh_under_test "$install" --perfix "$prefix"
status_is 2 "a wrong flag"
echo '#!/bin/sh' >"$prefix/bin/berth"
try sh_under_test "$install" --prefix "$prefix"
status_is 1 "another program called berth"
rm "$prefix/bin/berth"

# Twice: the second replaces the first.
for _ in 1 2; do
  try sh_under_test "$install" --prefix "$prefix"
  status_is 0 "install"
  says 'berth up'
done
berth="$prefix/bin/berth"
try sh_under_test "$berth" version
status_is 0
says 'berth 0.'
try sh_under_test "$berth" help
status_is 0
[ -s "$prefix/share/bash-completion/completions/berth" ] || fail "there is no completion for bash"

# It runs, from there.
daemon_up
try sh_under_test "$berth" status
status_is 0 "status of the installed one"
grep -q "$prefix/lib/berth" "/proc/$daemon_pid/cmdline" || fail "the daemon runs from elsewhere"
try sh_under_test "$berth" down
status_is 0
daemon_pid=''

try sh_under_test "$install" --uninstall --prefix "$prefix"
status_is 0 "uninstall"
rm -rf "$SCRATCH/data"
left=$(find "$prefix" -type f -o -type l)
[ "$left" = "$prefix/bin/other" ] || fail "this is left: $left"
printf '%s\n' "$before" | while read -r path; do [ -e "$path" ] || fail "$path was there before"; done
