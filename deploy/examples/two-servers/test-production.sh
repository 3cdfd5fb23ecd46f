#!/bin/sh
# test-production.sh: a test that starts the real servers and is sure to clean up after itself, whatever happens.
set -eu
cd "$(dirname -- "$0")"
scripts=${BERTH_SCRIPTS:-../../scripts}
berth=${BERTH:-$scripts/../bin/berth}

cleanup() {
  status=$?
  trap - EXIT
  "$scripts/cleanup_ports.sh" >/dev/null || echo "some port is still taken: see berth scan" >&2
  exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

"$scripts/dev"
page=$(curl -fsS "http://127.0.0.1:$("$berth" port frontend)/")
case $page in
  *"from the backend"*) echo "passed: the frontend shows what the backend says" ;;
  *)
    echo "failed: the page says: $page" >&2
    exit 1
    ;;
esac
