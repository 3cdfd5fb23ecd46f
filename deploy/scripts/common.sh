# shellcheck shell=sh disable=SC2034,SC2154 # what is set here is for the scripts beside it
# What the drop-ins share: where berth is, colours, what a berth.yaml declares. Sourced by them; $here is their directory.

# The clone's own berth, an installed one, or $BERTH.
find_berth() {
  berth=${BERTH:-}
  if [ -z "$berth" ]; then
    if [ -x "$here/../bin/berth" ]; then berth=$here/../bin/berth; else berth=$(command -v berth) || berth=''; fi
  fi
  [ -n "$berth" ] && [ -x "$berth" ]
}

need_berth() {
  find_berth || complain 1 "needs berth: put it on the PATH, or set BERTH to where it is."
}

# say COLOUR WORDS...: to people, who may have no colours.
say() {
  colour=$1
  shift
  if [ -t 2 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    case $colour in green) code=32 ;; yellow) code=33 ;; red) code=31 ;; *) code=1 ;; esac
    printf '\033[%sm%s\033[0m\n' "$code" "$*" >&2
  else
    printf '%s\n' "$*" >&2
  fi
}

complain() {
  status=$1
  shift
  say red "${0##*/}: $*"
  exit "$status"
}

# Berth is started when it is down, and knows what this directory declares; nothing is started by that alone, and what
# was stopped stays so.
prepare() {
  need_berth
  "$berth" up --quiet || exit
  if [ -f berth.yaml ]; then "$berth" apply --quiet --no-start -f berth.yaml || exit; fi
}

# services_of FILE: the names under "services:", one per line. Block style, as everybody writes it.
services_of() {
  awk '
    /^[[:space:]]*(#|$)/ { next }
    /^[^[:space:]]/ { inside = ($1 == "services:"); depth = 0; next }
    inside {
      match($0, /^[[:space:]]*/)
      if (!depth) depth = RLENGTH
      if (RLENGTH == depth && match($0, /^[[:space:]]*["\047]?[a-z0-9][a-z0-9-]*["\047]?[[:space:]]*:/)) {
        name = $1
        gsub(/[":\047]/, "", name)
        sub(/\{.*/, "", name)
        print name
      }
    }' "$1"
}

# ports_of FILE: the preferred port of each service, one per line; 5353/udp where the service's protocol is UDP.
ports_of() {
  awk '
    function flush() {
      for (i = 1; i <= count; i++) print of[i] suffix
      count = 0
      suffix = ""
    }
    /^[[:space:]]*(#|$)/ { next }
    /^[^[:space:]]/ { flush(); inside = ($1 == "services:"); depth = 0; next }
    inside {
      match($0, /^[[:space:]]*/)
      if (!depth) depth = RLENGTH
      # The next service; what belongs to one is deeper.
      if (RLENGTH == depth) flush()
    }
    inside && /(^|[[:space:]{,])protocol:[[:space:]]*["\047]?udp/ { suffix = "/udp" }
    inside && match($0, /(^|[[:space:]{,])port:[[:space:]]*[0-9]+/) {
      port = substr($0, RSTART, RLENGTH)
      gsub(/[^0-9]/, "", port)
      of[++count] = port
    }
    END { flush() }' "$1" | sort -n | uniq
}
