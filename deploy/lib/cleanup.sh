# shellcheck shell=sh disable=SC2034,SC2154 # the parts of the program share their variables
# Empties every declared port. Sourced by deploy/bin/berth after client.sh and acts.sh.

# Stops what is declared, then ends whoever else sits on its ports, and says what became of each.
verb_cleanup() {
  options 'force grace= dry-run' "$@"
  one_namespace
  services_path
  names=$words
  accept=text/plain
  colours=''
  ask GET "$path?limit=500"
  case $code in 2??) ;; *) refuse ;; esac
  ports='' found='' seats='' emptied=''
  # The table of services: NAME STATE PORT WANTS …
  while read -r name _ has wants _; do
    case $name in NAME | No | There | '') continue ;; esac
    if [ -n "$names" ]; then
      case "$newline$names$newline" in *"$newline$name$newline"*) ;; *) continue ;; esac
    fi
    found=$found${found:+,}$name
    seats="$seats $has=$name"
    for one in "$has" "$wants"; do
      # 8000, or 5353/udp.
      case ${one%/udp} in '' | *[!0-9]*) continue ;; esac
      case " $ports " in *" $one "*) ;; *) ports="$ports $one" ;; esac
    done
  done <<TABLE
$body
TABLE
  if [ -n "$names" ]; then
    IFS=$newline
    for name in $names; do
      case ",$found," in *",$name,"*) ;; *) die "$FAILED" "there is no service $name; berth get services shows those that are declared." ;; esac
    done
    unset IFS
  fi
  if [ -z "$found" ]; then
    # What it says is where others are declared.
    [ -n "${opt_quiet:-}" ] || printf '%s\nThere is nothing to clean up.\n' "${body%"$newline"}"
    return 0
  fi
  [ -z "${opt_dry_run:-}" ] || foresee_stop
  form
  query=''
  parameter names "$found"
  parameter force "${opt_force:-}"
  parameter dryRun "${opt_dry_run:-}"
  [ -n "${opt_dry_run:-}" ] || parameter wait "$SETTLES_WITHIN"
  patience=0
  choose_colours
  ask POST "$path/stop?$query"
  case $code in 409) refusal && say "berth: $sentence" ;; *) show_act ;; esac
  query=''
  parameter grace "${opt_grace:-}"
  parameter force "${opt_force:-}"
  parameter dryRun "${opt_dry_run:-}"
  words=''
  for one in $ports; do
    case " $emptied " in
      *" $one="*)
        stopped=" $emptied" stopped=${stopped#*" $one="}
        if [ "$accept" = text/plain ] && [ -z "${opt_quiet:-}" ]; then
          printf 'Port %s is emptied by stopping %s.\n' "$one" "${stopped%% *}"
        fi
        ;;
      *) word "$one" ;;
    esac
  done
  [ -n "$words" ] || return 0
  free_ports
}

# foresee_stop: sets $emptied, the PORT=SERVICE that stopping alone would empty. Nothing has stopped in a dry run, so that what
# is asked of the ports next would end the same processes once more.
foresee_stop() {
  query=''
  parameter names "$found"
  parameter dryRun true
  patience=0
  ask POST "$path/stop?$query"
  while read -r action _ name _; do
    [ "$action" = StopProcess ] || continue
    for one in $seats; do
      [ "${one#*=}" != "${name#*/}" ] || emptied="$emptied $one"
    done
  done <<TABLE
$body
TABLE
}
