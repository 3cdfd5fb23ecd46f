# shellcheck shell=sh disable=SC2034,SC2154 # the parts of the program share their variables
# Tokens: for calls from elsewhere, and for programs that shall have fewer rights than their user. Sourced by
# deploy/bin/berth after client.sh.

verb_token() {
  options 'scope= ttl= only-own dry-run' "$@"
  act=${words%%"$newline"*}
  case $words in *"$newline"*) words=${words#*"$newline"} ;; *) words='' ;; esac
  choose_colours
  query=''
  parameter dryRun "${opt_dry_run:-}"
  case $act in
    create) token_create ;;
    list)
      no_words
      ask GET /tokens
      show
      ;;
    revoke)
      one_word "a token's name, such as: berth token revoke ci"
      encode "$words"
      ask DELETE "/tokens/$encoded${query:+?$query}"
      show_act
      ;;
    '') usage_error "token wants create, list or revoke" ;;
    *) usage_error "token knows create, list and revoke, not \"$act\"" ;;
  esac
}

# The secret alone goes to standard output, so that $(...) has it and a file can be made of it.
token_create() {
  one_word "a name for the token, such as: berth token create ci --scope read"
  quote "$words"
  json="\"name\": $quoted"
  quote "${opt_scope:-manage}"
  json="$json, \"scope\": $quoted"
  if [ -n "${opt_ttl:-}" ]; then quote "$opt_ttl" && json="$json, \"ttl\": $quoted"; fi
  [ -z "${opt_only_own:-}" ] || json="$json, \"onlyOwn\": true"
  ask POST "/tokens${query:+?$query}" -H 'Content-Type: application/json' --data-binary "{$json}"
  show
  case $code in
    2??) [ -n "${opt_quiet:-}${opt_dry_run:-}" ] || say "Keep it now: it is not shown again. Send it as BERTH_TOKEN." ;;
  esac
}
