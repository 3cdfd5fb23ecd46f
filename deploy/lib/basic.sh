# shellcheck shell=sh disable=SC2034,SC2154 # the parts of the program share their variables
# Ports without a daemon, the same way as the drop-in does it. Sourced by deploy/bin/berth.

# shellcheck source=../scripts/clear_port.sh
. "$BERTH_HOME/deploy/scripts/clear_port.sh"

basic_port_number() {
  case $1 in '' | *[!0-9]* | ??????*) usage_error "a port is a whole number from 1 to 65535, given: \"$1\"" ;; esac
  if [ "$1" -lt 1 ] || [ "$1" -gt 65535 ]; then usage_error "a port is a whole number from 1 to 65535, given: $1"; fi
  [ "$2" = tcp ] || die "$NO_DAEMON" "Berth is not running, and the basic mode knows TCP only. Start it with: berth up"
  [ "$accept" = text/plain ] || die "$NO_DAEMON" "Berth is not running, and the basic mode has words only. Start it with: berth up"
}

# basic_port PORT PROTOCOL
basic_port() {
  basic_port_number "$@"
  [ -n "${opt_quiet:-}" ] || say "berth: basic mode, Berth is not running (berth up starts it)."
  if ! clear_port_taken "$1"; then
    printf 'Port %s: nothing listens on it.\n' "$1"
    return
  fi
  pids=$(clear_port_holders "$1") || die "$FAILED" "port $1 is taken, and there is no ss, lsof or fuser to tell by whom. Install one (Debian: apt install iproute2)."
  if [ -z "$pids" ]; then
    printf 'Port %s: taken by a process that you can'\''t see, another user'\''s most likely. Try: sudo ss -Hltnp "sport = :%s"\n' "$1" "$1"
    return
  fi
  for pid in $pids; do printf 'Port %s: held by %s\n' "$1" "$(clear_port_words "$pid")"; done
}

# basic_free PORT PROTOCOL: false (4) when the port is still taken.
basic_free() {
  basic_port_number "$@"
  if [ -n "${opt_dry_run:-}" ]; then
    basic_port "$1" "$2"
    return
  fi
  seconds=${opt_grace:-10}
  case $seconds in
    *ms) seconds=1 ;;
    *m) seconds=$((${seconds%m} * 60)) ;;
    *) seconds=${seconds%s} ;;
  esac
  # shellcheck disable=SC2086 # one word or none
  clear_port_basic --grace "$seconds" ${opt_force:+--force} "$1"
}
