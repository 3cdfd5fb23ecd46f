# shellcheck shell=sh disable=SC2034,SC2154 # the parts of the program share their variables
# What each verb does, in at most 80 columns and with an example. Sourced by deploy/bin/berth.

VERBS='apply approve audit cleanup completion config delete demo dismiss doctor down env export free get health help logs
monitor plan port release report reserve resolve restart run scan serve service start status stop token up version'

help_text() {
  case $1 in
    '')
      cat <<'TEXT'
Berth, the port control plane of a development machine.

Ports      scan                     every port in use, and by whom
           port N|NAME              who holds a port; the port of a service
           free PORT...             end what holds a port, and verify
           reserve, release, run    lease a port for a while, for a command
Services   apply, plan, delete      declare a berth.yaml; only look at it
           start, stop, restart     by name, or --all
           status, service NAME     all at a glance; one in full
           health, logs, env        of one service, or of all
           cleanup                  stop everything, empty its ports
Conflicts  get conflicts            what was contested, and how it ended
           resolve                  settle what is open now
           approve, dismiss ID      decide one that waits
Insight    get KIND, report, monitor, audit, config, export, doctor
Daemon     up, down, serve          in the background; in the foreground
           demo                     a port conflict found, judged, settled
           token create|list|revoke for calls from elsewhere, and for fewer rights
           version, completion, help [VERB]

Everywhere --json, -o json|yaml|wide, -n NAMESPACE, --quiet, --verbose,
           --no-color (or NO_COLOR)
Status     0 done, 1 failed, 2 wrong usage, 3 no daemon, 4 port still taken

Example: berth port 8000
TEXT
      ;;
    apply) cat <<'TEXT' ;;
berth apply [-f FILE] [--prune] [--no-start] [--dry-run]

Declares the services of a file, all or nothing; berth.yaml of this directory
unless another is named, - for standard input. What is relative in the file
begins where the file lies.
  --prune      remove what an earlier file of the same stack declared
  --no-start   what doesn't run stays stopped; berth start starts it
  --dry-run    say what would be done, and do nothing

Example: berth apply -f berth.yaml --prune
TEXT
    plan) cat <<'TEXT' ;;
berth plan [-f FILE] [--prune] [--no-start]

Says what applying the file would do, each step with its reason.

Example: berth plan -f berth.yaml
TEXT
    delete) cat <<'TEXT' ;;
berth delete NAME [--dry-run]

Stops a service, gives its port back and forgets its declaration. Its history
stays.

Example: berth delete backend
TEXT
    get) cat <<'TEXT' ;;
berth get services [NAME] [-l SELECTOR]
berth get conflicts [ID] [--service NAME] [--state S] [--since 1h] [--limit N]
berth get reservations
berth get audit [--service NAME] [--since 1h] [--limit N]

  -o wide|json|yaml   more columns; the objects
  -w, --watch         look again every 2 s (--interval SECONDS, --count N)
  --limit N           that many services or reservations at most
  --continue TOKEN    those after them, by the token that ended the list before

Example: berth get services -o wide
TEXT
    scan) cat <<'TEXT' ;;
berth scan [--tcp|--udp] [--all] [-w]

Every port that is in use, reserved or declared, with who holds it.
  --all   also ports that are only somebody's alternative

Example: berth scan --tcp
TEXT
    port) cat <<'TEXT' ;;
berth port N [--udp], or N/udp
berth port NAME

With a number: who holds the port, who wants it, what happened on it. With a
service's name: the bare number of the port it has, for $(...). Without a
daemon a number is looked up with ss, lsof or fuser (basic mode).

Example: curl "http://localhost:$(berth port backend)/"
TEXT
    service) cat <<'TEXT' ;;
berth service NAME

Everything about one service: state, port, process, what it uses, conditions.

Example: berth service backend
TEXT
    free) cat <<'TEXT' ;;
berth free PORT... [--grace 10s] [--force] [--udp] [--dry-run]

Ends what holds the ports, SIGTERM first, and verifies that they are free.
Protected processes and other users' are refused. On a service of Berth's own
it means: keep it stopped. The status is 4 when a port is still taken. Without
a daemon it works by itself (basic mode), with the same protection.
  --grace D   how long a holder may take to end (10s)
  --force     SIGKILL at once

Example: berth free 8000 3000 --grace 5s
TEXT
    start | stop | restart) cat <<TEXT ;;
berth $1 NAME... [--force] [--port P] [--wait 60s | --no-wait]
berth $1 --all

What services depend on is started first and stopped last. Waits until it is
so, and says why not when it isn't. NAME may be namespace/name, of one
namespace at a time.
  --force     the old processes get no grace
  --port P    the port it prefers from now on (one service)
  --no-wait   only ask for it

Example: berth $1 backend
TEXT
    status) cat <<'TEXT' ;;
berth status [NAME] [-w]

The daemon, every service, and the conflicts that are open.

Example: berth status
TEXT
    health) cat <<'TEXT' ;;
berth health [NAME]

What the health checks say. The status is 1 when a service that should run is
not healthy; with a NAME, when that one is not, whatever it should.

Example: berth health backend && npm test
TEXT
    logs) cat <<'TEXT' ;;
berth logs NAME [-f] [--errors] [--tail N]

  -f, --follow   go on with new lines as they come
  --errors       only lines that tell of errors
  --tail N       begin with the last N lines (100), 0 for new ones only

Example: berth logs backend -f --errors
TEXT
    resolve) cat <<'TEXT' ;;
berth resolve [--dry-run]

Looks at every open conflict now and settles what can be settled.

Example: berth resolve --dry-run
TEXT
    approve | dismiss) cat <<TEXT ;;
berth $1 ID

approve lets Berth do what waits for approval; dismiss closes the conflict
without doing anything. berth get conflicts shows the ids. An approval is for
the holder that was shown: if another one is there by then, Berth asks anew.
What nobody answers within conflicts.approvalTtl (1h) is done the safe way.

Example: berth $1 01JD2V6Y3N8T5QK4W7R9XZ1ABC
TEXT
    cleanup) cat <<'TEXT' ;;
berth cleanup [NAME...] [--force] [--grace 10s] [--dry-run]

Stops the services (all of the namespace when none is named), ends whoever else
sits on their ports, verifies, and reports each port.

Example: berth cleanup --dry-run
TEXT
    report) cat <<'TEXT' ;;
berth report [ports|health|conflicts|performance] [--since 24h] [--until TIME]

One of the four reports, or all of them, over a period: how often each port was
contested and how likely it will be, how available each service was, who took
which port, and what the services used. --since and --until take a time such as
2030-01-31T12:00:00Z, or how long ago. Without them: a week for ports and
conflicts, a day for health and performance.

Example: berth report conflicts --since 30d
TEXT
    monitor) cat <<'TEXT' ;;
berth monitor [--interval SECONDS] [--count N]

berth status, again and again: in place on a terminal, elsewhere whenever
something changed. Ctrl-C ends it.

Example: berth monitor --interval 1
TEXT
    reserve) cat <<'TEXT' ;;
berth reserve PORT|RANGE [--holder NAME] [--ttl 10m] [--count N] [--udp]

Keeps a port, or free ones of a range, for a holder (you unless named). With
--quiet only the numbers are printed.

Example: berth reserve 9000-9100 --holder e2e-tests --ttl 30m
TEXT
    release) cat <<'TEXT' ;;
berth release PORT...

Gives reserved ports back.

Example: berth release 9000
TEXT
    token) cat <<'TEXT' ;;
berth token create NAME [--scope read|manage|admin] [--ttl 90d] [--only-own]
berth token list
berth token revoke NAME

A token stands for you, with at most your rights, where Berth can't tell who
calls: from another machine or a container. Its secret is printed once. It may
read, manage what is yours (the default), or administer; with --only-own it
changes and ends only what was declared by it. It ends after --ttl (90d).
Clients send BERTH_TOKEN, or the first line of the file BERTH_TOKEN_FILE, to
this machine's Berth or to BERTH_URL.

Example: berth token create ci --scope manage --only-own --ttl 12h > ci.token
TEXT
    run) cat <<'TEXT' ;;
berth run [--name N] [--port P | --range 8000-9999] [--anyway] -- CMD...

Leases a port, exports PORT and becomes the command: signals and exit status
are its own, and the lease ends with it. Refused when the port is reserved for
another. --anyway runs it without a lease when Berth is down.

Example: berth run --name web -- sh -c 'python3 -m http.server $PORT'
TEXT
    audit) cat <<'TEXT' ;;
berth audit [--service NAME] [--actor A] [--action A] [--since 1h] [--limit N]
berth audit verify

Who did what to what, why and with what result, newest first; whether the
record is whole (status 1 when it is not).

Example: berth audit --service backend --since 1h
TEXT
    config) cat <<'TEXT' ;;
berth config [KEY]
berth config set KEY VALUE
berth config unset KEY

Every setting with its value and where that came from; changes one, or takes
the change back.

Example: berth config set conflicts.strategy conservative
TEXT
    export) cat <<'TEXT' ;;
berth export

Everything that is declared and set, as a berth.yaml that applies to the same.

Example: berth export > berth.yaml
TEXT
    env) cat <<'TEXT' ;;
berth env NAME

The ports that a service and what it depends on were given, as .env lines.

Example: berth env frontend > .env.local
TEXT
    doctor) cat <<'TEXT' ;;
berth doctor

Looks at the machine: what Berth can and can't see, port ranges that overlap,
permissions, container or VM, data directory, clock, versions; with what to do.

Example: berth doctor
TEXT
    up) cat <<'TEXT' ;;
berth up [-f FILE]

Starts the daemon in the background, builds it the first time, and returns
when it answers. Says so when it is up already. -f applies a file then.

Example: berth up -f berth.yaml
TEXT
    down) cat <<'TEXT' ;;
berth down

Stops the daemon of this machine. Its services keep running, for the next one to
adopt, unless the setting onShutdown says stop.

Example: berth down
TEXT
    serve) cat <<'TEXT' ;;
berth serve [-f berth.yaml] [--set KEY=VALUE]...

Runs the daemon in the foreground, until SIGTERM or Ctrl-C. Builds it first
when sources are newer than the program.
  -f FILE           declare what FILE says, and follow its changes
  --set KEY=VALUE   a setting for this run; it wins over every other source

  BERTH_HTTP_PORT, PORT   where it listens (7171; the next free one when it is
                          taken)
  BERTH_DATA_DIR          where it keeps its state ($XDG_STATE_HOME/berth, else
                          ~/.local/state/berth; /var/lib/berth when shared)
  BERTH_MODE              single, for who starts it, or shared, for every user
                          of the machine
  BERTH_HTTP_HOST         the address it listens on (127.0.0.1); beyond loopback
                          it wants BERTH_TOKEN
  BERTH_TOKEN             a secret that administrates this Berth from elsewhere
  BERTH_TOKEN_FILE        a file with that secret in its first line, instead
  BERTH_JAVA_OPTS         more flags for the JVM

Example: BERTH_HTTP_PORT=7272 berth serve
TEXT
    demo) cat <<'TEXT' ;;
berth demo

Builds what is missing, starts Berth, puts a process of its own on port 8000
(or the next free one) and lets Berth settle the conflict three times:
conservative, aggressive, intelligent. Ends nothing but its own, declares
services in the namespace "demo" only, and leaves the daemon up.

Example: NO_COLOR=1 berth demo
TEXT
    completion) cat <<'TEXT' ;;
berth completion bash|zsh|fish

Prints what makes the shell complete verbs, flags and services.

Example: eval "$(berth completion bash)"
TEXT
    version) cat <<'TEXT' ;;
berth version

Prints the version, and the commit when this is a clone.

Example: berth version
TEXT
    help) cat <<'TEXT' ;;
berth help [VERB]

What there is; more about one verb, with an example.

Example: berth help free
TEXT
    *) return 1 ;;
  esac
}
