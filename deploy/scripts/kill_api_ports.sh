#!/bin/sh
# kill_api_ports.sh [--grace SECONDS] [--force] [PORT...]: frees the API's port: those given, else $API_PORT, else 8085.
# Example: API_PORT=9085 kill_api_ports.sh
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
given=false
for each; do
  case $each in
    -h | --help)
      sed -n '2,3s/^# //p' "$0"
      exit
      ;;
    [0-9]*) case ${before:-} in --grace) ;; *) given=true ;; esac ;;
  esac
  before=$each
done
[ "$given" = true ] || set -- "$@" "${API_PORT:-8085}"
exec "$here/clear_port.sh" "$@"
