#!/bin/sh
# cleanup_ports.sh [--pattern REGEX]... [--grace SECONDS] [--force] [--dry-run] [PORT...]
#
# Empties the ports of the whole stack, verifies, and reports each: the ports given, else those of the berth.yaml here,
# else all that Berth knows. Through Berth, which stops the services first; by itself when Berth is down (basic mode).
# A pattern is an extended regular expression on the command line: a holder that fits none is left alone, and told of.
# Nothing but holders of those ports is ever looked at.
# Status: 0 all are free, 4 one is still taken, 2 wrong usage.
#
# Example: cleanup_ports.sh --pattern 'uvicorn|vite'
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=common.sh
. "$here/common.sh"
# shellcheck source=clear_port.sh
. "$here/clear_port.sh"

patterns='' grace=10 force='' dry_run='' ports=''
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      sed -n '2,11s/^# \{0,1\}//p' "$0"
      exit
      ;;
    --pattern | --grace)
      [ $# -gt 1 ] || complain 2 "$1 wants a value"
      if [ "$1" = --pattern ]; then patterns=${patterns:+$patterns|}$2; else grace=${2%s}; fi
      shift
      ;;
    --pattern=*) patterns=${patterns:+$patterns|}${1#*=} ;;
    --grace=*) grace=${1#*=} && grace=${grace%s} ;;
    --force) force=--force ;;
    --dry-run) dry_run=--dry-run ;;
    '' | *[!0-9]*) complain 2 "a port is a whole number, given: \"$1\". Example: cleanup_ports.sh 8000 12000" ;;
    *) ports="$ports $1" ;;
  esac
  shift
done
case $grace in '' | *[!0-9]*) complain 2 "--grace is a whole number of seconds, given: \"$grace\"" ;; esac
if [ -n "$patterns" ]; then
  matched=0
  printf '' | grep -Eq -e "$patterns" || matched=$?
  [ "$matched" -le 1 ] || complain 2 "the pattern \"$patterns\" is no extended regular expression"
fi

# Is there a Berth, and which services are concerned?
names='' up=false
if find_berth && table=$("$berth" get services 2>/dev/null); then up=true; else table=''; fi
if [ -z "$ports" ] && [ -f berth.yaml ]; then
  ports=$(ports_of berth.yaml | tr '\n' ' ')
  names=$(services_of berth.yaml)
  # A service may have moved: where it is now counts too.
  for name in $names; do ports="$ports $(printf '%s\n' "$table" | awk -v name="$name" '$1 == name && $3 ~ /^[0-9]+(\/udp)?$/ { print $3 }')"; done
elif [ -z "$ports" ]; then
  [ "$up" = true ] || complain 2 "which ports? There is no berth.yaml here, and Berth is not running. Example: cleanup_ports.sh 8000 12000"
  names=$(printf '%s\n' "$table" | awk 'NR > 1 && $2 ~ /^[A-Z][a-z]+$/ { print $1 }')
  ports=$(printf '%s\n' "$table" | awk 'NR > 1 { for (i = 3; i <= 4; i++) if ($i ~ /^[0-9]+(\/udp)?$/) print $i }' | sort -n | uniq | tr '\n' ' ')
fi
# shellcheck disable=SC2086 # one word each
ports=$(printf '%s\n' $ports | sort -n | uniq)
[ "$up" = true ] || say yellow "cleanup_ports.sh: basic mode, Berth is not running."

report=''
note() { report="$report$1	$2
"; }

# Services first: what is merely killed would be started again.
if [ "$up" = true ] && [ -z "$patterns" ]; then
  known=''
  for name in $names; do
    if printf '%s\n' "$table" | awk -v name="$name" '$1 == name { found = 1 } END { exit !found }'; then known="$known $name"; fi
  done
  # shellcheck disable=SC2086 # names have no blanks
  if [ -n "$known" ]; then "$berth" cleanup $known --grace "${grace}s" $force $dry_run || :; fi
fi

result=0
for port in $ports; do
  case $port in
    */udp)
      # What this script knows by itself, who listens and by which command line, is TCP's.
      if [ "$up" = false ] || [ -n "$patterns" ]; then
        note "$port" "skipped: only Berth can free a UDP port (berth up), and it takes no pattern"
      elif "$berth" free --grace "${grace}s" $force $dry_run "$port" >&2; then
        if [ -n "$dry_run" ]; then note "$port" "see above"; else note "$port" free; fi
      else
        note "$port" "STILL TAKEN"
        result=4
      fi
      continue
      ;;
  esac
  before=free
  if clear_port_taken "$port"; then
    before=''
    left=''
    for pid in $(clear_port_holders "$port" || :); do
      words=$(clear_port_words "$pid")
      before=$before${before:+, }$words
      # Words are for people: they end early, and name the user and the pid.
      if [ -n "$patterns" ] && ! clear_port_line "$pid" | grep -Eq -e "$patterns"; then left=$words; fi
    done
    before=${before:-somebody you can\'t see}
    if [ -n "$left" ]; then
      note "$port" "left alone: $left fits no pattern"
      result=4
      continue
    fi
    if [ -n "$dry_run" ]; then
      note "$port" "would be freed of $before"
      continue
    fi
    # shellcheck disable=SC2086
    clear_port --grace "$grace" $force "$port" || result=4
  fi
  if clear_port_taken "$port"; then
    result=4
    note "$port" "STILL TAKEN by $before"
  elif [ "$before" = free ]; then
    note "$port" free
  else
    note "$port" "free now, was held by $before"
  fi
done

printf '\nPORT   RESULT\n'
printf '%s' "$report" | awk -F '\t' '{ printf "%-6s %s\n", $1, $2 }'
exit "$result"
