#!/bin/sh
# clear_port.sh: ends what holds a port, and verifies that the port is free.
#
#   clear_port.sh [--grace SECONDS] [--force] PORT...        as a program
#   . clear_port.sh; clear_port 8000                         as a function
#
# Through Berth when it is up; else by itself ("basic mode") with ss, lsof or fuser, whichever there is. SIGTERM first,
# SIGKILL after the grace period (10 s), --force at once. Never ended: init, kernel threads, this shell and its
# ancestors, other users' processes, the way in, container runtimes, systemd's units.
# Status: 0 every port is free, 4 one is still taken, 2 wrong usage, 1 it can't be told.
#
# Sourced it defines only names that begin with clear_port. Each function is a subshell of its own: the caller's
# options, traps and variables stay as they are, whatever they are. Works alone, copied into any project.

clear_port() (
  clear_port_settle
  clear_port_berth=''
  for clear_port_one in "${CLEAR_PORT_BERTH:-}" "${0%/*}/../bin/berth" berth; do
    case $clear_port_one in
      '') ;;
      */*) if [ -x "$clear_port_one" ]; then clear_port_berth=$clear_port_one && break; fi ;;
      *) if clear_port_berth=$(command -v "$clear_port_one"); then break; fi ;;
    esac
  done
  clear_port_given "$@" || exit
  if [ -n "$clear_port_berth" ]; then
    # It falls back to the basic mode by itself.
    set -- --grace "${clear_port_grace}s"
    [ -z "$clear_port_force" ] || set -- "$@" --force
    # shellcheck disable=SC2086
    "$clear_port_berth" free "$@" $clear_port_ports
    exit
  fi
  clear_port_basic "$@"
)

# clear_port_basic [--grace SECONDS] [--force] PORT...: without Berth.
clear_port_basic() (
  clear_port_settle
  clear_port_given "$@" || exit
  clear_port_say "basic mode, without Berth: only your own processes are ended."
  clear_port_result=0
  for clear_port_one in $clear_port_ports; do
    clear_port_empty "$clear_port_one" || clear_port_result=$?
  done
  exit "$clear_port_result"
)

# clear_port_holders PORT: the pids that listen on it, one per line; 1 when no tool can tell. Only those that this user
# may see: a port without a visible holder can be taken all the same.
clear_port_holders() (
  clear_port_settle
  clear_port_found=''
  if command -v ss >/dev/null 2>&1; then
    clear_port_found=$(ss -Hltnp "sport = :$1" 2>/dev/null | tr ',' '\n' | sed -n 's/^pid=\([0-9][0-9]*\).*/\1/p')
  elif command -v lsof >/dev/null 2>&1; then
    clear_port_found=$(lsof -nP -t "-iTCP:$1" -sTCP:LISTEN 2>/dev/null) || :
  elif command -v fuser >/dev/null 2>&1; then
    # It names who has any socket of this port, connections too: only those count for whom one listens.
    if clear_port_taken "$1"; then
      clear_port_found=$(fuser -n tcp "$1" 2>/dev/null | tr -s ' ' '\n') || :
    fi
  else
    exit 1
  fi
  printf '%s\n' "$clear_port_found" | sed -n 's/[^0-9]//g; /./p' | sort -un
)

# clear_port_taken PORT: does anything listen there, visible or not?
clear_port_taken() (
  clear_port_settle
  if [ -r /proc/net/tcp ]; then
    clear_port_hex=$(printf '%04X' "$1")
    for clear_port_file in /proc/net/tcp /proc/net/tcp6; do
      [ -r "$clear_port_file" ] || continue
      # shellcheck disable=SC2034 # slot, remote address and the rest of the line are of no use here
      while read -r clear_port_slot clear_port_local clear_port_remote clear_port_state clear_port_rest; do
        case $clear_port_state:$clear_port_local in 0A:*:"$clear_port_hex") exit 0 ;; esac
      done <"$clear_port_file"
    done
    exit 1
  fi
  netstat -an -p tcp 2>/dev/null | grep -q "[.:]$1 .*LISTEN"
)

# clear_port_line PID: its command line in one line, whole; nothing when it has none or can't be seen.
clear_port_line() (
  clear_port_settle
  clear_port_command=''
  if [ -r "/proc/$1/cmdline" ]; then clear_port_command=$(tr '\0\n\t' '   ' <"/proc/$1/cmdline" 2>/dev/null); fi
  # Without -ww some systems cut it where a terminal would end; not all know it.
  [ -n "$clear_port_command" ] || clear_port_command=$(ps -ww -o command= -p "$1" 2>/dev/null || ps -o command= -p "$1" 2>/dev/null)
  printf '%s\n' "${clear_port_command% }"
)

# clear_port_words PID: what it is, for people.
clear_port_words() (
  clear_port_settle
  clear_port_command=$(clear_port_line "$1" | cut -c 1-120)
  clear_port_user=$(ps -o user= -p "$1" 2>/dev/null) || clear_port_user=''
  if [ -z "$clear_port_user" ]; then clear_port_user=$(stat -c %U "/proc/$1" 2>/dev/null) || :; fi
  printf '%s (pid %s, user %s)\n' "${clear_port_command% }" "$1" "${clear_port_user:-unknown}"
)

# clear_port_guard PID: prints why it is not to be ended, and nothing when it may be.
clear_port_guard() (
  clear_port_settle
  if [ "$1" -le 1 ]; then
    printf 'it is the first process of this machine or container\n'
    exit
  fi
  clear_port_up=$$
  while [ "${clear_port_up:-0}" -gt 1 ]; do
    if [ "$clear_port_up" = "$1" ]; then
      printf 'this shell runs under it\n'
      exit
    fi
    clear_port_up=$(clear_port_parent "$clear_port_up")
  done
  clear_port_name=$(clear_port_comm "$1")
  case $clear_port_name in
    sshd | sshd-session | sshd-auth | systemd | systemd-* | init | launchd | dbus-daemon | dbus-broker | dockerd | docker-proxy | containerd | \
      containerd-shim* | podman | conmon | crio | cri-dockerd | kubelet | buildkitd | rootlessport | rootlesskit | slirp4netns | pasta | pasta.avx2 | \
      runc | crun | lxd | incusd | com.docker.*)
      printf '%s is needed by others\n' "$clear_port_name"
      exit
      ;;
  esac
  if clear_port_berths "$1"; then
    printf 'it is Berth itself; stop it with: berth down\n'
    exit
  fi
  clear_port_own=$(id -u)
  clear_port_uid=$(clear_port_owner "$1")
  if [ "$clear_port_uid" != "$clear_port_own" ]; then
    if [ -n "$clear_port_uid" ]; then printf 'it is another user'\''s\n'; else printf 'whose it is can'\''t be seen\n'; fi
    exit
  fi
  if [ -r "/proc/$1/cgroup" ]; then
    clear_port_unit=$(sed -n 's,.*/\([^/]*\.service\)$,\1,p' "/proc/$1/cgroup" 2>/dev/null | grep -v '^user@' | head -n 1)
    if [ -n "$clear_port_unit" ]; then
      printf 'it belongs to the unit %s; stop that with: systemctl stop %s\n' "$clear_port_unit" "$clear_port_unit"
      exit
    fi
  fi
)

# What follows is the functions' own business; each is called from a subshell of those above.

# The caller's options must not change what these functions do, nor an ERR trap speak of their inner steps.
clear_port_settle() {
  set +eu -f
  unset IFS CDPATH
  if [ -n "${BASH_VERSION:-}" ]; then
    # shellcheck disable=SC3040,SC3047 # bash knows them
    trap - ERR DEBUG RETURN
    # shellcheck disable=SC3040
    set +o pipefail
  elif [ -n "${ZSH_VERSION:-}" ]; then
    emulate sh
    set -f
  fi
}

clear_port_say() { printf 'clear_port: %s\n' "$*" >&2; }

# clear_port_given ARGUMENTS: sets clear_port_ports, clear_port_grace (seconds) and clear_port_force.
clear_port_given() {
  clear_port_ports='' clear_port_grace=${CLEAR_PORT_GRACE:-10} clear_port_force=''
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help)
        printf '%s\n' "usage: clear_port.sh [--grace SECONDS] [--force] PORT..." \
          "Ends what holds the ports, SIGTERM first, and verifies that they are free." "" "Example: clear_port.sh 8000 3000"
        return 1
        ;;
      --force | -9) clear_port_force=yes ;;
      --grace=*) clear_port_grace=${1#*=} ;;
      --grace)
        [ $# -gt 1 ] || set -- "$1" ''
        shift
        clear_port_grace=$1
        ;;
      *)
        case $1 in
          '' | *[!0-9]* | ??????*) clear_port_wrong=yes ;;
          *) clear_port_wrong='' && { [ "$1" -ge 1 ] && [ "$1" -le 65535 ]; } || clear_port_wrong=yes ;;
        esac
        if [ -n "$clear_port_wrong" ]; then
          clear_port_say "a port is a whole number from 1 to 65535, given: \"$1\""
          return 2
        fi
        clear_port_ports="$clear_port_ports $1"
        ;;
    esac
    shift
  done
  case $clear_port_grace in *s) clear_port_grace=${clear_port_grace%s} ;; esac
  case $clear_port_grace in
    '' | *[!0-9]* | ?????*)
      clear_port_say "--grace is a whole number of seconds, given: \"$clear_port_grace\""
      return 2
      ;;
  esac
  if [ -z "$clear_port_ports" ]; then
    clear_port_say "which port? Example: clear_port.sh 8000"
    return 2
  fi
}

# clear_port_empty PORT: 0 when it is free in the end.
clear_port_empty() {
  if ! clear_port_taken "$1"; then
    printf 'Nothing held port %s.\n' "$1"
    return 0
  fi
  if ! clear_port_pids=$(clear_port_holders "$1"); then
    clear_port_say "port $1 is taken, and there is no ss, lsof or fuser to tell by whom. Install one (Debian: apt install iproute2)."
    return 1
  fi
  if [ -z "$clear_port_pids" ]; then
    clear_port_say "port $1 is taken by a process that you can't see, another user's most likely; nothing was done. Try: sudo ss -Hltnp 'sport = :$1'"
    return 4
  fi
  # All of them or none: an end of one that leaves another helps nobody.
  clear_port_known=''
  for clear_port_pid in $clear_port_pids; do
    clear_port_why=$(clear_port_guard "$clear_port_pid")
    if [ -n "$clear_port_why" ]; then
      clear_port_say "port $1 is not freed: $(clear_port_words "$clear_port_pid") holds it, and $clear_port_why."
      return 4
    fi
    clear_port_known="$clear_port_known $clear_port_pid:$(clear_port_birth "$clear_port_pid")"
  done
  clear_port_what=''
  for clear_port_pid in $clear_port_pids; do
    clear_port_what="$clear_port_what${clear_port_what:+, }$(clear_port_words "$clear_port_pid")"
  done
  clear_port_how=SIGTERM
  if [ -z "$clear_port_force" ]; then
    clear_port_signal TERM
    clear_port_await "$1" "$clear_port_grace"
  fi
  if clear_port_same; then
    clear_port_how=SIGKILL
    clear_port_signal KILL
    clear_port_await "$1" 5
  fi
  if ! clear_port_taken "$1"; then
    printf 'Port %s is free now: %s ended %s.\n' "$1" "$clear_port_how" "$clear_port_what"
    return 0
  fi
  clear_port_next=$(clear_port_holders "$1" | head -n 1)
  if clear_port_same; then
    clear_port_say "port $1 is still taken: $clear_port_what did not end on SIGKILL."
  elif [ -n "$clear_port_next" ]; then
    clear_port_from=$(clear_port_parent "$clear_port_next")
    clear_port_say "port $1 was taken again by $(clear_port_words "$clear_port_next"); stop what starts it: $(clear_port_words "${clear_port_from:-1}")."
  else
    clear_port_say "port $1 is still taken by a process that you can't see."
  fi
  return 4
}

# clear_port_signal NAME: to those of clear_port_known that are still the ones that were looked at.
clear_port_signal() {
  for clear_port_each in $clear_port_known; do
    if [ "$(clear_port_birth "${clear_port_each%%:*}")" = "${clear_port_each#*:}" ]; then
      kill -s "$1" "${clear_port_each%%:*}" 2>/dev/null
    fi
  done
}

# clear_port_same: is one of them still there?
clear_port_same() {
  for clear_port_each in $clear_port_known; do
    clear_port_born=$(clear_port_birth "${clear_port_each%%:*}")
    if [ -n "$clear_port_born" ] && [ "$clear_port_born" = "${clear_port_each#*:}" ]; then return 0; fi
  done
  return 1
}

# clear_port_await PORT SECONDS: until those that were looked at have gone and nothing listens any more, or time is up.
clear_port_await() {
  clear_port_end=$(($(date +%s) + $2))
  while clear_port_same || clear_port_taken "$1"; do
    # Whoever took it meanwhile is not waited for.
    if ! clear_port_same && [ -n "$(clear_port_holders "$1")" ]; then return; fi
    [ "$(date +%s)" -lt "$clear_port_end" ] || return
    sleep 0.1 2>/dev/null || sleep 1
  done
}

# clear_port_birth PID: when it began, so that a pid that was given to another is noticed; empty when it has gone. A
# zombie has: it holds nothing, and only its parent can let it go.
clear_port_birth() {
  if [ -d /proc/self ]; then
    clear_port_stat=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) || return 0
    # shellcheck disable=SC2086
    set -- $clear_port_stat
    case ${1:-Z} in Z | X) ;; *) printf '%s\n' "${20:-}" ;; esac
  else
    case $(ps -o stat= -p "$1" 2>/dev/null) in '' | Z*) ;; *) ps -o lstart= -p "$1" 2>/dev/null | tr -s ' :' '__' ;; esac
  fi
}

clear_port_parent() {
  if [ -r "/proc/$1/stat" ]; then
    clear_port_stat=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) || return 0
    clear_port_stat=${clear_port_stat#* }
    printf '%s\n' "${clear_port_stat%% *}"
  else
    ps -o ppid= -p "$1" 2>/dev/null | tr -d ' '
  fi
}

clear_port_comm() {
  if [ -r "/proc/$1/comm" ]; then cat "/proc/$1/comm" 2>/dev/null; else ps -o comm= -p "$1" 2>/dev/null | sed 's,.*/,,'; fi
}

# clear_port_berths PID: is it a Berth? Told by the database that it has open, else by how it was started.
clear_port_berths() {
  if [ -d /proc/self ]; then
    case "$(ls -l "/proc/$1/fd" 2>/dev/null) " in *" -> "*"/berth.db"[!a-z]*) return 0 ;; esac
  fi
  case "$(clear_port_line "$1") " in *"/berth.jsa "*"/quarkus-run.jar "*) return 0 ;; esac
  return 1
}

clear_port_owner() {
  clear_port_id=$(sed -n 's/^Uid:[[:space:]]*[0-9]*[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$1/status" 2>/dev/null)
  [ -n "$clear_port_id" ] || clear_port_id=$(ps -o uid= -p "$1" 2>/dev/null | tr -d ' ')
  printf '%s\n' "$clear_port_id"
}

# Run, and not sourced? zsh alone calls a sourced file by its name.
case ${ZSH_EVAL_CONTEXT:-}:${0##*/} in
  *:file*) ;;
  *:clear_port.sh | *:clear_port) clear_port "$@" ;;
esac
