# shellcheck shell=sh
# Every verb against a daemon of the test's own, in a pipe and on a terminal, up to its sudden end.
# shellcheck source=lib.sh
. "$BERTH_HOME/src/test/shell/lib.sh"

# The directory is a stranger's clone: nothing in it decides where Berth listens, for whom, or where its memory lies.
mkdir config stolen
cat >.env <<ENV
PORT=1
BERTH_HTTP_PORT=1
BERTH_HTTP_HOST=0.0.0.0
BERTH_INSECURE=true
BERTH_MODE=nonsense
BERTH_TOKEN=known-to-strangers
BERTH_DATA_DIR=$PWD/stolen/data
BERTH_SOCKET=$PWD/stolen/berth.sock
XDG_STATE_HOME=$PWD/stolen/state
QUARKUS_HTTP_HOST=0.0.0.0
QUARKUS_LOG_FILE_PATH=$PWD/stolen/env.log
ENV
printf 'quarkus.http.host=0.0.0.0\nquarkus.http.port=1\nquarkus.log.file.path=%s\n' "$PWD/stolen/properties.log" \
  >config/application.properties
cp config/application.properties application.properties

daemon_up

endpoint=$(cat "$BERTH_DATA_DIR/endpoint")
case $endpoint in
  http://127.0.0.1:1 | http://127.0.0.1:1/*) fail "the clone chose the port: $endpoint" ;;
  http://127.0.0.1:*) ;;
  *) fail "the clone chose the address: $endpoint" ;;
esac
[ -z "$(ls -A stolen)" ] || fail "the clone chose where files go: $(ls -AR stolen)"
rm -r .env config application.properties stolen
# shellcheck disable=SC2086 # eight ports
set -- $PORTS
web_port=$1 api_port=$2 spare_port=$3 lease_port=$4 range="$5-$6" other_port=$7 udp_port=$8

cat >berth.yaml <<YAML
stack: live
services:
  web:
    port: $web_port
    command: exec "$python" -m http.server --bind 127.0.0.1 {port}
    healthCheck: http://localhost:{port}/
  api:
    port: $api_port
    command: exec "$python" -m http.server --bind 127.0.0.1 {port}
    dependsOn: [web]
  guarded:
    port: $other_port
  names:
    port: $udp_port
    protocol: udp
YAML

# up says that it is up already.
try_berth up
status_is 0 "a second up"
says 'up already'
says "$daemon_pid"

# Tokens: the secret alone on standard output, once; fewer rights; none after it was taken back.
try_berth token create reader --scope read --ttl 1h
status_is 0 "a token"
says berth_
sh_under_test "$berth" token create other --scope read --quiet >other.token
# with_token VERB...: as a program that was given the token.
# shellcheck disable=SC2086
with_token() { try env BERTH_TOKEN_FILE="$PWD/other.token" $SHELL_UNDER_TEST "$berth" "$@"; }
with_token get services
status_is 0 "a reading token reads"
with_token config set development true
status_is 1 "a reading token changes nothing"
warns 'token other'
try_berth token list
says reader
try_berth token revoke other
status_is 0
with_token status
status_is 1 "a revoked token is none"
warns 'revoked'
try_berth token revoke reader

# Nothing declared yet.
try_berth status
status_is 0
says "pid $daemon_pid"
says 'No services are declared'
try_berth cleanup
status_is 0 "cleanup of nothing"
says 'nothing to clean up'

# apply and plan, from another directory through a link.
mkdir elsewhere
ln -s "$berth" elsewhere/berth
rc=0
out=$(cd elsewhere && sh_under_test ./berth plan -f ../berth.yaml 2>&1) || rc=$?
status_is 0 "plan"
says CreateService
says 'nothing was done'
rm elsewhere/berth
try_berth get services
says 'No services are declared'
try_berth apply
status_is 0 "apply of ./berth.yaml"
says 'default/web'
# Who looks into another namespace is told where there are some.
for verb in 'get services' cleanup; do
  # shellcheck disable=SC2086
  try_berth $verb -n nowhere
  status_is 0 "$verb in an empty namespace"
  says 'default ('
done
printf 'services: {web: {prot: 1}}\n' >wrong.yaml
try_berth apply -f wrong.yaml
status_is 2 "a wrong file"
warns prot
warns 'nothing was changed'
printf 'services: {stdin: {port: %s, running: false}}\n' "$spare_port" >stdin.yaml
try sh_under_test "$berth" apply -f - <stdin.yaml
status_is 0 "apply from standard input"
says default/stdin
try_berth delete stdin
status_is 0 "delete"

# start waits until it is so.
try_berth start --all
status_is 0 "start --all"
says Running
try_berth port web
status_is 0 "port NAME"
[ "$out" = "$web_port" ] || fail "the bare port of web is $web_port"
try_berth port nobody
status_is 1 "port of no service"
one_sentence
try_berth port "$web_port"
status_is 0 "port N"
says "Port $web_port"
says http.server
try_berth port "$web_port/udp"
status_is 0 "port N/udp"
says "Nothing listens on port $web_port/udp"
try_berth scan --json
status_is 0 "scan --json"
printf '%s' "$out" | "$python" -c 'import json, sys; json.load(sys.stdin)["items"][0]["port"]' || fail "scan --json is no JSON"
try_berth scan -o yaml
says 'kind: PortList'
try_berth --json port 99999
status_is 2 "a wrong port"
says '"status":422'
warns 'wrong with the address'
try_berth service web
status_is 0
says "default/web"
try_berth status web
status_is 0
try_berth status nobody
status_is 1
try_berth get services -o wide
says MEMORY
try_berth get services -w --count 2 --interval 0
status_is 0 "watching has an end"
try_berth get conflicts
says 'No conflicts'
try_berth get audit --service web --limit 5
says ServiceDeclared
try_berth audit verify
status_is 0 "audit verify"
says whole
try_berth health
status_is 0 "health"
says healthy
try_berth health web -q
status_is 0
silent
try_berth env api
says "API_PORT=$api_port"
try_berth logs nobody
status_is 1 "logs of nobody"
one_sentence
try_berth logs nobody -f
status_is 1 "following nobody"
one_sentence
try_berth logs web --tail 5
status_is 0 "logs"
try_berth doctor
status_is 0 "doctor"
says observer
try_berth config set health.interval 7s
status_is 0 "config set"
says 7s
try_berth config health.interval
says REST
try_berth config unset health.interval
status_is 0
try_berth config set health.interval soon
status_is 2 "a wrong setting"
try_berth config no.such
status_is 1 "no such setting"
try_berth export
status_is 0 "export"
says 'services:'
printf '%s\n' "$out" >again.yaml
try_berth plan -f again.yaml
status_is 0 "an export applies"
case $out in *CreateService* | *ChangeService*) fail "applying the export would change something" ;; esac
try_berth report
status_is 0 "the four reports"
says PORT
says default/web
try_berth report conflicts --since 1h --json -q
status_is 0
try_berth report health --since 2h --until 1h
status_is 0 "a report over a period"
says 'From 20'
says AVAILABLE
try_berth report nothing
status_is 2
try_berth resolve
status_is 0
try_berth approve 01NOSUCH
status_is 1 "approve of nothing"
one_sentence
try_berth monitor --count 1
status_is 0
says guarded

# Following a log, until the follower is ended: its curl goes too.
# shellcheck disable=SC2086
$SHELL_UNDER_TEST "$berth" logs web -f >followed &
follower=$!
started="$started $follower"
curl -q -s --noproxy '*' -o /dev/null "http://127.0.0.1:$web_port/followed" || fail "web does not answer"
await 20 grep -q followed followed || fail "the followed line did not come"
kill "$follower"
wait "$follower" || :
# shellcheck disable=SC2009 # pgrep is not everywhere
if ps -eo args | grep -v grep | grep -q "$SCRATCH/data/run/berth.sock"; then fail "the follower's curl is left"; fi

# restart, stop, one by one.
before=$(sh_under_test "$berth" service web | sed -n 's/^pid *//p')
try_berth restart web
status_is 0 "restart"
[ "$(sh_under_test "$berth" service web | sed -n 's/^pid *//p')" != "$before" ] || fail "web was not restarted"
try_berth restart guarded
status_is 1 "restart of what has no command"
one_sentence
try_berth start nobody
status_is 1
one_sentence
try_berth stop default/api other/web
status_is 2 "stop in two namespaces"
one_sentence
# An empty variable of somebody's script must not mean all.
for verb in stop cleanup; do
  try_berth $verb default/
  status_is 2 "$verb of a name that is empty"
  one_sentence
done
try_berth cleanup default/nobody
status_is 1
one_sentence
warns 'no service nobody'
try_berth health api
status_is 0 "nothing should have been stopped"
try_berth start default/nobody
status_is 1
one_sentence
warns 'no service nobody in the namespace default'
# As a table of all namespaces writes it.
try_berth stop default/api -q
status_is 0
silent
try_berth health
status_is 0 "what is kept stopped is as wanted"
try_berth health api
status_is 1

# Not even by who doesn't find this daemon, nor by its number in another place.
address=$(sed -n 1p "$BERTH_DATA_DIR/endpoint")
usual=$BERTH_DATA_DIR
BERTH_DATA_DIR=$SCRATCH/elsewhere
try_berth free "${address##*:}"
BERTH_DATA_DIR=$usual
status_is 4 "the basic mode's free of a Berth"
warns 'berth down'
export BERTH_URL="$address"
try_berth down
unset BERTH_URL
status_is 2 "down by an address"
one_sentence
lives "$daemon_pid" || fail "the daemon should not have ended"

# free: a stranger, a service of ours, nobody, and who is protected.
holder
try_berth free "$port" --dry-run
status_is 0
says 'nothing was done'
lives "$holder" || fail "a dry run must end nobody"
try_berth free "$port" "$spare_port"
status_is 0 "free"
says "Port $port is free now"
says "Nothing held port $spare_port"
await 5 gone "$holder" || fail "the holder should have gone"
holder stubborn
try_berth free "$port" --grace 300ms
status_is 0 "a stubborn holder"
try_berth free "$web_port"
status_is 0
try_berth get services web -o json
says '"running":false'
daemon_port=$(sed -n '1s/.*:\([0-9]*\).*/\1/p' "$BERTH_DATA_DIR/endpoint")
try_berth free "$daemon_port"
status_is 4 "Berth's own port"
one_sentence
warns berth
try_berth free notaport
status_is 2

# Leases.
try_berth reserve "$range" --holder tests --quiet
status_is 0 "reserve from a range"
leased=$out
case $leased in *[!0-9]* | '') fail "a bare number was wanted" ;; esac
try_berth get reservations
says tests
try_berth run --port "$leased" --name others -- true
status_is 1 "run on a port that is reserved for another"
one_sentence
warns tests
# shellcheck disable=SC2016
try_berth run --port "$leased" --name tests -- sh -c 'echo "on $PORT"; exit 7'
status_is 7 "the command's own status"
says "on $leased"
# It was reserved for good: the run has used it, and it is held again for the next one.
held_again() { try_berth get reservations && case $out in *"$leased "*tests*Held*) ;; *) return 1 ;; esac }
await 20 held_again || fail "the reservation should have outlived the run"
try_berth run --port "$leased" --name tests -- true
status_is 0 "a second run on the same reservation"
await 20 held_again || fail "the reservation should have outlived the second run"
# shellcheck disable=SC2016
try_berth run --port "$lease_port" --quiet -- sh -c 'kill -TERM $$'
status_is 143 "a signal passes through"
no_lease() { try_berth get reservations && case $out in *"$lease_port"*) return 1 ;; esac }
await 20 no_lease || fail "the lease should have ended with its process"
try_berth run --range 9100-9000 -- true
status_is 1 "run with a range that goes down"
one_sentence
warns 'a range goes upward'
try_berth reserve "$lease_port" --ttl soon
status_is 2
try_berth release "$lease_port"
status_is 1 "release of what is not reserved"
# What reserve printed is what release takes.
try_berth reserve "$lease_port" --udp --quiet
[ "$out" = "$lease_port/udp" ] || fail "a UDP port is printed with its protocol"
try_berth release "$out"
status_is 0 "release N/udp"

# A conflict: somebody sits on the guarded port; cleanup empties all.
# A UDP service's port is emptied of who has it over UDP; who has the same number over TCP is none of its business.
try_berth start --all
status_is 0
"$python" -m http.server --bind 127.0.0.1 "$udp_port" >/dev/null 2>&1 &
bystander=$!
started="$started $bystander"
bystander_answers() { curl -q -sf --noproxy '*' -o /dev/null "http://127.0.0.1:$udp_port/"; }
await 20 bystander_answers || fail "the bystander did not come up"
udp_holder "$udp_port"
try_berth cleanup --dry-run
status_is 0 "cleanup, foretold"
says 'is emptied by stopping web.'
evictions=$(printf '%s\n' "$out" | grep -c '^EvictHolders')
[ "$evictions" = 1 ] || fail "one process is nobody's service and would be ended, not $evictions: the others end with their services"
lives "$holder" || fail "a dry run ends nobody"
# A service whose port a stranger has too: stopping it doesn't empty the port, and who would be ended is told. Its own workers, who
# have its socket, end with it.
cat >sharing.py <<'PYTHON'
import os, signal, socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
s.bind(("127.0.0.1", int(sys.argv[1])))
s.listen()
signal.alarm(300)
if len(sys.argv) > 2 and os.fork() == 0:
    signal.alarm(300)
print("bound", flush=True)
signal.pause()
PYTHON
cat >sharing.yaml <<YAML
services:
  sharing:
    port: $lease_port
    command: exec "$python" "$PWD/sharing.py" {port} with-a-worker
YAML
try_berth apply -f sharing.yaml
status_is 0 "apply of the sharing service"
try_berth start sharing
status_is 0 "start of the sharing service"
try_berth cleanup sharing --dry-run
says "Port $lease_port is emptied by stopping sharing."
case $out in *EvictHolders*) fail "nobody is there but the service and its worker" ;; esac
"$python" sharing.py "$lease_port" >sharer.said &
sharer=$!
started="$started $sharer"
await 20 test -s sharer.said || fail "the stranger did not come up"
try_berth cleanup sharing --dry-run
status_is 0 "cleanup of a shared port, foretold"
says "pid $sharer"
case $out in *'is emptied by stopping sharing'*) fail "a stranger has the port too" ;; esac
lives "$sharer" || fail "a dry run ends nobody"
try_berth cleanup
status_is 0 "cleanup"
lives "$sharer" && fail "the stranger on the shared port should have gone"
lives "$holder" && fail "the holder of the UDP port should have gone"
lives "$bystander" || fail "the same number's TCP holder must live"
try_berth get services
case $out in *Running*) fail "cleanup stops everything" ;; esac
try_berth delete sharing
status_is 0 "delete of the sharing service"

# Colours on a terminal, none without one, none when they are not wanted.
cat >terminal.py <<'PYTHON'
import os, pty, sys
said = []
def read(fd):
    data = os.read(fd, 65536)
    said.append(data)
    return b""
status = pty.spawn(sys.argv[1:], read)
sys.stdout.buffer.write(b"".join(said))
sys.exit(os.waitstatus_to_exitcode(status))
PYTHON
escape=$(printf '\033')
TERM=xterm
export TERM
# shellcheck disable=SC2086
try "$python" terminal.py $SHELL_UNDER_TEST "$berth" get services
says "${escape}["
# shellcheck disable=SC2086
try "$python" terminal.py $SHELL_UNDER_TEST "$berth" get services --no-color
case $out in *"${escape}["*) fail "--no-color shows colours" ;; esac
# shellcheck disable=SC2086
try env NO_COLOR=1 "$python" terminal.py $SHELL_UNDER_TEST "$berth" get services
case $out in *"${escape}["*) fail "NO_COLOR shows colours" ;; esac

# Over TCP, where there is no socket.
mkdir tcp
head -n 1 "$BERTH_DATA_DIR/endpoint" >tcp/endpoint
try env BERTH_DATA_DIR="$SCRATCH/tcp" "$berth" status --verbose
status_is 0 "over TCP"
says "pid $daemon_pid"
warns http://

# down, which says what runs on, and down again; then nobody is there.
try_berth start web
status_is 0
try_berth down
status_is 0 "down"
says 'Left running'
says 'take up: web'
says 'berth stop --all'
gone "$daemon_pid" || fail "the daemon should have gone"
daemon_pid=''
try_berth down
status_is 0 "a second down"
says 'not running'
try_berth scan
status_is 3 "after down"

# Killed while a log is followed: said, with the status of no daemon.
daemon_up
try_berth start web
status_is 0
# shellcheck disable=SC2086
$SHELL_UNDER_TEST "$berth" logs web -f >followed 2>words &
follower=$!
started="$started $follower"
await 20 test -s followed || fail "following has not begun"
kill -9 "$daemon_pid"
rc=0
wait "$follower" || rc=$?
out=$(cat followed) err=$(cat words)
status_is 3 "the daemon died while a log was followed"
one_sentence
try_berth scan
status_is 3 "after a kill"
one_sentence
warns 'berth up'
# Called up twice in the same moment there is one daemon, and both say so.
sh_under_test "$berth" up >first 2>&1 &
first=$!
daemon_up
rc=0
wait "$first" || rc=$?
out=$(cat first) err=''
status_is 0 "up beside another up"
says "pid $daemon_pid"
try_berth stop --all --force
status_is 0 "the next daemon has the services"
