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
# Somebody else's link, also one that leads nowhere.
for target in other nowhere; do
  ln -s "$target" "$prefix/bin/berth"
  try sh_under_test "$install" --prefix "$prefix"
  status_is 1 "another program's link called berth"
  one_sentence
  [ "$(readlink "$prefix/bin/berth")" = "$target" ] || fail "the link to $target should have stayed"
  [ ! -e "$prefix/lib" ] || fail "nothing should have been done"
  rm "$prefix/bin/berth"
done

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
# Its files are not taken from under it, however the prefix is written.
ln -s "$prefix" "$SCRATCH/link"
for flag in --uninstall ''; do
  for each in "$prefix" "$SCRATCH/link"; do
    # shellcheck disable=SC2086 # a flag or none
    try sh_under_test "$install" $flag --prefix "$each"
    status_is 1 "install.sh $flag under a daemon"
    one_sentence
    warns "pid $daemon_pid"
    warns 'berth down'
  done
done
[ -f "$prefix/lib/berth/target/quarkus-app/quarkus-run.jar" ] || fail "the program should have stayed"
try sh_under_test "$berth" doctor
status_is 0 "the daemon works on"
try sh_under_test "$berth" down
status_is 0
daemon_pid=''
# A program that is there when the link was made somebody else's stays too.
rm "$prefix/bin/berth"
ln -s other "$prefix/bin/berth"
try sh_under_test "$install" --prefix "$prefix"
status_is 1 "an upgrade where the link is another's"
[ -f "$prefix/lib/berth/VERSION" ] || fail "the program should have stayed"
ln -sf ../lib/berth/deploy/bin/berth "$prefix/bin/berth"

try sh_under_test "$install" --uninstall --prefix "$prefix"
status_is 0 "uninstall"
rm -rf "$SCRATCH/data"
left=$(find "$prefix" -type f -o -type l)
[ "$left" = "$prefix/bin/other" ] || fail "this is left: $left"
printf '%s\n' "$before" | while read -r path; do [ -e "$path" ] || fail "$path was there before"; done
