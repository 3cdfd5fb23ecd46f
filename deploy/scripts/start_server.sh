#!/bin/sh
# start_server.sh [PORT] [--force] [--name NAME] [--no-logs]
#
# Starts a service of the berth.yaml here, "backend" unless named, on PORT if given, and follows its log on a terminal
# until Ctrl-C; the service goes on. --force frees the port first, whoever (of yours) holds it.
#
# Example: start_server.sh 8085 --force
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=common.sh
. "$here/common.sh"

name=backend port='' force='' logs=true
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      sed -n '2,7s/^# \{0,1\}//p' "$0"
      exit
      ;;
    --force) force=yes ;;
    --no-logs) logs=false ;;
    --name | --port)
      [ $# -gt 1 ] || complain 2 "$1 wants a value"
      if [ "$1" = --name ]; then name=$2; else port=$2; fi
      shift
      ;;
    --name=*) name=${1#*=} ;;
    --port=*) port=${1#*=} ;;
    '' | *[!0-9]*) complain 2 "a port is a whole number, given: \"$1\". Example: start_server.sh 8085 --force" ;;
    *) port=$1 ;;
  esac
  shift
done

prepare
if [ -n "$force" ]; then
  [ -n "$port" ] || port=$("$berth" service "$name" | sed -n 's/^wants  *\([0-9][0-9]*\).*/\1/p')
  # What can't be freed is told by berth, and then nothing is started.
  if [ -n "$port" ]; then "$berth" free "$port" --grace 5s >&2 || exit; fi
fi
say bold "Starting $name${port:+ on port $port} ..."
status=0
"$berth" start "$name" ${port:+--port "$port"} --quiet || status=$?
if [ "$status" != 0 ]; then
  # Of a port that is none, or a service that isn't declared, berth has said what there is to say.
  if [ "$status" != 1 ] || ! "$berth" service "$name" >/dev/null 2>&1; then exit "$status"; fi
  say red "$name does not run. The last lines of its log:"
  "$berth" logs "$name" --tail 20 >&2 || :
  exit "$status"
fi
wanted=$port
port=$("$berth" port "$name")
if [ "${wanted:-$port}" != "$port" ]; then
  # It ran elsewhere: a start changes nothing about that.
  "$berth" restart "$name" --port "$wanted" --quiet || exit
  port=$("$berth" port "$name")
  [ "$wanted" = "$port" ] || say yellow "Port $wanted is not to be had; berth get conflicts --service $name says why."
fi
say green "$name runs on http://localhost:$port/"
say plain "Log: berth logs $name -f    Stop: berth stop $name"
if [ "$logs" = true ] && [ -t 1 ]; then
  # The terminal's Ctrl-C ends the following only.
  exec "$berth" logs "$name" -f
fi
