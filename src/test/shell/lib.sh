# shellcheck shell=sh disable=SC2034 # what is set here is for the tests
# What the shell tests lean on. Started by dev.berth.deploy.ShellTest and ShellIT with
#   SHELL_UNDER_TEST   such as "busybox sh"
#   BERTH_HOME         the clone
#   SCRATCH            an empty directory of the test's own
# A test ends only what it has started itself.
set -eu

berth=$BERTH_HOME/deploy/bin/berth
scripts=$BERTH_HOME/deploy/scripts
started=''
# One that every user may run: root's own may lie in root's home.
python=$(PATH=/usr/bin:/bin:$PATH command -v python3)
cd "$SCRATCH"

# at_end: more that a test has to tidy up while its daemon is still there.
at_end() { :; }

trap 'end_all' EXIT
trap 'exit 143' TERM INT HUP

fail() {
  printf 'FAILED: %s\n--- status %s, standard output:\n%s\n--- standard error:\n%s\n' "$*" "${rc:-}" "${out:-}" "${err:-}"
  exit 1
}

# try COMMAND...: sets $rc, $out and $err.
try() {
  rc=0
  out=$("$@" 2>"$SCRATCH/err") || rc=$?
  err=$(cat "$SCRATCH/err")
}

# sh_under_test WORDS...: in the shell that is tried.
sh_under_test() {
  # shellcheck disable=SC2086
  $SHELL_UNDER_TEST "$@"
}

try_berth() { try sh_under_test "$berth" "$@"; }

status_is() { [ "$rc" = "$1" ] || fail "${2:-the status} should be $1"; }
says() { case $out in *"$1"*) ;; *) fail "standard output should say \"$1\"" ;; esac }
warns() { case $err in *"$1"*) ;; *) fail "standard error should say \"$1\"" ;; esac }
warns_not() { case $err in *"$1"*) fail "standard error should not say \"$1\"" ;; esac }
silent() { [ -z "$out" ] || fail "nothing should be printed"; }

# One clear sentence: one line, which begins with who says it.
one_sentence() {
  [ "$(printf '%s\n' "$err" | wc -l)" -eq 1 ] || fail "one line of words was wanted"
  case $err in "berth: "?*) ;; *) fail "it should begin with berth:" ;; esac
}

# await SECONDS COMMAND...
await() {
  limit=$(($(date +%s) + $1))
  shift
  until "$@"; do
    [ "$(date +%s)" -lt "$limit" ] || return 1
    sleep 0.05
  done
}

# holder [stubborn] [as_nobody]: a process of the test's own that listens on a port of the kernel's choice; sets $port and
# $holder. A stubborn one ignores SIGTERM.
holder() {
  rm -f "$SCRATCH/port"
  mode=${1:-}
  set -- "$python" -c '
import os, signal, socket, sys
if sys.argv[2] == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen()
told = os.fdopen(int(sys.argv[1]), "w")
told.write(str(s.getsockname()[1]) + "\n")
told.close()
signal.alarm(300)
while True:
    signal.pause()
' 3 "$mode"
  if [ "$mode" = as_nobody ]; then set -- setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; fi
  "$@" 3>"$SCRATCH/port" </dev/null >/dev/null 2>&1 &
  holder=$!
  started="$started $holder"
  await 20 test -s "$SCRATCH/port" || fail "the holder did not come up"
  read -r port <"$SCRATCH/port"
}

# udp_holder PORT: a process of the test's own that has a UDP port; sets $holder.
udp_holder() {
  rm -f "$SCRATCH/port"
  "$python" -c '
import signal, socket, sys
s = socket.socket(type=socket.SOCK_DGRAM)
s.bind(("127.0.0.1", int(sys.argv[1])))
print("bound", flush=True)
signal.alarm(300)
signal.pause()
' "$1" >"$SCRATCH/port" </dev/null 2>/dev/null &
  holder=$!
  started="$started $holder"
  await 20 test -s "$SCRATCH/port" || fail "the UDP holder did not come up"
}

lives() {
  kill -0 "$1" 2>/dev/null || return 1
  case $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) in Z* | '') return 1 ;; esac
}

gone() { ! lives "$1"; }

# Our own children: the kernel gives their pids to nobody else until we have waited for them.
end_all() {
  result=$?
  trap - EXIT
  for each in $started; do
    kill -9 "$each" 2>/dev/null || :
    wait "$each" 2>/dev/null || :
  done
  exit "$result"
}

# daemon_up: a Berth of the test's own; sets $daemon_pid, and sees to it that nothing is left of it.
daemon_up() {
  BERTH_DATA_DIR=$SCRATCH/data
  BERTH_HTTP_PORT=0
  BERTH_ARCHIVE=false
  export BERTH_DATA_DIR BERTH_HTTP_PORT BERTH_ARCHIVE
  unset BERTH_BIN
  "$berth" up >"$SCRATCH/up" 2>&1 || {
    out=$(cat "$SCRATCH/up")
    fail "the daemon did not come up"
  }
  daemon_pid=$(sed -n 's/.*pid \([0-9]*\).*/\1/p' "$SCRATCH/up")
  trap 'daemon_away; end_all' EXIT
}

daemon_away() {
  result=$?
  at_end
  if [ -n "$daemon_pid" ]; then
    "$berth" stop --all --force -q >/dev/null 2>&1 || :
    "$berth" down >/dev/null 2>&1 || kill -9 "$daemon_pid" 2>/dev/null || :
  fi
  return "$result"
}
