# shellcheck shell=sh
# The drop-in scripts, the make targets and the example project, with a daemon and without.
# shellcheck source=lib.sh
. "$BERTH_HOME/src/test/shell/lib.sh"

# shellcheck disable=SC2086 # eight ports
set -- $PORTS
backend_port=$1 frontend_port=$2 spare_port=$3 other_port=$4
NO_COLOR=1
export NO_COLOR

# The example, on ports of the test's own.
cp -R "$BERTH_HOME/deploy/examples/two-servers" project
cd project
sed -e "s/8000, *\$/$backend_port/; s/port: 8000/port: $backend_port/; s/port: 12000/port: $frontend_port/" \
  -e '/alternativePorts/d' -e "s,exec python3,exec $python," berth.yaml >changed.yaml
mv changed.yaml berth.yaml
BERTH_SCRIPTS=$scripts
export BERTH_SCRIPTS

# What npm starts is no child of this shell: whoever is left on the spare port is the test's own.
at_end() { "$scripts/clear_port.sh" --force "$spare_port" >/dev/null 2>&1 || :; }

try_script() {
  name=$1
  shift
  try sh_under_test "$scripts/$name" "$@"
}

answers() { curl -q -sf --noproxy '*' --max-time 5 -o /dev/null "http://127.0.0.1:$1/"; }

# Without Berth: the basic mode empties the ports of the berth.yaml here.
BERTH_DATA_DIR=$SCRATCH/nobody
export BERTH_DATA_DIR
"$python" -m http.server --bind 127.0.0.1 "$backend_port" >/dev/null 2>&1 &
squatter=$!
started="$started $squatter"
await 20 answers "$backend_port" || fail "the squatter did not come up"
try_script cleanup_ports.sh --pattern 'no-such-program'
status_is 4 "a holder that fits no pattern"
says 'left alone'
warns 'basic mode'
lives "$squatter" || fail "a holder that fits no pattern must live"
try_script cleanup_ports.sh --dry-run
says 'would be freed'
lives "$squatter" || fail "a dry run must end nobody"
try_script cleanup_ports.sh --pattern 'uvicorn|http\.server'
status_is 0 "cleanup in basic mode"
says "$backend_port  free now, was held by"
says "$frontend_port  free"
lives "$squatter" && fail "the squatter should have gone"
# The command line is what is matched, all of it; neither the user nor the pid.
"$python" -m http.server --bind 127.0.0.1 "$backend_port" >/dev/null 2>&1 &
squatter=$!
started="$started $squatter"
await 20 answers "$backend_port" || fail "the squatter did not come up"
for pattern in "pid $squatter" 'user ' "user $(id -un)"; do
  try_script cleanup_ports.sh --pattern "$pattern"
  status_is 4 "the pattern $pattern"
  lives "$squatter" || fail "$pattern is on no command line"
done
kill "$squatter"
wait "$squatter" || :
long=$(printf '%0200d' 0)
holder "$long-the-end"
try_script cleanup_ports.sh --pattern 'the-end *$' "$port"
status_is 0 "a pattern for the end of a long command line"
lives "$holder" && fail "the holder whose long command line fits should have gone"

# A UDP service's port is not looked for on TCP.
cp berth.yaml stack.yaml
printf '  names:\n    protocol: udp\n    port: %s\n' "$spare_port" >>berth.yaml
"$python" -m http.server --bind 127.0.0.1 "$spare_port" >/dev/null 2>&1 &
bystander=$!
started="$started $bystander"
await 20 answers "$spare_port" || fail "the bystander did not come up"
try_script cleanup_ports.sh
status_is 0 "cleanup with a UDP service in basic mode"
says "$spare_port/udp skipped"
lives "$bystander" || fail "who has a UDP service's number over TCP must live"
kill "$bystander"
wait "$bystander" || :
mv stack.yaml berth.yaml
try_script cleanup_ports.sh --pattern '('
status_is 2 "a wrong pattern"
try_script cleanup_ports.sh x
status_is 2 "a wrong port"
rc=0
out=$(cd / && sh_under_test "$scripts/cleanup_ports.sh" 2>&1) || rc=$?
status_is 2 "no ports are known"

# kill_api_ports.sh: the given ports, else API_PORT.
holder
# shellcheck disable=SC2086
try env API_PORT="$port" $SHELL_UNDER_TEST "$scripts/kill_api_ports.sh"
status_is 0 "API_PORT"
lives "$holder" && fail "API_PORT's holder should have gone"
holder
try_script kill_api_ports.sh --grace 5 "$port"
status_is 0
lives "$holder" && fail "the given port's holder should have gone"
# shellcheck disable=SC2086
try env -u API_PORT $SHELL_UNDER_TEST "$scripts/kill_api_ports.sh" --help
says 8085

# With Berth.
daemon_up
try_script dev
status_is 0 "dev"
warns "backend runs on http://localhost:$backend_port/"
warns "frontend runs on http://localhost:$frontend_port/"
answers "$frontend_port" || fail "the frontend does not answer"
try_script dev status
says Running
try_script dev health
status_is 0 "dev health"
try_script dev help
says 'dev logs'
try_script dev --nonsense
status_is 2
try_script dev nobody
status_is 1 "dev of no server"
try_script dev stop backend
status_is 0
try_script dev health
status_is 0
answers "$frontend_port" && fail "without its backend the page is an error"
try_script dev backend
status_is 0

# Logs of both, told apart; their end leaves nothing behind.
# shellcheck disable=SC2086 # a shell and its argument
$SHELL_UNDER_TEST "$scripts/dev" logs >followed 2>&1 &
follower=$!
started="$started $follower"
await 20 grep -q '^backend | ' followed || fail "the backend's log did not come"
await 20 grep -q '^frontend | ' followed || fail "the frontend's log did not come"
kill "$follower"
wait "$follower" || :
# shellcheck disable=SC2009 # pgrep is not everywhere
no_curl() { ! ps -eo stat,args | grep -v '^Z' | grep -v grep | grep -q "$SCRATCH/data/run/berth.sock"; }
await 5 no_curl || fail "a follower's curl is left"

# manage_server: backend unless told.
try_script manage_server status
status_is 0
says healthy
try_script manage_server status --json
status_is 0 "JSON status"
printf '%s' "$out" | "$python" -c 'import json, sys; assert json.load(sys.stdin)["status"]["state"] == "Running"' || fail "no JSON status"
try_script manage_server stop
status_is 0
try_script manage_server status
status_is 1 "the status of what is stopped"
try_script manage_server start --port "$spare_port"
status_is 0 "start on another port"
answers "$spare_port" || [ "$(curl -q -s --noproxy '*' -o /dev/null -w '%{http_code}' "http://127.0.0.1:$spare_port/")" = 404 ] || fail "nobody on the other port"
try_script manage_server restart --force
status_is 0
try_script manage_server kill
status_is 0
try_script manage_server kill --name frontend
status_is 0
try_script manage_server dance
status_is 2
try_script manage_server
status_is 2

# start_server.sh: a squatter is ended only when that is asked for.
"$python" -m http.server --bind 127.0.0.1 "$backend_port" >/dev/null 2>&1 &
squatter=$!
started="$started $squatter"
await 20 answers "$backend_port" || fail "the squatter did not come up"
try_script start_server.sh "$backend_port" --force --no-logs
status_is 0 "start_server.sh --force"
warns "backend runs on http://localhost:$backend_port/"
lives "$squatter" && fail "the squatter should have gone"
# It runs elsewhere by now, and the port that it is to have is somebody's: freed for it, it is the service's at once.
"$python" -m http.server --bind 127.0.0.1 "$other_port" >/dev/null 2>&1 &
squatter=$!
started="$started $squatter"
await 20 answers "$other_port" || fail "the squatter did not come up"
try_script start_server.sh "$other_port" --force --no-logs
status_is 0 "start_server.sh --force elsewhere"
warns "backend runs on http://localhost:$other_port/"
warns_not "is not to be had"
try_script start_server.sh "$backend_port" --no-logs
status_is 0 "back to its port"
try_script start_server.sh abc
status_is 2
try_script start_server.sh 99999 --no-logs
status_is 2 "no such port"
warns_not "does not run"
try_script start_server.sh --name nobody --no-logs
status_is 1 "no such service"
warns_not "does not run"

# A UDP port is emptied through Berth, also when Berth doesn't know the service.
mkdir udp
cd udp
printf 'services:\n  names: {port: %s, protocol: udp}\n' "$spare_port" >berth.yaml
udp_holder "$spare_port"
try_script cleanup_ports.sh --pattern python
status_is 0 "cleanup of UDP with a pattern"
says "$spare_port/udp skipped"
lives "$holder" || fail "a pattern is not matched for UDP: its holder must live"
try_script cleanup_ports.sh --dry-run
says "$spare_port/udp see above"
lives "$holder" || fail "a dry run must end nobody"
try_script cleanup_ports.sh
status_is 0 "cleanup of UDP through Berth"
says "$spare_port/udp free"
lives "$holder" && fail "the UDP port's holder should have gone"
cd ..

# make: the same for every service, by pattern; Berth is started when it is down.
if command -v make >/dev/null; then
  sed -i.bak "s,include .*,include $scripts/berth.mk," Makefile
  MAKEFLAGS=''
  export MAKEFLAGS
  try make -s help
  says backend-stop
  "$berth" down -q
  try make -s dev
  status_is 0 "make dev"
  daemon_pid=$("$berth" status | sed -n 's/.*pid \([0-9]*\).*/\1/p')
  answers "$frontend_port" || fail "make dev did not start the frontend"
  for target in backend-stop backend frontend-restart backend-status frontend-kill frontend frontend-force status health; do
    try make -s $target
    status_is 0 "make $target"
  done
  answers "$frontend_port" || fail "the frontend should run after make frontend-force"
  # A file of a target's name changes nothing.
  touch backend dev clean
  try make -s stop
  status_is 0 "make stop"
  try make -s backend-status
  [ "$rc" != 0 ] || fail "make backend-status of a stopped backend should fail"
  try make -s clean
  status_is 0 "make clean"
  says "$backend_port  free"
fi

# The examples that use them.
try sh_under_test ./start-dev.sh
status_is 0 "start-dev.sh"
try sh_under_test ./test-production.sh
status_is 0 "test-production.sh"
says passed
answers "$frontend_port" && fail "the test should have cleaned up"
"$python" -m http.server --bind 127.0.0.1 "$spare_port" >/dev/null 2>&1 &
squatter=$!
started="$started $squatter"
await 20 answers "$spare_port" || fail "the squatter did not come up"
# shellcheck disable=SC2086
$SHELL_UNDER_TEST ./start-model-runner.sh "$spare_port" -- "$python" -m http.server --bind 127.0.0.1 >runner 2>&1 &
runner=$!
started="$started $runner"
await 20 gone "$squatter" || fail "the model runner's port was not emptied"
await 20 answers "$spare_port" || fail "the model runner does not run: $(cat runner)"
try_berth get reservations
says model-runner
kill "$runner"
wait "$runner" || :
no_lease() { try_berth get reservations && case $out in *"$spare_port"*) return 1 ;; esac }
await 20 no_lease || fail "the model runner's lease should have ended with it"
if command -v npm >/dev/null; then
  cd frontend
  sed -i.bak "s,../../../,$BERTH_HOME/deploy/,g; s,python3,$python," package.json
  PORT=$spare_port BACKEND_URL=http://127.0.0.1:$backend_port npm run --silent dev >../npm 2>&1 &
  npm=$!
  started="$started $npm"
  npm_answers() { [ "$(curl -q -s --noproxy '*' -o /dev/null -w '%{http_code}' "http://127.0.0.1:$spare_port/")" = 502 ]; }
  await 60 npm_answers || fail "npm run dev does not run: $(cat ../npm)"
  try_berth get reservations
  says frontend-dev
  try_berth free "$spare_port"
  status_is 0
fi
