# shellcheck shell=bash
# What every measurement needs: the machine in words, one daemon, a crowd, medians. Sourced by the scripts beside it.
# Whatever is started here is ended by its own pid; everything listens on loopback.

scripts=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
home=$(CDPATH='' cd -- "$scripts/../../.." && pwd -P)
mkdir -p "$home/target/bench"
# Beside the sources and not in /tmp, which is memory on many machines: an fsync has to reach a disk.
scratch=$(mktemp -d "$home/target/bench/run.XXXXXX")
daemon='' crowd=''
trap 'daemon_stop; crowd_stop; rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

say() { printf '%s\n' "$*" >&2; }

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

need() {
  local tool missing=()
  for tool in "$@"; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  [ ${#missing[@]} -eq 0 ] || die "needs ${missing[*]} (Debian: apt install lsof psmisc iproute2 wrk python3 curl)."
}

python() { command python3 "$@"; }

# Microseconds since the epoch, without starting a program.
now() { printf '%s' "${EPOCHREALTIME//[.,]/}"; }

machine() {
  printf '%s × %s, %s MB, Linux %s, %s, database on %s\n' "$(nproc)" \
    "$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)" \
    "$(awk '/MemTotal/ {print int($2 / 1024)}' /proc/meminfo)" "$(uname -r)" \
    "$("$JAVA" -version 2>&1 | sed -n '2s/ (build.*//p')" "$(stat -f -c %T "$scratch")"
}

load() { cut -d ' ' -f 1 /proc/loadavg; }

# median, percentile P: of the numbers on standard input, one per line.
median() { percentile 50; }
percentile() {
  sort -n | awk -v p="$1" '{ v[NR] = $1 } END { if (NR) { i = int(NR * p / 100 + 0.999999); if (i < 1) i = 1; print v[i] } }'
}

# ratio A B: how many times B fits into A, with sensible digits.
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { r = a / b; printf(r < 10 ? "%.1f" : "%.0f", r) }'; }

# ms MICROSECONDS
ms() { awk -v us="$1" 'BEGIN { m = us / 1000; printf(m < 1 ? "%.3f" : m < 100 ? "%.1f" : "%.0f", m) }'; }

# await SECONDS COMMAND...
await() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.01
  done
}

# crowd_start LISTENERS PROCESSES FILES
crowd_start() {
  rm -f "$scratch/crowd"
  exec {crowd_input}> >(exec python3 "$scripts/crowd.py" "$@" >"$scratch/crowd")
  crowd=$!
  await 120 grep -q ready "$scratch/crowd" || die "the crowd of $1 listeners and $2 processes did not come up."
}

crowd_stop() {
  [ -n "$crowd" ] || return 0
  exec {crowd_input}>&-
  kill "$crowd" 2>/dev/null || :
  await 30 gone "$crowd" || say "the crowd (pid $crowd) does not end"
  crowd=''
}

gone() { ! kill -0 "$1" 2>/dev/null; }

# daemon_start [NAME=VALUE...]: Berth as people start it, with an empty data directory; sets $daemon and $url.
daemon_start() {
  directory=$(mktemp -d "$scratch/data.XXXXXX")
  env -u PORT BERTH_DATA_DIR="$directory" BERTH_HTTP_PORT=0 "$@" "$home/deploy/bin/berth" serve \
    </dev/null >"$directory/console" 2>&1 &
  daemon=$!
  await 120 daemon_ready || die "Berth did not become ready: $(tail -n 5 "$directory/console")"
}

daemon_ready() {
  kill -0 "$daemon" 2>/dev/null || die "Berth ended: $(tail -n 5 "$directory/console")"
  [ -s "$directory/endpoint" ] || return 1
  url=$(head -n 1 "$directory/endpoint")
  url=${url%/}
  curl -q -sf --noproxy '*' --max-time 5 -o /dev/null "$url/q/health/ready" 2>/dev/null
}

daemon_stop() {
  [ -n "$daemon" ] || return 0
  kill "$daemon" 2>/dev/null || :
  await 20 gone "$daemon" || kill -9 "$daemon" 2>/dev/null || :
  wait "$daemon" 2>/dev/null || :
  daemon=''
}

# Builds what is missing; sets $JAVA and $JVM_FLAGS to the daemon's own.
prepare() {
  local found
  found=$(
    # shellcheck disable=SC2034
    BERTH_HOME=$home caller=$home
    # Checked where they are; their names are not ours.
    # shellcheck source=/dev/null
    . "$home/deploy/lib/common.sh"
    # shellcheck source=/dev/null
    . "$home/deploy/lib/runner.sh"
    runner_ensure >&2
    printf '%s\n%s\n' "$JAVA" "$JVM_FLAGS"
  ) || die "there is no program to measure."
  # shellcheck disable=SC2034
  { JAVA=${found%%$'\n'*} JVM_FLAGS=${found#*$'\n'}; }
}

# The measuring programs of src/bench/java/dev/berth/bench, beside the classes of the built program: sets $CLASSES.
classes() {
  local made=$home/target/bench/classes
  CLASSES="$home/target/quarkus-app/app/*:$home/target/quarkus-app/lib/main/*:$home/target/quarkus-app/lib/boot/*"
  mkdir -p "$made"
  "${JAVA%/*}/javac" -nowarn -proc:none -d "$made" -cp "$CLASSES" "$home"/src/bench/java/dev/berth/bench/*.java ||
    die "the measuring programs do not compile."
  CLASSES=$made:$CLASSES
}
