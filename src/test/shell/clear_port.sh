# shellcheck shell=sh
# Freeing ports without a daemon: the drop-in run and sourced, and berth's own basic mode, which is the same.
# shellcheck source=lib.sh
. "$BERTH_HOME/src/test/shell/lib.sh"

BERTH_DATA_DIR=$SCRATCH/data
export BERTH_DATA_DIR
clear=$scripts/clear_port.sh

# Run: several ports at once, one of which nobody holds.
holder
first=$holder first_port=$port
holder
second=$holder second_port=$port
third_port=$second_port
try sh_under_test "$clear" "$first_port" "$second_port"
status_is 0 "clear_port.sh of two ports"
says "Port $first_port is free now: SIGTERM"
says "(pid $second,"
warns 'basic mode'
if lives "$first" || lives "$second"; then fail "the holders should have gone"; fi
try sh_under_test "$clear" "$third_port"
status_is 0 "a port that nobody holds"
says "Nothing held port $third_port"

# One that ignores SIGTERM gets the grace, then SIGKILL; the other ports are freed all the same.
holder stubborn
try sh_under_test "$clear" --grace 1 "$port"
status_is 0 "a stubborn holder"
says "SIGKILL ended"
if lives "$holder"; then fail "the stubborn holder should have gone"; fi
holder stubborn
try sh_under_test "$clear" --force "$port"
status_is 0 "a stubborn holder, forced"

# Protected: this shell's ancestors. The holder is the parent of the script that clears, and must live.
cat >"$SCRATCH/parent.py" <<'PYTHON'
import socket, subprocess, sys
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen()
done = subprocess.run(sys.argv[1:] + [str(s.getsockname()[1])], capture_output=True, text=True)
print(done.returncode, done.stderr)
PYTHON
# shellcheck disable=SC2086
try "$python" "$SCRATCH/parent.py" $SHELL_UNDER_TEST "$clear" --force
status_is 0 "the parent lives"
says '4 clear_port: basic mode'
says 'this shell runs under it'

# Another user's: told, not ended. Needs root to make one.
if [ "$(id -u)" = 0 ]; then
  holder as_nobody
  try sh_under_test "$clear" --force "$port"
  status_is 4 "another user's holder"
  warns "another user's"
  lives "$holder" || fail "another user's process must not be ended"
  try_berth free "$port"
  status_is 4 "another user's holder, by berth free"
  # Seen from below: who can't even see the holder is told so. As text, because a stranger may not read the clone.
  holder
  # shellcheck disable=SC2086
  try setpriv --reuid 65534 --regid 65534 --clear-groups $SHELL_UNDER_TEST -c "$(cat "$clear"); clear_port_basic --force $port"
  status_is 4 "root's holder, seen by nobody"
  warns "can't see"
  lives "$holder" || fail "root's process must not be ended"
fi

# Wrong ports.
for wrong in 0 65536 abc -5 '' 99999999999999999999; do
  try sh_under_test "$clear" "$wrong"
  status_is 2 "the port \"$wrong\""
  silent
done
try sh_under_test "$clear"
status_is 2 "no port"

# berth's own basic mode.
holder
try_berth port "$port"
status_is 0 "berth port in basic mode"
says "(pid $holder, user $(id -un))"
warns 'basic mode'
try_berth free "$port" --dry-run
status_is 0 "a dry run"
lives "$holder" || fail "a dry run must end nobody"
try_berth free "$port"
status_is 0 "berth free in basic mode"
warns 'basic mode'
if lives "$holder"; then fail "the holder should have gone"; fi
try_berth free "$port" --json
status_is 3 "no words for programs in basic mode"

# Each tool alone finds the holder; none at all is told.
for tool in ss lsof fuser; do
  there=$(command -v $tool) || continue
  tools=$SCRATCH/tools-$tool
  mkdir "$tools"
  for each in sed tr cut sort id date sleep grep head cat printf ps stat awk; do
    if path=$(command -v $each) && [ -x "$path" ]; then ln -s "$path" "$tools/$each"; fi
  done
  ln -s "$there" "$tools/$tool"
  # shellcheck disable=SC2086
  set -- $SHELL_UNDER_TEST
  case $1 in */*) ;; *) ln -s "$(command -v "$1")" "$tools/$1" ;; esac
  holder
  # shellcheck disable=SC2016
  try env PATH="$tools" "$@" -c '. "$1"; clear_port_basic "$2"' sh "$clear" "$port"
  status_is 0 "with $tool alone"
  if lives "$holder"; then fail "the holder should have gone by $tool"; fi
  rm "$tools/$tool"
  case $SHELL_UNDER_TEST in
    busybox*) ;;
    *)
      holder
      # shellcheck disable=SC2016
      try env PATH="$tools" "$@" -c '. "$1"; clear_port_basic "$2"' sh "$clear" "$port"
      status_is 1 "without any tool"
      warns 'ss, lsof or fuser'
      lives "$holder" || fail "nobody may be ended unseen"
      ;;
  esac
  rm -r "$tools"
done

# Sourced, in a strict script with traps: options, traps and variables stay, only clear_port names are added.
strict='set -eu'
case $SHELL_UNDER_TEST in bash*) strict='set -Eeuo pipefail; trap "echo ERR trap" ERR' ;; esac
cat >"$SCRATCH/strict.sh" <<EOF2
$strict
IFS=,
trap 'echo the exit trap' EXIT
trap 'echo the term trap' TERM
port=kept result=kept found=kept
set -o >"$SCRATCH/options.before"
trap >"$SCRATCH/traps.before"
set | sed -n 's/^\\([A-Za-z_][A-Za-z_0-9]*\\)=.*/\\1/p' | sort -u >"$SCRATCH/names.before"
. "$clear"
clear_port \$1 \$2
clear_port_basic \$2
status=0
clear_port 99999 || status=\$?
set -o >"$SCRATCH/options.after"
trap >"$SCRATCH/traps.after"
set | sed -n 's/^\\([A-Za-z_][A-Za-z_0-9]*\\)=.*/\\1/p' | sort -u >"$SCRATCH/names.after"
echo "\$port \$result \$found status \$status IFS \$IFS"
EOF2
holder
first=$holder
first_port=$port
holder stubborn
CLEAR_PORT_GRACE=1
export CLEAR_PORT_GRACE
try sh_under_test "$SCRATCH/strict.sh" "$first_port" "$port"
status_is 0 "sourced"
says "kept kept kept status 2 IFS ,"
says "the exit trap"
case $out in *"ERR trap"*) fail "the caller's ERR trap must not speak of the function's inner steps" ;; esac
cmp "$SCRATCH/options.before" "$SCRATCH/options.after" || fail "the caller's options changed"
cmp "$SCRATCH/traps.before" "$SCRATCH/traps.after" || fail "the caller's traps changed"
new=$(comm -13 "$SCRATCH/names.before" "$SCRATCH/names.after" | grep -v -e '^clear_port' -e '^status$' -e '^_$' -e '^BASH_' -e '^PIPESTATUS$' -e '^FUNCNAME$') || :
[ -z "$new" ] || fail "it left names behind: $new"
if lives "$first" || lives "$holder"; then fail "the holders should have gone"; fi
