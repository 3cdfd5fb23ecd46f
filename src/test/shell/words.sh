# shellcheck shell=sh
# What berth says and answers with before there is a daemon: wrong words, no daemon, one that is dead or dies.
# shellcheck source=lib.sh
. "$BERTH_HOME/src/test/shell/lib.sh"

BERTH_DATA_DIR=$SCRATCH/data
export BERTH_DATA_DIR

# Wrong words: status 2, one sentence that names what was given and where to read on.
wrong() {
  expected=$1
  shift
  try_berth "$@"
  status_is 2 "berth $*"
  silent
  one_sentence
  warns "$expected"
  warns "berth help"
}
wrong '"sevre"' sevre
wrong '"--jsno"' port --jsno 8000
wrong 'berth help free' free
wrong '"-x"' get services -x
wrong '--grace wants a value' free 8000 --grace
wrong '"9000"' port 8000 9000
wrong '"pots"' get pots
wrong '--output is "xml"' scan -o xml
wrong "service's name" logs
wrong '"default/"' service default/
wrong '"/backend"' delete /backend
wrong '"default/"' stop default/
wrong 'takes no value' restart backend --force=5
wrong '"now"' scan now
wrong '"fish2"' completion fish2
wrong 'a command' run --port 8000
wrong 'create, list or revoke' token
wrong 'a name for the token' token create
wrong 'run has no flag "--prot"' run --prot 8000 -- true
wrong '"no..key"' config set no..key 5

# Nobody there: status 3, and what to do.
for verb in scan status 'get services' 'service backend' 'port backend' 'health' 'logs backend' 'logs backend -f' 'start backend' 'resolve' \
  'approve x' 'audit' 'config' 'export' 'env backend' 'doctor' 'report ports' 'reserve 9000' 'release 9000' 'cleanup' 'run true' 'monitor' \
  'delete backend' 'scan --json'; do
  # shellcheck disable=SC2086
  try_berth $verb
  status_is 3 "berth $verb without a daemon"
  silent
  one_sentence
  warns 'berth up'
done

try_berth apply
status_is 2 "apply without a file"
one_sentence
warns berth.yaml

# shellcheck disable=SC2016
try_berth run --anyway -- sh -c 'echo "port ${PORT:-none}"; exit 7'
status_is 7 "the command's own status"
says 'port none'

# A daemon that is named and not there: nothing is done on this machine instead, by hand or by another daemon.
holder
for verb in status "free $port --force" "port $port" up; do
  export BERTH_URL=http://127.0.0.1:1
  # shellcheck disable=SC2086
  try_berth $verb
  unset BERTH_URL
  status_is 3 "berth $verb with a BERTH_URL where nobody is"
  silent
  one_sentence
  warns 'http://127.0.0.1:1'
done
lives "$holder" || fail "what was meant for another Berth must end nobody here"
export BERTH_SOCKET="$SCRATCH/none.sock"
try_berth status
status_is 3 "a BERTH_SOCKET that is not there"
one_sentence
warns "$SCRATCH/none.sock"
try_berth up
status_is 2 "up with another Berth's socket"
one_sentence
warns BERTH_MODE

# A daemon in a container says a pid that is somebody else's here.
cat >"$SCRATCH/elsewhere.py" <<'PYTHON'
import socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
body = ("Berth 1.0 at http://127.0.0.1:7171, pid " + sys.argv[2] + ", up 3 s\n").encode()
while True:
    client, _ = server.accept()
    client.recv(65536)
    client.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    client.close()
PYTHON
"$python" "$SCRATCH/elsewhere.py" "$SCRATCH/elsewhere.sock" "$holder" &
started="$started $!"
await 20 test -S "$SCRATCH/elsewhere.sock" || fail "the daemon of elsewhere did not come up"
BERTH_SOCKET=$SCRATCH/elsewhere.sock
try_berth status
status_is 0 "BERTH_SOCKET"
says "pid $holder"
try_berth down
unset BERTH_SOCKET
status_is 1 "down of a daemon whose pid is another's here"
one_sentence
warns "pid $holder"
lives "$holder" || fail "down must end Berth and nobody else"

# A socket file that nobody listens on any more.
mkdir -p "$BERTH_DATA_DIR/run"
"$python" -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$BERTH_DATA_DIR/run/berth.sock"
try_berth scan
status_is 3 "a dead socket"
one_sentence
warns 'berth up'
rm "$BERTH_DATA_DIR/run/berth.sock"

# A daemon that dies between request and answer, in several ways; the socket is real.
cat >"$SCRATCH/dying.py" <<'PYTHON'
import socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
while True:
    client, _ = server.accept()
    request = client.recv(65536)
    if b"/audit" in request:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it")
    client.close()
PYTHON
"$python" "$SCRATCH/dying.py" "$BERTH_DATA_DIR/run/berth.sock" &
started="$started $!"
await 20 test -S "$BERTH_DATA_DIR/run/berth.sock" || fail "the dying daemon did not come up"
for verb in scan audit 'port 8000' 'start backend'; do
  # shellcheck disable=SC2086
  try_berth $verb
  status_is 3 "berth $verb when the daemon dies"
  silent
  one_sentence
  warns 'went away'
done
# Whether an act was done is then not known, and said to be so.
try_berth free 8000
status_is 3 "free when the daemon dies"
warns 'not known'

# Every verb has a help of at most 80 columns with an example, and its own --help.
unset BERTH_DATA_DIR
try_berth help
says 'Example: '
# shellcheck disable=SC1090,SC2154
. "$BERTH_HOME/deploy/lib/help.sh"
for verb in $VERBS; do
  try_berth help "$verb"
  status_is 0 "berth help $verb"
  says 'Example: '
  says "berth $verb"
  wide=$(printf '%s\n' "$out" | awk 'length($0) > 80')
  [ -z "$wide" ] || fail "berth help $verb is wider than 80 columns: $wide"
  of_help=$out
  case $verb in
    help | version) ;;
    *)
      try_berth "$verb" --help
      status_is 0 "berth $verb --help"
      [ "$out" = "$of_help" ] || fail "berth $verb --help is not its help"
      ;;
  esac
done

# What completion prints is right for the shell it is for, as far as that shell is there.
for shell in bash zsh fish; do
  try_berth completion $shell
  status_is 0 "completion $shell"
  says reserve
  if command -v $shell >/dev/null; then
    printf '%s\n' "$out" >"$SCRATCH/completion"
    $shell -n "$SCRATCH/completion" || fail "completion $shell can't be read by $shell"
  fi
done

# How much memory it may have is for its user to say: then the heap's shape is left to the JVM, which refuses one that doesn't fit.
# shellcheck source=../../../deploy/lib/runner.sh
. "$BERTH_HOME/deploy/lib/runner.sh"
jvm_flags() {
  JAVA='echo'
  JAVA_MAJOR=17
  BERTH_ARCHIVE=false
  BERTH_JAVA_OPTS=$1
  (runner_exec serve)
}
try jvm_flags '-Dx=y'
says ' -Xmn32m '
try jvm_flags '-Dx=y -Xmx64m'
says ' -Xmx64m '
case $out in *' -Xmn'*) fail "a heap of 64 MB has no room for the flags that are ours" ;; esac
tab=$(printf '\t')
for its in -Xms64m -Xmn16m -XX:MaxHeapSize=64m -XX:InitialHeapSize=64m -XX:NewSize=8m -XX:MaxNewSize=8m -XX:MaxRAMPercentage=5 \
  -XX:InitialRAMPercentage=5 "-Dx=y$tab-Xmx64m" "-Dx=y$tab-XX:MaxHeapSize=64m"; do
  try jvm_flags "$its"
  case $out in *' -Xmn32m '*) fail "\"$its\" is the user's own heap size" ;; esac
done
# What looks like one and is none.
try jvm_flags -Dof=-Xmx64m
says ' -Xmn32m '
# A share is passed over by the JVM when a size is said too.
try jvm_flags -XX:MaxRAMPercentage=5
case $out in *' -Xm'*) fail "with a size the JVM would not look at the share" ;; esac
try jvm_flags -XX:InitialRAMPercentage=5
case $out in *' -Xms'*) fail "with a size the JVM would not look at the share" ;; esac
says ' -Xmx512m '
# The JVM itself starts with each of them.
java_find
real_java=$JAVA
for its in -XX:MaxHeapSize=64m -XX:InitialHeapSize=64m -XX:MaxRAMPercentage=5; do
  try jvm_flags "$its"
  # shellcheck disable=SC2086
  try "$real_java" ${out%% -jar *} -version
  status_is 0 "a JVM with $its"
done
