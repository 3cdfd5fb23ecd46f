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
  ports='' found='' stopping=''
  # The table of services: NAME STATE PORT WANTS …
  while read -r name _ has wants _; do
    case $name in NAME | No | There | '') continue ;; esac
    if [ -n "$names" ]; then
      case "$newline$names$newline" in *"$newline$name$newline"*) ;; *) continue ;; esac
    fi
    found=$found${found:+,}$name
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
    if [ -n "${opt_dry_run:-}" ] && emptied "$one"; then
      if [ "$accept" = text/plain ] && [ -z "${opt_quiet:-}" ]; then
        printf 'Port %s is emptied by stopping %s.\n' "$one" "$by"
      fi
    else
      word "$one"
    fi
  done
  [ -n "$words" ] || return 0
  free_ports
}

# foresee_stop: sets $stopping, the services that have something to stop. Nothing has stopped in a dry run, so that what is asked of
# the ports next tells the end of the same processes once more.
foresee_stop() {
  query=''
  parameter names "$found"
  parameter dryRun true
  patience=0
  shown_as=$accept accept=application/json
  ask POST "$path/stop?$query"
  accept=$shown_as
  stopping=$(printf '%s\n' "$body" | awk '{
    n = split($0, steps, /[{]"action":"StopProcess","target":"Service /)
    for (i = 2; i <= n; i++) { sub(/".*/, "", steps[i]); print steps[i] }
  }' | paste -s -d ' ' -)
}

# emptied PORT: sets $by, the services whose end leaves nobody on the port; false when the plan for the port names any process that
# is not seen to be one of theirs, or anything else to do: a stranger's end is never kept quiet. Quotes inside of JSON's strings are
# escaped, so that no command can say what these patterns look for.
emptied() {
  [ -n "$stopping" ] || return 1
  port=${1%/udp} protocol=tcp
  [ "$port" = "$1" ] || protocol=udp
  shown_as=$accept accept=application/json
  ask POST "/ports/$port/free?${query:+$query&}protocol=$protocol"
  plan=$body planned=$code
  ask GET "/ports/$port?protocol=$protocol"
  accept=$shown_as
  case $planned:$code in 2??:2??) ;; *) return 1 ;; esac
  by=$(printf '%s\n%s\n' "$body" "$plan" | awk -v stopping="$stopping" '
    BEGIN { n = split(stopping, names, " "); for (i = 1; i <= n; i++) ends[names[i]] = 1 }
    {
      n = split($0, holders, /[{]"pids":\[/)
      for (i = 2; i <= n; i++) {
        if (holders[i] !~ /^[0-9,]+\],"kind":"managed",/ || !match(holders[i], /,"service":"[^"]*","addresses":/)) continue
        service = substr(holders[i], RSTART + 12)
        sub(/".*/, "", service)
        m = split(substr(holders[i], 1, index(holders[i], "]") - 1), pids, ",")
        # One socket that several have: the topmost is the service, the others only if they descend from it.
        split("", group)
        for (j = 1; j <= m; j++) group[pids[j]] = 1
        strays = m - 1
        for (rest = holders[i]; match(rest, /,"parent":[0-9]+/); rest = substr(rest, RSTART + RLENGTH)) {
          if (substr(rest, RSTART + 10, RLENGTH - 10) in group) strays--
        }
        if (strays > 0) continue
        for (j = 1; j <= m; j++) runs_for[pids[j]] = service
      }
      n = split($0, steps, /[{]"action":"/)
      for (i = 2; i <= n; i++) {
        if (steps[i] ~ /^ChangeService"/) continue
        if (steps[i] !~ /^EvictHolders"/ || !match(steps[i], /"detail":"end pid [0-9]+(, pid [0-9]+)*"/)) { others = 1; continue }
        m = split(substr(steps[i], RSTART + 14, RLENGTH - 15), pids, ", ")
        for (j = 1; j <= m; j++) {
          sub(/pid /, "", pids[j])
          service = runs_for[pids[j]]
          if (!(service in ends)) { others = 1; continue }
          sub(/^[^\/]*\//, "", service)
          if (!told[service]++) by = by (by == "" ? "" : ", ") service
        }
      }
    }
    END { if (!others) print by }')
  [ -n "$by" ]
}
