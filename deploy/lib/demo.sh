# shellcheck shell=sh disable=SC2034,SC2154 # the parts of the program share their variables
# One conflict, settled three ways, on real processes. Sourced by deploy/bin/berth.
# Ends nothing but the holders it started itself, and declares in the namespace "demo" only.

FIRST_PORT=8000
SETTLES_WITHIN=30
SERVICE=demo/backend

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
  bold=$(printf '\033[1m') dim=$(printf '\033[2m') green=$(printf '\033[32m') yellow=$(printf '\033[33m') plain=$(printf '\033[0m')
else
  bold='' dim='' green='' yellow='' plain=''
fi

heading() { printf '\n%s── %s %s\n' "$bold" "$*" "$plain"; }
step() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
indented() { sed 's/^/    /'; }

demo() {
  command -v curl >/dev/null || die 1 "the demo talks to Berth with curl, which is not on the PATH. Install it (Debian: apt install curl)."
  java_find
  java_compiles || die 1 "the demo's stranger is a one-file Java program and needs a JDK; $JAVA is of a runtime. Set JAVA_HOME to a JDK $JAVA_NEEDED or newer."
  scratch=$(mktemp -d)
  holder=''
  base=''
  trap demo_cleanup EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP

  demo_daemon
  service=$base/namespaces/demo/services/backend
  demo_remove

  for strategy in conservative aggressive intelligent; do demo_strategy "$strategy"; done
  demo_farewell
}

# The daemon that is up, or one of our own beside the user's state.
demo_daemon() {
  directory=$(data_dir)
  if is_started "$directory"; then
    base=$(endpoint "$directory")
    step "Berth is up at $base: using it."
    return
  fi
  [ -n "${BERTH_DATA_DIR:-}" ] || directory=$(state_dir)/berth-demo
  if is_started "$directory"; then
    base=$(endpoint "$directory")
    step "The demo's Berth is up at $base: using it."
    return
  fi
  runner_ensure
  (umask 077 && mkdir -p "$directory") || die 1 "can't make the demo's data directory $directory. Set BERTH_DATA_DIR to one that can be written."
  daemon_log=$directory/demo.log
  step "Starting Berth (data directory $directory)"
  # A session of its own where the system can: Ctrl-C is for the demo, the daemon stays.
  new_session='nohup'
  if command -v setsid >/dev/null; then new_session=setsid; fi
  began=$(date +%s)
  rm -f "$directory/endpoint"
  BERTH_DATA_DIR=$directory "$new_session" "$BERTH_BIN/berth" serve </dev/null >"$daemon_log" 2>&1 &
  daemon=$!
  await 60 demo_daemon_settled || :
  if ! is_started "$directory"; then
    say "Berth did not come up within a minute. Its last words, from $daemon_log:"
    tail -n 20 "$daemon_log" | indented >&2
    kill "$daemon" 2>/dev/null || :
    die 1 "no daemon, no demo."
  fi
  base=$(endpoint "$directory")
  printf '%sup%s at %s after %s s, pid %s\n' "$green" "$plain" "$base" "$(($(date +%s) - began))" "$daemon" | indented
}

demo_daemon_settled() { is_started "$directory" || ! kill -0 "$daemon" 2>/dev/null; }

demo_strategy() {
  heading "Strategy: $1"
  demo_holder_start
  since=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  last=$(newest id)
  spec="{\"port\": $port, \"alternativePorts\": [$next, $after], \"strategy\": \"$1\", \"gracePeriod\": \"2s\"}"

  step "What Berth would do (PUT $service?dryRun=true)"
  printf '%s\n' "$spec" | indented
  put "$service?dryRun=true" "$spec"

  step "Declared"
  put "$service" "$spec"

  await "$SETTLES_WITHIN" is_settled || :
  conflict=$(newest id)
  if [ -z "$conflict" ] || [ "$conflict" = "$last" ]; then
    die 1 "no conflict over port $port was recorded within $SETTLES_WITHIN s, although process $holder_pid holds it. See $base/conflicts and the log."
  fi
  step "The conflict (GET /conflicts/$conflict)"
  printf '%s%s%s, %s → %s%s%s\n' "$yellow" "$(newest severity)" "$plain" "$(newest decision)" "$green" "$(newest state)" "$plain" | indented
  show "/conflicts/$conflict"

  step "In the end"
  printf 'service %s has port %s\n' "$SERVICE" "$(http GET "$service" -f -H 'Accept: application/yaml' | yaml_status_port)" | indented
  if kill -0 "$holder" 2>/dev/null && holder_answers; then
    printf 'process %s still serves its page on %s\n' "$holder_pid" "$port" | indented
  else
    printf 'process %s is gone from %s\n' "$holder_pid" "$port" | indented
  fi

  step "On record (GET /audit?service=$SERVICE)"
  show "/audit?service=$SERVICE&since=$since&limit=100"
  demo_remove
  demo_holder_stop
}

# put URL JSON: shows the answer; a refusal ends the demo.
put() {
  code=$(http PUT "$1" -H 'Content-Type: application/json' -H 'Accept: text/plain' -d "$2" -o "$scratch/answer" -w '%{http_code}')
  indented <"$scratch/answer"
  case $code in 2*) ;; *) die 1 "PUT $1 was answered with status $code." ;; esac
}

# newest FIELD: of the last conflict about our service.
newest() {
  http GET "$base/conflicts?service=$SERVICE&limit=1" -f -H 'Accept: application/yaml' |
    sed -n "s/^[- ]*$1: *\"\{0,1\}\([^\"]*\)\"\{0,1\}\$/\1/p" | head -n 1
}

is_settled() {
  [ "$(newest id)" != "$last" ] || return 1
  case $(newest state) in Resolved | Failed | Dismissed | AwaitingApproval) ;; *) return 1 ;; esac
}

yaml_status_port() { sed -n '/^status:/,/^[^ ]/s/^  port: *//p' | head -n 1; }

show() { http GET "$base$1" -f -H 'Accept: text/plain' | indented; }

holder_answers() { http GET "http://127.0.0.1:$port/" -f -o /dev/null 2>/dev/null; }

demo_holder_start() {
  rm -f "$scratch/holder"
  "$JAVA" -XX:TieredStopAtLevel=1 "$BERTH_HOME/deploy/demo/Holder.java" "$FIRST_PORT" "$scratch/holder" </dev/null >"$scratch/holder.log" 2>&1 &
  holder=$!
  if ! await 20 test -s "$scratch/holder"; then
    die 1 "the demo's own stranger did not get a port from $FIRST_PORT on: $(tail -n 1 "$scratch/holder.log")"
  fi
  read -r holder_pid port next after <"$scratch/holder"
  step "A stranger takes port $port"
  printf 'pid %s: java Holder.java (this demo started it, and will end it)\n' "$holder_pid" | indented
}

# Our own child: until we have waited for it the kernel gives its pid to nobody else.
demo_holder_stop() {
  [ -n "$holder" ] || return 0
  kill "$holder" 2>/dev/null || :
  if ! await 5 holder_gone; then kill -9 "$holder" 2>/dev/null || :; fi
  wait "$holder" 2>/dev/null || :
  holder=''
}

# Gone, or a zombie that only waits for our wait. Slim images have /proc but no ps, macOS has it the other way round.
holder_gone() {
  if [ -d /proc/self ]; then
    process=$(sed 's/.*) //' "/proc/$holder/stat" 2>/dev/null) || :
  else
    process=$(ps -o stat= -p "$holder" 2>/dev/null) || :
  fi
  case $process in '' | Z*) return 0 ;; *) return 1 ;; esac
}

demo_remove() {
  http DELETE "$service" -o /dev/null
  await 15 is_removed || say "berth: the service $SERVICE is not gone after 15 s; see $service"
}

is_removed() { [ "$(http GET "$service" -o /dev/null -w '%{http_code}')" = 404 ]; }

demo_cleanup() {
  demo_holder_stop
  if [ -n "$base" ]; then http DELETE "$base/namespaces/demo/services/backend" -o /dev/null 2>/dev/null || :; fi
  rm -rf "$scratch"
}

demo_farewell() {
  heading "Berth stays up at $base"
  berth=$BERTH_BIN/berth
  if [ "$directory" != "$(data_dir)" ]; then printf 'It has a data directory of its own: export BERTH_DATA_DIR=%s\n' "$directory"; fi
  cat <<TEXT
Try next:
  $berth scan              every port in use, and by whom
  $berth port $port         one port, with its history
  $berth get conflicts     what was found and settled
  $berth audit verify      is the record whole
  echo 'services: {web: {port: 3000}}' | $berth apply -f -      guard a port of your own
  $berth down              stop it
${dim}Log and state: $directory${plain}
TEXT
}
