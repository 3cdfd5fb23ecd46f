# shellcheck shell=sh disable=SC2034,SC2154 # the parts of the program share their variables
# How a verb talks to the daemon: one curl, over the Unix socket where there is one, and the server's own words. As few
# programs as possible are started on the way: each costs about a millisecond. Sourced by deploy/bin/berth.

DONE=0 FAILED=1 USAGE=2 NO_DAEMON=3 STILL_TAKEN=4
newline='
'

# How long an answer may take that waits for nothing, and how much longer than that wait one that does.
ANSWERS_WITHIN=30

# options SPEC WORDS...: takes flags wherever they stand and leaves the other words in $words, one per line.
# SPEC: "force" a flag, "grace=" one with a value, "f>file" a short name. Sets opt_force=true, opt_grace=VALUE.
options() {
  spec=" $1 output= json namespace= verbose quiet no-color help o>output n>namespace v>verbose q>quiet h>help "
  shift
  words=''
  while [ $# -gt 0 ]; do
    given=$1
    shift
    flag='' value='' has_value=false
    case $given in
      --) break ;;
      --*=*) flag=${given#--} value=${given#*=} flag=${flag%%=*} has_value=true ;;
      --*) flag=${given#--} ;;
      -?*)
        short=${given#-}
        short=${short%"${short#?}"}
        case $spec in *" $short>"*) flag=${spec#*" $short>"} flag=${flag%% *} ;; *) usage_error "$verb has no flag \"$given\"" ;; esac
        if [ "$given" != "-$short" ]; then value=${given#-?} has_value=true; fi
        ;;
      *)
        word "$given"
        continue
        ;;
    esac
    case $spec in
      *" $flag= "*)
        if [ "$has_value" = false ]; then
          [ $# -gt 0 ] || usage_error "--$flag wants a value"
          value=$1
          shift
        fi
        ;;
      *" $flag "*)
        [ "$has_value" = false ] || usage_error "$given: --$flag takes no value, and its short form stands alone"
        value=true
        ;;
      *) usage_error "$verb has no flag \"$given\"" ;;
    esac
    case $flag in
      *-*) eval "opt_${flag%%-*}_${flag#*-}=\$value" ;;
      *) eval "opt_$flag=\$value" ;;
    esac
  done
  for given; do word "$given"; done
  [ -z "${opt_help:-}" ] || help_and_exit "$verb"
  form
}

word() {
  case $1 in '' | *"$newline"*) usage_error "$verb can't take the word \"$1\"" ;; esac
  words=$words${words:+$newline}$1
}

# Which form of an answer is wanted: what a person reads, unless told.
form() {
  [ -z "${opt_json:-}" ] || opt_output=json
  case ${opt_output:-text} in
    text | wide) accept='text/plain' ;;
    json) accept='application/json' ;;
    yaml) accept='application/yaml' ;;
    *) usage_error "--output is \"$opt_output\"; it can be json, yaml, wide or text" ;;
  esac
}

# no_words, one_word WHAT: what the verb can be given.
no_words() { [ -z "$words" ] || usage_error "$verb takes no \"${words%%"$newline"*}\""; }
one_word() {
  [ -n "$words" ] || usage_error "$verb wants $1"
  case $words in *"$newline"*) usage_error "$verb takes one of $1, and was given \"${words#*"$newline"}\" too" ;; esac
}

# find_daemon: sets $socket or $url, where to reach it. False when there is nothing to try. The socket before TCP: it is
# faster, and whoever took a dead daemon's port can't answer there. A daemon that is named, by BERTH_URL or BERTH_SOCKET,
# is the only one that is meant: what was for it is never done by another one.
find_daemon() {
  set_data_dir
  url=http://localhost
  read_token
  if [ -n "${BERTH_URL:-}" ]; then
    socket='' url=${BERTH_URL%/}
    case $url in http://* | https://*) return ;; *) usage_error "BERTH_URL is \"$BERTH_URL\"; wanted is an address such as http://host:7171" ;; esac
  fi
  if [ -n "${BERTH_SOCKET:-}" ]; then
    socket=$BERTH_SOCKET
    [ -S "$socket" ] || return 1
  elif [ -S "$data_dir/run/berth.sock" ]; then
    socket=$data_dir/run/berth.sock
  elif [ -r "$data_dir/endpoint" ]; then
    socket=''
    {
      read -r url || :
      if read -r socket; then socket=${socket#unix:}; fi
    } <"$data_dir/endpoint"
    url=${url%/}
    case $url in http://*) ;; *) return 1 ;; esac
    if [ -n "$socket" ] && [ ! -S "$socket" ]; then socket=''; fi
  elif [ -z "${BERTH_DATA_DIR:-}" ] && [ -S /run/berth/berth.sock ]; then
    socket=/run/berth/berth.sock
  else
    return 1
  fi
  [ -z "$socket" ] || url=http://localhost
}

# read_token: sets $token to BERTH_TOKEN, else to what the file BERTH_TOKEN_FILE says; empty without one.
read_token() {
  token=${BERTH_TOKEN:-}
  if [ -z "$token" ] && [ -n "${BERTH_TOKEN_FILE:-}" ]; then
    { IFS= read -r token || [ -n "$token" ]; } 2>/dev/null <"$BERTH_TOKEN_FILE" ||
      usage_error "BERTH_TOKEN_FILE is \"$BERTH_TOKEN_FILE\", which can't be read or is empty"
  fi
  case $token in *[!A-Za-z0-9._~+/=-]*) usage_error "the token has characters that no token has; look at BERTH_TOKEN" ;; esac
}

# reach CURL_WORDS...: curl without a .curlrc and without proxies. A token goes through standard input: the words that a
# program is called with are everybody's to read.
reach() {
  if [ -n "$socket" ]; then set -- --unix-socket "$socket" "$@"; else set -- --noproxy '*' "$@"; fi
  if [ -n "$token" ]; then
    token_words | curl -q -s -K - "$@"
  else
    curl -q -s "$@"
  fi
}

token_words() { printf 'header = "Authorization: Bearer %s"\n' "$token"; }

no_daemon() {
  [ -z "${BERTH_URL:-}" ] || die "$NO_DAEMON" "no Berth answers at $BERTH_URL, which BERTH_URL names. Start it there, or unset BERTH_URL to mean this machine's (berth up)"
  if [ -n "${BERTH_SOCKET:-}" ] && [ "${unreachable:-}" != true ]; then
    die "$NO_DAEMON" "Berth is not running: there is no socket $BERTH_SOCKET, which BERTH_SOCKET names. Start it with: berth up"
  fi
  if [ "${unreachable:-}" = true ]; then
    die "$NO_DAEMON" "Berth does not answer: it ended without taking its socket along. Start it with: berth up"
  fi
  die "$NO_DAEMON" "Berth is not running (data directory $data_dir). Start it with: berth up"
}

# ask METHOD PATH [curl words]: one request. Sets $code and $body; ends the program when there is no answer, except that
# with $daemonless set to true it is false when there is no daemon. What was meant for one that BERTH_URL names is not
# done on this machine instead.
ask() {
  asks=$1 asked=$2
  shift 2
  command -v curl >/dev/null || die "$FAILED" "needs curl, which is not on the PATH. Install it (Debian: apt install curl)."
  if ! find_daemon; then
    [ "${daemonless:-}" != true ] || return 1
    no_daemon
  fi
  status=0
  answer=$(reach --connect-timeout 5 --max-time "${patience:-$ANSWERS_WITHIN}" -X "$asks" -H "Accept: $accept" \
    -w '\n%{http_code}' "$@" "$url$asked") || status=$?
  code=${answer##*"$newline"}
  body=${answer%"$newline"*}
  [ -z "${opt_verbose:-}" ] || say "berth: $asks $asked: $code, over ${socket:-$url}"
  [ "$status" = 0 ] && return
  case $status in
    6 | 7)
      unreachable=true
      if [ "${daemonless:-}" = true ] && [ -z "${BERTH_URL:-}" ]; then return 1; fi
      no_daemon
      ;;
    28) die "$FAILED" "Berth has not answered within ${patience:-$ANSWERS_WITHIN} s. Look at its log: $data_dir/berth.log" ;;
    26) die "$FAILED" "what was to be sent can't be read." ;;
    *)
      unknown=''
      [ "$asks" = GET ] || unknown="; whether it was done is not known, berth audit tells"
      die "$NO_DAEMON" "Berth went away before its answer was whole$unknown. Look at $data_dir/berth.log, then: berth up"
      ;;
  esac
}

# show: prints a good answer, or says what was wrong and ends the program.
show() {
  case $code in
    2??) print_body ;;
    *) refuse ;;
  esac
}

print_body() {
  [ -n "$body" ] || return 0
  if [ -n "$colours" ]; then printf '%s' "$body" | paint; else printf '%s' "$body"; fi
}

# Acts say what they did, unless they shall not.
show_act() {
  if [ -n "${opt_quiet:-}" ]; then case $code in 2??) return ;; esac fi
  show
}

# refuse: ends the program with what the server said.
refuse() {
  refusal
  case $code in
    400 | 413 | 415 | 422) die "$USAGE" "$sentence" ;;
    *) die "$FAILED" "$sentence" ;;
  esac
}

# refusal: sets $sentence. Programs get the whole problem, people its detail.
refusal() {
  sentence=${body%"$newline"}
  if [ "$accept" != text/plain ]; then
    printf '%s\n' "$sentence"
    detail "$sentence"
  fi
  [ -n "$sentence" ] || sentence="Berth answered with status $code and no words"
}

# detail PROBLEM: sets $sentence to the words in a problem's JSON.
detail() {
  sentence=$(printf '%s\n' "$1" | sed -nE 's/.*"detail" *: *"(([^"\\]|\\.)*)".*/\1/p' | sed 's/\\\(.\)/\1/g' | head -n 1)
}

# Colours only for who can see them.
choose_colours() {
  colours=''
  if [ -t 1 ] && [ -z "${NO_COLOR:-}${opt_no_color:-}" ] && [ "${TERM:-dumb}" != dumb ] && [ "$accept" = text/plain ]; then colours=yes; fi
}

# The words that a table's cells have for how something is.
paint() {
  escape=$(printf '\033')
  green="${escape}[32m" yellow="${escape}[33m" red="${escape}[31m" bold="${escape}[1m" plain="${escape}[0m"
  # -E is known to GNU's, BSD's and busybox's sed alike; alternatives without it are not.
  sed -E -e "/^[A-Z]+( +[A-Z]+)+\$/s/.*/$bold&$plain/" \
    -e "s/ (Running|Resolved|Succeeded|healthy)( |\$)/ $green\\1$plain\\2/" \
    -e "s/ (Pending|Starting|Stopping|Degraded|Blocked|AwaitingApproval|Resolving|Detected|warning)( |\$)/ $yellow\\1$plain\\2/" \
    -e "s/ (Failed|unhealthy|critical|high)( |\$)/ $red\\1$plain\\2/"
}

# encode TEXT: sets $encoded, safe inside a path or a query.
encode() {
  case $1 in
    *[!A-Za-z0-9._~-]*)
      encoded=$(printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g')
      ;;
    *) encoded=$1 ;;
  esac
}

# quote TEXT: sets $quoted, a JSON string.
quote() {
  case $1 in
    *[[:cntrl:]]*) usage_error "\"$1\" has characters that Berth doesn't take here" ;;
    *[\\\"]*) quoted=\"$(printf '%s\n' "$1" | sed 's/[\\"]/\\&/g')\" ;;
    *) quoted=\"$1\" ;;
  esac
}

# service_path NAME: sets $path of a service; NAME may be namespace/name.
service_path() {
  case $1 in
    /* | */) usage_error "\"$1\" is no service's name" ;;
    */*) encode "${1%%/*}" && namespace=$encoded && encode "${1#*/}" ;;
    *) namespace='' && encode "$1" ;;
  esac
  name=$encoded
  if [ -z "$namespace" ] && [ -n "${opt_namespace:-}" ]; then encode "$opt_namespace" && namespace=$encoded; fi
  path=${namespace:+/namespaces/$namespace}/services/$name
}

services_path() {
  path=/services
  if [ -n "${opt_namespace:-}" ]; then encode "$opt_namespace" && path=/namespaces/$encoded/services; fi
}

# parameter NAME VALUE: adds to $query what was given; nothing for an empty value.
parameter() {
  [ -n "$2" ] || return 0
  encode "$2"
  query="$query${query:+&}$1=$encoded"
}
