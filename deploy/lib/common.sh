# shellcheck shell=sh disable=SC2034,SC2154 # the parts of the program share their variables
# What every verb needs: words for people, paths, bounded waits. Sourced by deploy/bin/berth.

say() { printf '%s\n' "$*" >&2; }

# die STATUS WORDS...: what was wanted, what was found, what to do.
die() {
  status=$1
  shift
  printf 'berth: %s\n' "$*" >&2
  exit "$status"
}

usage_error() { die 2 "$1. See: berth help${verb:+ $verb}"; }

# absolute PATH: as seen from the directory berth was called in.
absolute() {
  case $1 in
    /*) printf '%s\n' "$1" ;;
    *) printf '%s/%s\n' "$caller" "$1" ;;
  esac
}

# Where programs keep state that outlives them. Relative values of XDG_STATE_HOME are ignored, as its specification asks.
state_dir() {
  case ${XDG_STATE_HOME:-} in
    /*) printf '%s\n' "$XDG_STATE_HOME" ;;
    *) printf '%s/.local/state\n' "${HOME:-/}" ;;
  esac
}

data_dir() {
  set_data_dir
  printf '%s\n' "$data_dir"
}

# set_data_dir: sets $data_dir without starting anything: every query asks for it.
set_data_dir() {
  case ${BERTH_DATA_DIR:-} in
    /*) data_dir=$BERTH_DATA_DIR ;;
    ?*) data_dir=$caller/$BERTH_DATA_DIR ;;
    *)
      case ${BERTH_MODE:-}:${XDG_STATE_HOME:-} in
        shared:*) data_dir=/var/lib/berth ;;
        *:/*) data_dir=$XDG_STATE_HOME/berth ;;
        *) data_dir=${HOME:-}/.local/state/berth ;;
      esac
      ;;
  esac
}

# await SECONDS COMMAND...: true as soon as the command is, false when it hasn't been in time.
await() {
  deadline=$(($(date +%s) + $1))
  shift
  until "$@"; do
    [ "$(date +%s)" -lt "$deadline" ] || return 1
    # POSIX knows whole seconds only; most know better.
    sleep 0.1 2>/dev/null || sleep 1
  done
}

# endpoint DIRECTORY: the URL of the daemon that keeps its state there, if its file says one.
endpoint() { sed -n 's,^\(http[s]*://[^[:space:]]*[^/[:space:]]\)/*$,\1,p' "$1/endpoint" 2>/dev/null | head -n 1; }

# http METHOD URL [curl flags]: body on standard output, 22 for an answer of 400 and above. No .curlrc, no proxy:
# what is asked is on this machine.
http() {
  method=$1 url=$2
  shift 2
  curl -q -sS --noproxy '*' --max-time 30 -X "$method" "$@" "$url"
}

is_started() {
  url=$(endpoint "$1")
  [ -n "$url" ] && http GET "$url/q/health/started" -f -o /dev/null 2>/dev/null
}
