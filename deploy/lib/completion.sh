# shellcheck shell=sh disable=SC2034,SC2154 # the parts of the program share their variables
# What makes shells complete berth's words. Sourced by deploy/bin/berth.

SERVICE_VERBS='service start stop restart status health logs env delete cleanup port'

# The names come from the daemon when the key is pressed; without one there are none.
service_names="berth get services --no-color 2>/dev/null | sed -n '2,\$s/ .*//p'"

verb_completion() {
  load help
  # shellcheck disable=SC2153 # of help.sh
  verbs=$(printf '%s' "$VERBS" | tr '\n' ' ')
  case ${1:-} in
    bash) completion_bash ;;
    zsh) completion_zsh ;;
    fish) completion_fish ;;
    -h | --help) help_and_exit completion ;;
    '') usage_error "completion wants a shell: bash, zsh or fish" ;;
    *) usage_error "completion knows bash, zsh and fish, not \"$1\"" ;;
  esac
}

completion_bash() {
  cat <<TEXT
_berth() {
  local word=\${COMP_WORDS[COMP_CWORD]} verb=\${COMP_WORDS[1]} words=
  if [ "\$COMP_CWORD" -eq 1 ]; then
    words='$verbs'
  else
    case "\$word" in -*) words='--json --output --namespace --quiet --verbose --no-color --help' ;; esac
    case "\$verb" in
      $(printf '%s' "$SERVICE_VERBS" | sed 's/ /|/g')) words="\$words \$($service_names)" ;;
      get) words="\$words services reservations conflicts audit" ;;
      report) words='ports health conflicts performance' ;;
      audit) words="\$words verify" ;;
      config) words="\$words set unset" ;;
      token) words="\$words create list revoke" ;;
      completion) words='bash zsh fish' ;;
      help) words='$verbs' ;;
    esac
  fi
  case "\$verb \$word" in "apply "[!-]* | "plan "[!-]*) words= ;; esac
  # shellcheck disable=SC2207
  COMPREPLY=(\$(compgen -W "\$words" -- "\$word"))
}
complete -o default -F _berth berth
TEXT
}

completion_zsh() {
  cat <<TEXT
#compdef berth
_berth() {
  if (( CURRENT == 2 )); then
    compadd -- $verbs
    return
  fi
  case \$words[2] in
    $(printf '%s' "$SERVICE_VERBS" | sed 's/ /|/g')) compadd -- \${(f)"\$($service_names)"} ;;
    get) compadd -- services reservations conflicts audit ;;
    report) compadd -- ports health conflicts performance ;;
    audit) compadd -- verify ;;
    config) compadd -- set unset ;;
    token) compadd -- create list revoke ;;
    completion) compadd -- bash zsh fish ;;
    help) compadd -- $verbs ;;
    *) _files ;;
  esac
}
if [[ \$funcstack[1] == _berth ]]; then _berth; else compdef _berth berth; fi
TEXT
}

completion_fish() {
  printf '%s\n' "complete -c berth -f" \
    "complete -c berth -n __fish_use_subcommand -a '$verbs'" \
    "complete -c berth -n '__fish_seen_subcommand_from $SERVICE_VERBS' -a '(berth get services --no-color 2>/dev/null | sed -n \"2,\\\$s/ .*//p\")'" \
    "complete -c berth -n '__fish_seen_subcommand_from get' -a 'services reservations conflicts audit'" \
    "complete -c berth -n '__fish_seen_subcommand_from report' -a 'ports health conflicts performance'" \
    "complete -c berth -n '__fish_seen_subcommand_from config' -a 'set unset'" \
    "complete -c berth -n '__fish_seen_subcommand_from token' -a 'create list revoke'" \
    "complete -c berth -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'" \
    "complete -c berth -n '__fish_seen_subcommand_from help' -a '$verbs'" \
    "complete -c berth -n '__fish_seen_subcommand_from apply plan up' -s f -l file -r -F" \
    "complete -c berth -l json -d 'objects instead of words'" \
    "complete -c berth -l quiet -d 'only errors'" \
    "complete -c berth -l verbose -d 'say what is asked'"
}
