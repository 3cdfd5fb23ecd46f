#!/bin/sh
# start-dev.sh: a start script of a project's own that uses the drop-ins: empties the ports, then starts both servers.
set -eu
cd "$(dirname -- "$0")"
scripts=${BERTH_SCRIPTS:-../../scripts}

"$scripts/cleanup_ports.sh"
"$scripts/dev"
