# shellcheck shell=sh disable=SC2034,SC2154 # the parts of the program share their variables
# The verbs that ask the daemon something. Sourced by deploy/bin/berth after client.sh.

# How often a live view looks again, in seconds.
LOOKS_EVERY=2

# query_get PATH: asks, adds $query, prints.
query_get() {
  full=$1${query:+?$query}
  if [ -n "${opt_watch:-}" ]; then
    watch "$full"
  else
    choose_colours
    ask GET "$full"
    show
  fi
}

# watch PATH: again and again. On a terminal in place, elsewhere only when something changed.
watch() {
  choose_colours
  before=''
  while :; do
    ask GET "$1"
    case $code in 2??) ;; *) refuse ;; esac
    if [ -t 1 ]; then
      printf '\033[H\033[2J\033[3J'
      print_body
    elif [ "$body" != "$before" ]; then
      print_body
    fi
    before=$body
    if [ -n "${opt_count:-}" ]; then
      opt_count=$((opt_count - 1))
      [ "$opt_count" -gt 0 ] || return 0
    fi
    sleep "${opt_interval:-$LOOKS_EVERY}"
  done
}

# number FLAG VALUE: a whole number, for what this script itself calculates with.
number() { case $2 in '' | *[!0-9]* | ??????????*) usage_error "--$1 is \"$2\"; a whole number is wanted" ;; esac }

verb_scan() {
  options 'all tcp udp watch interval= count= w>watch a>all' "$@"
  no_words
  query=''
  [ -z "${opt_tcp:-}" ] || parameter protocol tcp
  [ -z "${opt_udp:-}" ] || parameter protocol udp
  [ -z "${opt_all:-}" ] || parameter all true
  live_options
  query_get /ports
}

live_options() {
  [ -z "${opt_interval:-}" ] || number interval "$opt_interval"
  [ -z "${opt_count:-}" ] || number count "$opt_count"
}

verb_port() {
  options 'udp protocol=' "$@"
  one_word "a port or a service's name, such as: berth port 8000"
  query=''
  # A port may say its protocol as the tables do: 5353/udp.
  case $words in
    *[!0-9]*/udp | /udp) ;;
    */udp) words=${words%/udp} opt_udp=true ;;
  esac
  [ -z "${opt_udp:-}" ] || opt_protocol=udp
  parameter protocol "${opt_protocol:-}"
  case $words in
    *[!0-9]*)
      [ -z "$query" ] || usage_error "a service's port has one protocol; leave --protocol out"
      service_path "$words"
      query_get "$path/port"
      return
      ;;
  esac
  choose_colours
  daemonless=true
  if ask GET "/ports/$words${query:+?$query}"; then
    show
  else
    load basic
    basic_port "$words" "${opt_protocol:-tcp}"
  fi
}

verb_service() {
  options '' "$@"
  one_word "a service's name"
  query=''
  service_path "$words"
  query_get "$path"
}

verb_get() {
  options 'watch interval= count= selector= service= state= since= limit= continue= w>watch l>selector' "$@"
  kind=${words%%"$newline"*}
  of=''
  case $words in *"$newline"*) of=${words#*"$newline"} ;; esac
  case $of in *"$newline"*) usage_error "get takes one kind and one name" ;; esac
  live_options
  query=''
  case $kind in
    services | service)
      if [ -n "$of" ]; then service_path "$of"; else services_path; fi
      parameter labelSelector "${opt_selector:-}"
      pages
      [ "${opt_output:-}" != wide ] || [ -n "$of" ] || parameter usage true
      ;;
    reservations | reservation)
      path=/reservations${of:+/$of}
      pages
      ;;
    conflicts | conflict)
      path=/conflicts${of:+/$of}
      filters
      ;;
    audit)
      [ -z "$of" ] || usage_error "get audit takes no name; filter with --service"
      path=/audit
      filters
      ;;
    '') usage_error "get wants one of services, reservations, conflicts, audit" ;;
    *) usage_error "get knows services, reservations, conflicts and audit, not \"$kind\"" ;;
  esac
  query_get "$path"
}

pages() {
  parameter limit "${opt_limit:-}"
  parameter continue "${opt_continue:-}"
}

filters() {
  parameter service "${opt_service:-}"
  parameter state "${opt_state:-}"
  parameter since "${opt_since:-}"
  parameter limit "${opt_limit:-}"
}

verb_status() {
  options 'watch interval= count= w>watch' "$@"
  live_options
  query=''
  if [ -z "$words" ]; then
    parameter namespace "${opt_namespace:-}"
    query_get /status
  else
    one_word "a service's name"
    service_path "$words"
    query_get "$path"
  fi
}

verb_health() {
  options '' "$@"
  if [ -z "$words" ]; then
    path=/health
    query=''
    parameter namespace "${opt_namespace:-}"
    path=$path${query:+?$query}
  else
    one_word "a service's name"
    service_path "$words"
    path=$path/health
  fi
  choose_colours
  ask GET "$path"
  # Unhealthy is an answer, and a status for scripts.
  case $code in
    503)
      [ -n "${opt_quiet:-}" ] || print_body
      exit "$FAILED"
      ;;
    *) show_act ;;
  esac
}

verb_logs() {
  options 'follow errors tail= f>follow' "$@"
  one_word "a service's name"
  query=''
  parameter tail "${opt_tail:-}"
  parameter errors "${opt_errors:-}"
  service_path "$words"
  path=$path/logs
  if [ -z "${opt_follow:-}" ]; then
    query_get "$path"
    return
  fi
  # A log that is followed is passed on as it comes, so its refusal is fetched by asking again.
  find_daemon || no_daemon
  status=0
  if [ -n "$socket" ]; then set -- --unix-socket "$socket"; else set -- --noproxy '*'; fi
  # Not through a function: the job has to be curl itself and not a shell around it.
  set -- "$@" -N -f -H 'Accept: text/plain' "$url$path?${query:+$query&}follow=true"
  if [ -n "$token" ]; then token_words | curl -q -s -K - "$@" & else curl -q -s "$@" & fi
  follower=$!
  # Whoever ends this shell means its curl, which as a background job doesn't hear Ctrl-C.
  trap 'kill "$follower" 2>/dev/null; exit 130' INT
  trap 'kill "$follower" 2>/dev/null; exit 143' TERM HUP
  wait "$follower" || status=$?
  trap - INT TERM HUP
  case $status in
    0) ;;
    22 | 7)
      query_get "$path"
      ;;
    23) ;;
    *) die "$NO_DAEMON" "Berth went away while $words was followed." ;;
  esac
}

verb_audit() {
  options 'service= actor= action= conflict= since= before= limit=' "$@"
  query=''
  case $words in
    '')
      filters
      parameter actor "${opt_actor:-}"
      parameter action "${opt_action:-}"
      parameter conflict "${opt_conflict:-}"
      parameter before "${opt_before:-}"
      query_get /audit
      ;;
    verify)
      ask GET /audit/verify
      colours=''
      show
      case $body in *BROKEN* | *'"valid":false'* | *'valid: false'*) exit "$FAILED" ;; esac
      ;;
    *) usage_error "audit takes verify or nothing, and was given \"$words\"" ;;
  esac
}

verb_report() {
  options 'since= until=' "$@"
  query=''
  parameter since "${opt_since:-}"
  parameter until "${opt_until:-}"
  case $words in
    '') choose_colours && for kind in ports health conflicts performance; do one_report; done ;;
    ports | health | conflicts | performance)
      kind=$words
      choose_colours
      one_report
      ;;
    *) usage_error "there are the reports ports, health, conflicts and performance, not \"$words\"" ;;
  esac
}

# A daemon that makes no report of the kind still has what it would be made of.
one_report() {
  ask GET "/reports/$kind${query:+?$query}"
  if [ "$code" = 404 ]; then
    case $kind in
      ports) instead=/ports ;;
      health) instead=/health ;;
      conflicts) instead="/conflicts?limit=500${query:+&$query}" ;;
      performance) instead='/services?usage=true' ;;
    esac
    [ -n "${opt_quiet:-}" ] || say "berth: this version of Berth makes no report \"$kind\" yet; this is what it would be made of."
    ask GET "$instead"
    # Some service is not healthy: that is what the report says, and no failure of it.
    [ "$code" != 503 ] || [ "$kind" != health ] || code=200
  fi
  show
}

verb_monitor() {
  options 'interval= count=' "$@"
  no_words
  live_options
  opt_watch=true
  query=''
  parameter namespace "${opt_namespace:-}"
  query_get /status
}

verb_config() {
  options '' "$@"
  query=''
  IFS=$newline
  # shellcheck disable=SC2086
  set -- $words
  unset IFS
  case ${1:-} in
    '') query_get /settings ;;
    set)
      [ $# -eq 3 ] || usage_error "config set wants a key and a value, such as: berth config set health.interval 5s"
      setting_patch "$2" "$3"
      ;;
    unset)
      [ $# -eq 2 ] || usage_error "config unset wants a key"
      setting_patch "$2" ''
      ;;
    *)
      [ $# -eq 1 ] || usage_error "config takes KEY, set KEY VALUE, unset KEY or nothing, and was given \"$1\""
      setting_key "$1"
      choose_colours
      ask GET /settings
      case $code in 2??) ;; *) refuse ;; esac
      one_setting "$1"
      ;;
  esac
}

# setting_key TEXT: refuses what can't be one.
setting_key() {
  case $1 in '' | .* | *. | *..* | *[!A-Za-z.]*) usage_error "\"$1\" is no setting's key; berth config shows them" ;; esac
}

# one_setting KEY: of all of them in $body that row; programs get the whole tree.
one_setting() {
  if [ "$accept" = text/plain ]; then
    row=$(printf '%s\n' "$body" | sed -n "/^$1 /p")
    [ -n "$row" ] || die "$FAILED" "there is no setting \"$1\"; berth config shows them."
    body=${body%%"$newline"*}$newline$row$newline
  fi
  print_body
}

verb_export() {
  options '' "$@"
  no_words
  accept=application/yaml
  [ "${opt_output:-}" != json ] || accept=application/json
  colours=''
  ask GET /export
  [ "$code" != 404 ] || die "$FAILED" "this version of Berth exports nothing yet."
  show
}

verb_env() {
  options '' "$@"
  one_word "a service's name"
  service_path "$words"
  colours=''
  ask GET "$path/env"
  show
}

verb_doctor() {
  options '' "$@"
  no_words
  choose_colours
  ask GET /doctor
  show
}
