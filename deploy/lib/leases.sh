# shellcheck shell=sh disable=SC2034,SC2154 # the parts of the program share their variables
# Ports by the hour: reserve, release, run. Sourced by deploy/bin/berth after client.sh and queries.sh.

# Where `run` looks when it is given no port: where people look for development servers.
RUN_RANGE=8000-9999

# How often `run` asks again, twice a second, for a port that is being freed: twice as long as it is watched for unless
# the setting conflicts.respawnWatch says otherwise.
FREEING_TRIES=12

whoever() {
  holder=${opt_holder:-${LOGNAME:-${USER:-}}}
  # Some uids have no name: of containers, and of directories that are out of reach.
  [ -n "$holder" ] || holder=$(id -un 2>/dev/null) || holder=uid-$(id -u)
}

verb_reserve() {
  options 'holder= ttl= count= dry-run udp protocol=' "$@"
  one_word "a port or a range, such as: berth reserve 9000-9100 --ttl 10m"
  whoever
  quote "$holder"
  json="\"holder\": $quoted"
  case $words in
    *-*) quote "$words" && json="$json, \"portRange\": $quoted" ;;
    *[!0-9]*) usage_error "\"$words\" is no port and no range such as 9000-9100" ;;
    *) json="$json, \"port\": $words" ;;
  esac
  if [ -n "${opt_count:-}" ]; then number count "$opt_count" && json="$json, \"count\": $opt_count"; fi
  if [ -n "${opt_ttl:-}" ]; then quote "$opt_ttl" && json="$json, \"ttl\": $quoted"; fi
  [ -z "${opt_udp:-}" ] || opt_protocol=udp
  if [ -n "${opt_protocol:-}" ]; then quote "$opt_protocol" && json="$json, \"protocol\": $quoted"; fi
  query=''
  parameter dryRun "${opt_dry_run:-}"
  choose_colours
  ask POST "/reservations${query:+?$query}" -H 'Content-Type: application/json' --data-binary "{$json}"
  if [ -n "${opt_quiet:-}" ] && [ "$accept" = text/plain ]; then
    # The bare numbers, for $(...).
    case $code in 2??) printf '%s' "$body" | sed -n '2,$s/ .*//p' ;; *) refuse ;; esac
  else
    show
  fi
}

verb_release() {
  options 'dry-run udp protocol=' "$@"
  [ -n "$words" ] || usage_error "release wants a port, such as: berth release 9000"
  query=''
  [ -z "${opt_udp:-}" ] || opt_protocol=udp
  parameter protocol "${opt_protocol:-}"
  parameter dryRun "${opt_dry_run:-}"
  choose_colours
  IFS=$newline
  for one in $words; do
    unset IFS
    asks_for=$query
    # As the tables say it: 5353/udp.
    case $one in
      */udp)
        one=${one%/udp}
        [ "${opt_protocol:-}" = udp ] || asks_for=${query:+$query&}protocol=udp
        ;;
    esac
    encode "$one"
    ask DELETE "/reservations/$encoded${asks_for:+?$asks_for}"
    show_act
  done
  unset IFS
}

# run [--name N] [--port P] -- CMD...: the lease ends with this process, which becomes the command. So nothing stands
# between it and its signals, its terminal and its exit status, and there is nothing to clean up after a kill -9.
verb_run() {
  ours=''
  while [ $# -gt 0 ]; do
    case $1 in
      --) break ;;
      --name | --port | --range | -n | -p)
        [ $# -gt 1 ] || usage_error "$1 wants a value"
        case $1 in --name | -n) opt_name=$2 ;; --port | -p) opt_port=$2 ;; *) opt_range=$2 ;; esac
        shift 2
        ;;
      --name=*) opt_name=${1#*=} && shift ;;
      --port=*) opt_port=${1#*=} && shift ;;
      --range=*) opt_range=${1#*=} && shift ;;
      --anyway) opt_anyway=true && shift ;;
      -q | --quiet) opt_quiet=true && shift ;;
      -v | --verbose) opt_verbose=true && shift ;;
      -h | --help) help_and_exit run ;;
      -*) usage_error "run has no flag \"$1\"; the command's own come after --" ;;
      *) break ;;
    esac
  done
  [ "${1:-}" != -- ] || shift
  [ $# -gt 0 ] || usage_error "run wants a command, such as: berth run --port 8000 -- python3 -m http.server 8000"
  if [ -n "${opt_port:-}" ]; then number port "$opt_port"; fi
  accept=text/plain
  if ! lease "${1##*/}"; then
    [ -n "${opt_anyway:-}" ] || no_daemon
    say "berth: Berth is not running: ${1##*/} runs without a lease."
    [ -z "${opt_port:-}" ] || PORT=$opt_port
  fi
  if [ -n "${PORT:-}" ]; then export PORT; fi
  # An exec that fails ends the shell with 127 or 126, as a shell would have.
  exec "$@"
}

# lease NAME: sets PORT; false without a daemon.
lease() {
  opt_holder=${opt_name:-}
  [ -n "$opt_holder" ] || opt_holder=$1
  quote "$opt_holder"
  json="\"holder\": $quoted, \"pid\": $$"
  if [ -n "${opt_port:-}" ]; then
    json="$json, \"port\": $opt_port"
  else
    quote "${opt_range:-$RUN_RANGE}" && json="$json, \"portRange\": $quoted"
  fi
  daemonless=true
  accept=application/json
  tries=0
  while :; do
    ask POST /reservations -H 'Content-Type: application/json' --data-binary "{$json}" || return 1
    # A port that was just freed is watched for a holder that comes back, and not given away meanwhile.
    case $code:$body in 409:*'being freed'*) ;; *) break ;; esac
    tries=$((tries + 1))
    [ "$tries" -lt "$FREEING_TRIES" ] || break
    sleep 0.5 2>/dev/null || sleep 1
  done
  if [ "$code" = 409 ] && [ -n "${opt_port:-}" ]; then
    # It may be reserved for this very holder. A lease that ends with a process ends with this one from now on; what
    # was reserved without one is only claimed, and outlives this run.
    detail "$body"
    refused=$sentence
    quote "$opt_holder"
    ask GET "/reservations/$opt_port" || return 1
    case $code:$body in
      2??:*"\"holder\":$quoted,"*) ;;
      *) die "$FAILED" "no lease for $opt_holder: $refused" ;;
    esac
    case $body in
      *'"process":'*)
        ask PUT "/reservations/$opt_port" -H 'Content-Type: application/json' --data-binary "{\"holder\": $quoted, \"pid\": $$}" || return 1
        case $code in 2??) ;; *) die "$FAILED" "no lease for $opt_holder: $refused" ;; esac
        ;;
    esac
  fi
  case $code in 2??) ;; *)
    detail "$body"
    # Of what was wrong with the words the sentence says only how many they are.
    wrong=$(printf '%s\n' "$body" | sed -nE 's/.*"errors" *: *\[\{"field":"[^"]*","message":"(([^"\\]|\\.)*)".*/\1/p' | sed 's/\\\(.\)/\1/g')
    if [ "$code" = 422 ] && [ -n "$wrong" ]; then sentence="$sentence: $wrong"; fi
    die "$FAILED" "no lease for $opt_holder: ${sentence:-status $code}"
    ;;
  esac
  PORT=$(printf '%s\n' "$body" | sed -n 's/.*"port" *: *\([0-9]\{1,5\}\).*/\1/p' | head -n 1)
  [ -n "$PORT" ] || die "$FAILED" "Berth's lease names no port: $body"
  # The port was held at the socket so far; from here the command may bind it.
  ask POST "/reservations/$PORT/claim" -H 'Content-Type: application/json' --data-binary "{\"pid\": $$}" || return 1
  case $code in 2??) ;; *)
    detail "$body"
    die "$FAILED" "port $PORT is $opt_holder's and could not be claimed: ${sentence:-status $code}"
    ;;
  esac
  [ -n "${opt_quiet:-}" ] || say "berth: $opt_holder has port $PORT"
}
