#!/bin/sh
# install.sh [--prefix DIR] [--uninstall]
#
# Puts Berth under DIR (/usr/local for root, ~/.local for others): bin/berth, lib/berth with the program and the scripts,
# completions for bash, zsh and fish. --uninstall takes exactly that back out. State and settings are not touched.
# Neither is done under a daemon that runs from there: stop it first with berth down, services keep running.
#
# Example: deploy/install.sh --prefix ~/.local
set -eu

caller=$PWD
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
BERTH_HOME=$(dirname -- "$here")
verb=''
# shellcheck source=lib/common.sh
. "$here/lib/common.sh"

if [ "$(id -u)" -eq 0 ]; then prefix=/usr/local; else prefix=${HOME:-}/.local; fi
uninstall=false
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      sed -n '2,8s/^# \{0,1\}//p' "$0"
      exit
      ;;
    --uninstall) uninstall=true ;;
    --prefix=*) prefix=${1#*=} ;;
    --prefix)
      [ $# -gt 1 ] || die 2 "--prefix wants a directory"
      prefix=$2
      shift
      ;;
    *) die 2 "install.sh knows --prefix DIR and --uninstall, and was given \"$1\"" ;;
  esac
  shift
done
case $prefix in
  '' | /) die 2 "--prefix wants a directory, such as /usr/local" ;;
  /*) ;;
  *) prefix=$caller/$prefix ;;
esac
prefix=${prefix%/}
program=$prefix/lib/berth

completions="bash:$prefix/share/bash-completion/completions/berth
zsh:$prefix/share/zsh/site-functions/_berth
fish:$prefix/share/fish/vendor_completions.d/berth.fish"

# Ours is what this script has left there, and nothing else of that name.
is_ours() { [ -f "$program/VERSION" ] && [ -x "$program/deploy/bin/berth" ]; }

is_our_link() { [ -L "$prefix/bin/berth" ] && [ "$(readlink "$prefix/bin/berth")" = ../lib/berth/deploy/bin/berth ]; }

# daemon_of_it: prints the pid of a daemon that runs from there, if there is one, whoever's it is as far as can be seen.
daemon_of_it() {
  [ -d "$program" ] || return 0
  # As it was started: by the path without symbolic links. The search itself never has it after a -jar.
  started_with="-jar $(CDPATH='' cd -- "$program" && pwd -P)/target/quarkus-app/quarkus-run.jar"
  if [ -r /proc/self/cmdline ]; then
    # shellcheck disable=SC2013 # paths without blanks, known when the search is over
    for words in $(grep -lF -- "${started_with#-jar }" /proc/[0-9]*/cmdline 2>/dev/null); do
      pid=${words#/proc/}
      case "$(tr '\0' ' ' 2>/dev/null <"$words") " in *" $started_with "*) printf '%s\n' "${pid%/cmdline}" && return ;; esac
    done
  else
    ps -ww -A -o pid= -o command= | while read -r pid words; do
      case "$words " in *" $started_with "*) printf '%s\n' "$pid" && break ;; esac
    done
  fi
}

# A JVM opens its jars by their path, and some only when a class of theirs is wanted.
refuse_under_daemon() {
  running=$(daemon_of_it)
  [ -z "$running" ] || die 1 "a daemon runs from $program (pid $running) and would break without its files; nothing was done. Run berth down first: services keep running, and berth up takes them over."
}

remove() {
  if is_our_link; then rm -f "$prefix/bin/berth"; fi
  printf '%s\n' "$completions" | while IFS=: read -r shell file; do
    if [ -f "$file" ] && grep -q "_berth\|-c berth" "$file"; then rm -f "$file"; fi
  done
  rm -rf "$program"
}

if [ "$uninstall" = true ]; then
  is_ours || die 1 "Berth is not installed under $prefix; name where it is with --prefix."
  refuse_under_daemon
  remove
  printf 'Berth is gone from %s. Its state stays in %s.\n' "$prefix" "$(data_dir)"
  exit
fi

if [ -e "$program" ] && ! is_ours; then die 1 "$program exists and is not Berth's; nothing was done."; fi
# A link that leads nowhere is somebody's too.
if [ -e "$prefix/bin/berth" ] || [ -L "$prefix/bin/berth" ]; then
  is_our_link || die 1 "$prefix/bin/berth exists and is not Berth's; nothing was done. Take it away, or name another --prefix."
fi
refuse_under_daemon
# shellcheck source=lib/runner.sh
. "$here/lib/runner.sh"
java_find
runner_is_fresh || runner_build
mkdir -p "$prefix/bin" "$prefix/lib" 2>/dev/null || die 1 "can't write to $prefix. Name another directory with --prefix, or use sudo."

# Complete beside the old one, then put in its place.
new=$prefix/lib/.berth.new.$$
trap 'rm -rf "$new"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$new/deploy" "$new/target"
for part in bin lib scripts demo examples install.sh; do cp -R "$here/$part" "$new/deploy/"; done
cp -R "$BERTH_HOME/target/quarkus-app" "$new/target/"
rm -f "$new/target/quarkus-app/berth.jsa" "$new/target/quarkus-app/berth.jsa.of"
runner_version >"$new/VERSION"
chmod -R go+rX,go-w "$new"
# The build may have taken minutes.
refuse_under_daemon
remove
mv "$new" "$program"
ln -s ../lib/berth/deploy/bin/berth "$prefix/bin/berth"
printf '%s\n' "$completions" | while IFS=: read -r shell file; do
  if mkdir -p "$(dirname -- "$file")" 2>/dev/null; then "$prefix/bin/berth" completion "$shell" >"$file"; fi
done
# Made where it will be used: the JVM takes the archive for one path only.
BERTH_HOME=$program
# shellcheck source=lib/runner.sh
. "$program/deploy/lib/runner.sh"
archive_is_fresh || archive_make

printf 'Berth %s is installed: %s\n' "$(cat "$program/VERSION")" "$prefix/bin/berth"
# shellcheck disable=SC2016 # PATH is for whoever reads it
case :$PATH: in *":$prefix/bin:"*) ;; *) printf 'Put it on your PATH: export PATH="%s:$PATH"\n' "$prefix/bin" ;; esac
printf 'Start it with: berth up\n'
