#!/bin/sh
# start-model-runner.sh [PORT] -- COMMAND...: for a program that takes its port from the command line and doesn't mind
# being started by hand, such as a model server: empties the port, leases it, and runs in the foreground on it.
#
# Example: start-model-runner.sh 8090 -- python3 -m http.server
set -eu
scripts=${BERTH_SCRIPTS:-$(dirname -- "$0")/../../scripts}
berth=${BERTH:-$scripts/../bin/berth}
port=8090
case ${1:-} in [0-9]*) port=$1 && shift ;; esac
[ "${1:-}" != -- ] || shift
[ $# -gt 0 ] || set -- python3 -m http.server

# Asked through the same berth. Sourced: it leaves this shell's options, traps and variables alone.
# shellcheck source=../../scripts/clear_port.sh
. "$scripts/clear_port.sh"
CLEAR_PORT_BERTH=$berth
clear_port "$port"
exec "$berth" run --name model-runner --port "$port" --anyway -- "$@" "$port"
