# shellcheck shell=sh disable=SC2034,SC2154 # the parts of the program share their variables
# The daemon itself: serve in the foreground, up and down in the background. Sourced by deploy/bin/berth.

# How long a daemon may take to come up: a cold disk and a busy machine included. And to go: it may be told to stop its
# services first (the setting shutdown.timeout, 30 s unless it was changed).
COMES_UP_WITHIN=90
GOES_WITHIN=60

serve() {
  case ${1:-} in -h | --help) help_and_exit serve ;; esac
  load runner
  runner_ensure
  # The working directory is Berth's own, so that no .env or config/application.properties of whatever directory this
  # was called from configures the daemon. Where the state directory can't be made, the daemon keeps its state in
  # memory and says so; / is then nobody's directory either.
  BERTH_CALLER_DIR=$caller
  export BERTH_CALLER_DIR
  if [ -n "${BERTH_DATA_DIR:-}" ]; then
    BERTH_DATA_DIR=$(absolute "$BERTH_DATA_DIR")
    export BERTH_DATA_DIR
  fi
  directory=$(data_dir)
  if ! (umask 077 && mkdir -p "$directory") 2>/dev/null || ! cd "$directory" 2>/dev/null; then
    cd /
  fi
  runner_exec "$@"
}

# is_up: does a daemon answer, and is it started?
is_up() {
  find_daemon && reach --max-time 5 -f -o /dev/null "$url/q/health/started"
}

# about: sets $daemon_pid and $daemon_url from what the daemon says of itself; false when there is none.
about() {
  accept=text/plain daemonless=true
  ask GET /status || return 1
  daemon_pid=${body#*pid } daemon_url=${body#* at }
  daemon_pid=${daemon_pid%%[!0-9]*} daemon_url=${daemon_url%%[!-A-Za-z0-9:/.\[\]]*}
  [ "$code" = 200 ] && [ -n "$daemon_pid" ]
}

verb_up() {
  options 'file= f>file' "$@"
  no_words
  if is_up; then
    about || die "$FAILED" "a daemon answers and doesn't say who it is: $body"
    [ -n "${opt_quiet:-}" ] || printf 'Berth is up already at %s, pid %s.\n' "$daemon_url" "$daemon_pid"
  else
    start_daemon
  fi
  daemonless=''
  if [ -n "${opt_file:-}" ]; then
    form
    apply_file "$opt_file"
  fi
}

start_daemon() {
  [ -z "${BERTH_URL:-}" ] || no_daemon
  if [ -n "${BERTH_SOCKET:-}" ] && [ "${BERTH_MODE:-}" != shared ]; then
    die "$USAGE" "BERTH_SOCKET is $BERTH_SOCKET, the socket of a Berth for the whole machine, and BERTH_MODE is not shared. Unset BERTH_SOCKET to start one of your own."
  fi
  load runner
  runner_ensure
  set_data_dir
  (umask 077 && mkdir -p "$data_dir") 2>/dev/null || die "$FAILED" "can't make the data directory $data_dir. Set BERTH_DATA_DIR to one that can be written."
  # What it says before it can write its own log; afterwards only that one is written, which is rotated.
  start_log=$data_dir/start.log
  : >"$start_log" 2>/dev/null || die "$FAILED" "can't write to the data directory $data_dir. Set BERTH_DATA_DIR to one that can be written."
  began=$(date +%s)
  # A session of its own where the system can: the terminal may close, and Ctrl-C is for whoever called.
  new_session='nohup'
  if command -v setsid >/dev/null; then new_session=setsid; fi
  BERTH_JAVA_OPTS="${BERTH_JAVA_OPTS:-} -Dquarkus.log.console.enabled=false" \
    "$new_session" "$BERTH_BIN/berth" serve </dev/null >"$start_log" 2>&1 &
  daemon=$!
  await $COMES_UP_WITHIN up_or_dead || :
  # Somebody else called up in the same moment, and theirs is on its way.
  case $(tail -n 5 "$start_log" 2>/dev/null) in *'another Berth is running on '*) await $COMES_UP_WITHIN is_up || : ;; esac
  if ! is_up; then
    why=$(tail -n 5 "$start_log" 2>/dev/null)
    [ -n "$why" ] || why=$(tail -n 5 "$data_dir/berth.log" 2>/dev/null)
    if kill -0 "$daemon" 2>/dev/null; then
      kill "$daemon" 2>/dev/null || :
      why="it did not answer within $COMES_UP_WITHIN s. $why"
    fi
    die "$FAILED" "the daemon did not come up: ${why:-it said nothing; see $data_dir/berth.log}"
  fi
  about || die "$FAILED" "the daemon came up and doesn't say who it is: $body"
  [ -n "${opt_quiet:-}" ] || printf 'Berth is up at %s, pid %s, after %s s. Its log: %s\n' \
    "$daemon_url" "$daemon_pid" "$(($(date +%s) - began))" "$data_dir/berth.log"
}

up_or_dead() { is_up || ! kill -0 "$daemon" 2>/dev/null; }

# is_daemon PID: is that a Berth as this machine counts its processes? One in a container says its pid as it is there,
# and that number is somebody else's here. Where there is no /proc there are no such containers either.
is_daemon() {
  [ -d /proc/self ] || return 0
  case $(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline") in *quarkus-run.jar* | *berth-dev.jar*) ;; *) return 1 ;; esac
}

verb_down() {
  options '' "$@"
  no_words
  # Its pid is another machine's, where the address is one.
  [ -z "${BERTH_URL:-}" ] || usage_error "down stops the Berth of this machine, and BERTH_URL names $BERTH_URL; unset it, or stop that one where it runs"
  if ! find_daemon || ! about; then
    [ -n "${opt_quiet:-}" ] || printf 'Berth is not running.\n'
    return 0
  fi
  is_daemon "$daemon_pid" ||
    die "$FAILED" "Berth says that it is pid $daemon_pid, and here that is not Berth: it runs in a container, or is out of your sight. Stop it there; nothing was signalled."
  running=$(running_services) || running=''
  # The pid that answered a moment ago on its own socket.
  kill "$daemon_pid" 2>/dev/null || die "$FAILED" "Berth (pid $daemon_pid) can't be stopped by you: it is another user's."
  if ! await $GOES_WITHIN gone "$daemon_pid"; then
    die "$FAILED" "Berth (pid $daemon_pid) was told to stop and has not ended within $GOES_WITHIN s. See $data_dir/berth.log"
  fi
  [ -z "${opt_quiet:-}" ] || return 0
  printf 'Berth is down.\n'
  left=$(still_running)
  [ -z "$left" ] || printf 'Left running, for the next Berth to take up: %s. To stop them before: berth stop --all (of one namespace: -n NAMESPACE)\n' "$left"
}

# running_services: a line "PID NAME" for each that runs.
running_services() {
  accept=text/plain
  colours=''
  ask GET /status || return
  printf '%s\n' "$body" | awk '/^$/ {if (table) exit} table && $4 ~ /^[0-9]+$/ {print $4, $1} /^SERVICE / {table = 1}'
}

# still_running: the names of those that did not end with it.
still_running() {
  printf '%s\n' "$running" | while read -r pid name; do
    [ -z "$pid" ] || gone "$pid" || printf '%s\n' "$name"
  done | paste -s -d , - | sed 's/,/, /g'
}

# gone PID: it is, or it is a zombie whose parent doesn't care, as in many containers.
gone() {
  if [ -d /proc/self ]; then
    read -r state <"/proc/$1/stat" || return 0
    case ${state##*) } in Z*) return 0 ;; *) return 1 ;; esac
  fi 2>/dev/null
  ! ps -p "$1" >/dev/null 2>&1
}
