# shellcheck shell=sh disable=SC2034,SC2154 # the parts of the program share their variables
# The verbs that have the daemon do something. Sourced by deploy/bin/berth after client.sh and queries.sh.

# How long start, stop and restart wait for what they asked for, unless told.
SETTLES_WITHIN=60s

verb_free() {
  options 'grace= force dry-run udp protocol=' "$@"
  [ -n "$words" ] || usage_error "free wants a port, such as: berth free 8000"
  query=''
  [ -z "${opt_udp:-}" ] || opt_protocol=udp
  parameter protocol "${opt_protocol:-}"
  parameter grace "${opt_grace:-}"
  parameter force "${opt_force:-}"
  parameter dryRun "${opt_dry_run:-}"
  choose_colours
  free_ports
}

# Frees $words with $query; a port may say its protocol as the tables do: 5353/udp. In the end every port is free, or the
# status says that one is not.
free_ports() {
  patience=0
  daemonless=true
  result=$DONE
  IFS=$newline
  for one in $words; do
    unset IFS
    protocol=${opt_protocol:-tcp} asks_for=$query
    case $one in
      */udp)
        one=${one%/udp} protocol=udp
        [ "${opt_protocol:-}" = udp ] || asks_for=${query:+$query&}protocol=udp
        ;;
    esac
    encode "$one"
    if ask POST "/ports/$encoded/free${asks_for:+?$asks_for}"; then
      case $code in
        2??) show_act ;;
        403 | 409)
          refusal
          say "berth: $sentence"
          result=$STILL_TAKEN
          ;;
        *) refuse ;;
      esac
    else
      load basic
      basic_free "$one" "$protocol" || result=$?
    fi
  done
  unset IFS
  exit "$result"
}

# one_namespace: takes the namespace off the names in $words, which may say it as status does, and calls it the verb's: one
# call is for one. An empty name would mean all of them, and is never what somebody's script meant.
one_namespace() {
  bare='' space=''
  IFS=$newline
  for one in $words; do
    case $one in
      /* | */) usage_error "\"$one\" is no service's name" ;;
      */*) its=${one%%/*} ;;
      *) its=${opt_namespace:-} ;;
    esac
    if [ -n "$bare" ] && [ "$its" != "$space" ]; then
      usage_error "$verb takes services of one namespace at a time, and was given \"$one\" too"
    fi
    bare=$bare${bare:+$newline}${one#*/} space=$its
  done
  unset IFS
  [ -z "$bare" ] || opt_namespace=$space
  words=$bare
}

# start, stop, restart: one call for all of them; the server knows what waits for what.
verb_run_state() {
  options 'all force port= wait= no-wait dry-run a>all' "$@"
  query=''
  if [ -n "${opt_all:-}" ]; then
    no_words
  elif [ -z "$words" ]; then
    usage_error "$verb wants a service's name, or --all"
  fi
  one_namespace
  names=''
  IFS=$newline
  for one in $words; do names=$names${names:+,}$one; done
  unset IFS
  parameter names "$names"
  parameter force "${opt_force:-}"
  parameter port "${opt_port:-}"
  parameter dryRun "${opt_dry_run:-}"
  if [ -z "${opt_no_wait:-}${opt_dry_run:-}" ]; then parameter wait "${opt_wait:-$SETTLES_WITHIN}"; fi
  services_path
  patience=0
  choose_colours
  ask POST "$path/$verb${query:+?$query}"
  case $code in
    409)
      refusal
      say "berth: $sentence"
      exit "$FAILED"
      ;;
    *) show_act ;;
  esac
}

verb_apply() {
  options 'file= prune no-start dry-run f>file' "$@"
  if [ -z "${opt_file:-}" ]; then
    if [ -n "$words" ]; then
      one_word "a file, such as: berth $verb -f berth.yaml"
      opt_file=$words
    else
      opt_file=berth.yaml
    fi
  else
    no_words
  fi
  apply_file "$opt_file"
}

# apply_file FILE: - is standard input; what is relative in it begins where the file lies.
apply_file() {
  type=application/yaml
  case $1 in
    -) base=$caller from=- ;;
    *)
      # shellcheck disable=SC2154
      case $1 in /*) from=$1 ;; *) from=$caller/$1 ;; esac
      [ -f "$from" ] || die "$USAGE" "there is no file $1 here. Name one with: berth $verb -f FILE"
      [ -r "$from" ] || die "$FAILED" "$1 can't be read by you."
      base=$(CDPATH='' cd -- "${from%/*}/" && pwd -P)
      case $1 in *.json) type=application/json ;; esac
      ;;
  esac
  query=''
  parameter base "$base"
  parameter prune "${opt_prune:-}"
  parameter keepStopped "${opt_no_start:-}"
  parameter dryRun "${opt_dry_run:-}"
  choose_colours
  ask POST "/apply?$query" -H "Content-Type: $type" --data-binary "@$from"
  show_act
}

verb_plan() {
  opt_dry_run=true
  verb_apply "$@"
}

verb_delete() {
  options 'dry-run' "$@"
  one_word "a service's name"
  query=''
  parameter dryRun "${opt_dry_run:-}"
  service_path "$words"
  choose_colours
  ask DELETE "$path${query:+?$query}"
  show_act
}

verb_resolve() {
  options 'dry-run' "$@"
  no_words
  query=''
  parameter dryRun "${opt_dry_run:-}"
  choose_colours
  ask POST "/conflicts/resolve${query:+?$query}"
  show_act
}

verb_decide() {
  options 'dry-run' "$@"
  one_word "a conflict's id; berth get conflicts shows them"
  query=''
  parameter dryRun "${opt_dry_run:-}"
  encode "$words"
  choose_colours
  ask POST "/conflicts/$encoded/$verb${query:+?$query}"
  show_act
}

# setting_patch KEY VALUE: the dotted key as a merge patch; null takes the value that was set here back.
setting_patch() {
  setting_key "$1"
  case $2 in
    '') quoted=null ;;
    true | false) quoted=$2 ;;
    0 | [1-9] | [1-9][0-9] | [1-9][0-9][0-9] | [1-9][0-9][0-9][0-9] | [1-9][0-9][0-9][0-9][0-9]) quoted=$2 ;;
    *) quote "$2" ;;
  esac
  key=$1 patch=$quoted
  while :; do
    patch="{\"${key##*.}\": $patch}"
    case $key in *.*) key=${key%.*} ;; *) break ;; esac
  done
  choose_colours
  ask PATCH /settings -H 'Content-Type: application/merge-patch+json' --data-binary "$patch"
  case $code in 2??) [ -n "${opt_quiet:-}" ] || one_setting "$1" ;; *) refuse ;; esac
}
