# shellcheck shell=sh disable=SC2034,SC2154 # the parts of the program share their variables
# The Java side: which JDK, the built program, its class-data archive. Sourced by deploy/bin/berth.

JAVA_NEEDED=17
# The class-data archive holds for one path only, however this one was reached.
BERTH_HOME=$(CDPATH='' cd -- "$BERTH_HOME" && pwd -P)
RUNNER=$BERTH_HOME/target/quarkus-app/quarkus-run.jar
# What a package has put under /usr is left as it was.
case $BERTH_HOME in
  /usr/share/*) ARCHIVE=/var/cache/berth/berth.jsa ;;
  *) ARCHIVE=$BERTH_HOME/target/quarkus-app/berth.jsa ;;
esac
BUILT=$BERTH_HOME/target/.berth-built

# A daemon that idles most of its life on somebody's laptop: one collector thread, quick to start, and no
# counters that are written twenty times a second for tools that nobody runs. Nor does
# the JVM wake up by itself: not once a second to stop all threads for nothing, which newer ones don't do either, and every ten
# seconds, not four times in one, to take back locks that nobody waits for. Flags that a later JVM has not are passed over. The
# archive is made with the same flags: the JVM refuses it under others.
JVM_FLAGS='-XX:-UsePerfData -XX:+UseSerialGC -XX:TieredStopAtLevel=1'
# What a daemon does seldom, such as freeing a port, it would interpret for hundreds of times. Compiled after a tenth of the usual
# number it takes two thirds of the time; the start costs a sixth more of the processor for it, and the code some 10 MB.
JVM_FLAGS="$JVM_FLAGS -XX:CompileThresholdScaling=0.1"
JVM_FLAGS="$JVM_FLAGS -XX:+UnlockDiagnosticVMOptions -XX:+IgnoreUnrecognizedVMOptions"
JVM_FLAGS="$JVM_FLAGS -XX:GuaranteedSafepointInterval=0 -XX:AsyncDeflationInterval=10000"
# Room for what thirty requests at once leave behind: with less, the JVM took it for lasting, and stopped everything for 50 to 80 ms
# every few seconds to find out that it wasn't. From the start, or the start itself pays for it three times; some 17 MB of memory.
HEAP_LIMIT='-Xmx512m'
HEAP_FLAGS="-Xms72m -Xmn32m -XX:SurvivorRatio=4 $HEAP_LIMIT"
# For those who say how much memory it may have.
HEAP_FLAGS_BESIDE_OTHERS="-Xms32m $HEAP_LIMIT"

java_find() {
  if [ -n "${JAVA_HOME:-}" ]; then
    JAVA=$JAVA_HOME/bin/java
    [ -x "$JAVA" ] || die 1 "JAVA_HOME is $JAVA_HOME, which has no bin/java. Point it at a JDK $JAVA_NEEDED or newer, or unset it."
  else
    JAVA=$(command -v java) || die 1 "needs a JDK $JAVA_NEEDED or newer, and found no java on the PATH. Install one (Debian: apt install openjdk-17-jdk-headless) or set JAVA_HOME."
  fi
  found=$("$JAVA" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p' | head -n 1)
  JAVA_MAJOR=${found%%[!0-9]*}
  [ "${JAVA_MAJOR:-0}" -ge "$JAVA_NEEDED" ] || die 1 "needs a JDK $JAVA_NEEDED or newer, and $JAVA is ${found:-of an unknown version}. Set JAVA_HOME to a newer one."
}

# Building and single-file programs need the compiler too.
java_compiles() { "$JAVA" --list-modules 2>/dev/null | grep -q '^jdk\.compiler@'; }

# An installed program has no pom.xml, and says its version in a file.
runner_version() {
  if [ -f "$BERTH_HOME/VERSION" ]; then cat "$BERTH_HOME/VERSION"; else pom_version; fi
}

pom_version() { sed -n 's,^ *<version>\(.*\)</version>.*,\1,p' "$BERTH_HOME/pom.xml" | head -n 1; }

# True when nothing that goes into the program changed since it was built, by us or by hand.
runner_is_fresh() {
  [ -f "$RUNNER" ] || return 1
  [ -f "$BERTH_HOME/pom.xml" ] || return 0
  for made in "$RUNNER" "$BUILT"; do
    [ -f "$made" ] || continue
    # Directories count: removing a file changes nothing else.
    changed=$(find "$BERTH_HOME/pom.xml" "$BERTH_HOME/src/main" -newer "$made" 2>/dev/null | head -n 1)
    [ -n "$changed" ] || return 0
  done
  return 1
}

runner_ensure() {
  java_find
  runner_is_fresh || runner_build
  archive_is_fresh || archive_make
}

runner_build() {
  [ -f "$BERTH_HOME/mvnw" ] || die 1 "there is no built program at $RUNNER and no sources to build it from."
  java_compiles || die 1 "building needs a JDK, and $JAVA is of a runtime without a compiler. Set JAVA_HOME to a JDK $JAVA_NEEDED or newer."
  mkdir -p "$BERTH_HOME/target" || die 1 "can't write to $BERTH_HOME/target, where the program is built."
  log=$BERTH_HOME/target/berth-build.log
  say "Building Berth in $BERTH_HOME (the first time fetches libraries, a few minutes; log: $log)"
  started=$(date +%s)
  status=$BERTH_HOME/target/.berth-build-status
  {
    cd "$BERTH_HOME" && ./mvnw -B -Dstyle.color=never -Dmaven.test.skip=true package </dev/null 2>&1
    echo $? >"$status"
  } | tee "$log" | awk '
    /Downloaded from/ { if (++fetched % 50 == 0) { print "  fetched " fetched " files"; fflush() } }
    /^\[INFO\] --- / { print "  " $3; fflush() }
    /^\[ERROR\]/ && shown++ < 20 { print; fflush() }' >&2
  if [ "$(cat "$status")" != 0 ] || [ ! -f "$RUNNER" ]; then
    die 1 "the build failed; its errors are above, the whole of it in $log"
  fi
  rm -f "$status"
  : >"$BUILT"
  say "Built in $(($(date +%s) - started)) s."
}

# The archive holds the classes a start loads, already parsed. The JVM takes it only for the very jar, path and JDK it
# was made with, so it is made here and not in the build, and made anew when one of them changes.
archive_is_fresh() {
  [ "${BERTH_ARCHIVE:-true}" = true ] || return 0
  [ -f "$ARCHIVE.of" ] && [ "$(cat "$ARCHIVE.of")" = "$(archive_identity)" ]
}

archive_identity() { printf '%s\n%s\n%s\n' "$RUNNER" "$JVM_FLAGS $HEAP_FLAGS" "$("$JAVA" -version 2>&1)" && cksum <"$RUNNER" && ls -l "$RUNNER"; }

# One start with an empty data directory on a port of the kernel's choice, stopped as soon as it answers.
archive_make() {
  command -v curl >/dev/null || return 0
  # Installed for all and called by one of them: it starts without.
  [ -w "${ARCHIVE%/*}" ] || return 0
  training=$(mktemp -d) || return 0
  say "Making the class-data archive (once per build; later starts are faster)"
  rm -f "$ARCHIVE" "$ARCHIVE.of"
  (
    cd "$training" || exit 1
    unset PORT
    # shellcheck disable=SC2086
    BERTH_DATA_DIR=$training BERTH_HTTP_PORT=0 BERTH_CALLER_DIR=$training \
      exec "$JAVA" $JVM_FLAGS $HEAP_FLAGS -XX:ArchiveClassesAtExit="$ARCHIVE" -Xlog:cds=off -Xlog:cds+dynamic=off \
      -jar "$RUNNER" </dev/null >"$training/log" 2>&1
  ) &
  trainee=$!
  if await 60 archive_trained && [ -n "$(endpoint "$training")" ]; then archive_train "$(endpoint "$training")" >/dev/null 2>&1; fi
  kill "$trainee" 2>/dev/null || :
  wait "$trainee" 2>/dev/null || :
  [ -f "$ARCHIVE" ] || say "No archive (starts work without it): $(tail -n 1 "$training/log" 2>/dev/null)"
  # Written in either case: what failed once for this build is not tried with every start.
  archive_identity >"$ARCHIVE.of" 2>/dev/null || :
  rm -rf "$training"
}

# archive_train URL: what a start does not load by itself, and who comes first would wait for: the page, the command line, and
# one service's life.
archive_train() {
  http PUT "$1/services/trained" -H 'Content-Type: application/json' -d '{"command": "true", "autoRestart": false}' || :
  for path in / /page/berth.js /services /ports /status /conflicts /reservations /audit /settings /reports/ports /metrics /q/health/ready; do
    http GET "$1$path" || :
  done
  http GET "$1/ports" -H 'Accept: text/plain' || :
  http GET "$1/watch" --max-time 1 || :
  http DELETE "$1/services/trained" || :
}

archive_trained() { is_started "$training" || ! kill -0 "$trainee" 2>/dev/null; }

# runner_exec ARGUMENTS...: becomes the daemon, so that signals reach it.
runner_exec() {
  # A share of the machine's memory counts for nothing beside a size.
  case " ${BERTH_JAVA_OPTS:-}" in
    *[[:space:]]-XX:MaxRAMPercentage=*) flags=$JVM_FLAGS ;;
    *[[:space:]]-XX:InitialRAMPercentage=*) flags="$JVM_FLAGS $HEAP_LIMIT" ;;
    *[[:space:]]-Xm[snx]* | *[[:space:]]-XX:MaxHeapSize=* | *[[:space:]]-XX:InitialHeapSize=* | *[[:space:]]-XX:NewSize=* | *[[:space:]]-XX:MaxNewSize=*)
      flags="$JVM_FLAGS $HEAP_FLAGS_BESIDE_OTHERS"
      ;;
    *) flags="$JVM_FLAGS $HEAP_FLAGS" ;;
  esac
  # Said once by the JVM for what its libraries do, and of no use to anybody here.
  [ "$JAVA_MAJOR" -lt 24 ] || flags="$flags --sun-misc-unsafe-memory-access=allow"
  if [ "${BERTH_ARCHIVE:-true}" = true ] && [ -f "$ARCHIVE" ]; then
    # shellcheck disable=SC2086
    exec "$JAVA" $flags -XX:SharedArchiveFile="$ARCHIVE" -Xlog:cds=off -Xlog:cds+dynamic=off ${BERTH_JAVA_OPTS:-} -jar "$RUNNER" "$@"
  fi
  # shellcheck disable=SC2086
  exec "$JAVA" $flags ${BERTH_JAVA_OPTS:-} -jar "$RUNNER" "$@"
}
