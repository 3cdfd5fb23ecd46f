#!/bin/sh
# deb.sh PACKAGE: installs the package as dpkg does, uses it, upgrades, removes and purges it. On a copy of this machine that is
# made of an overlay in memory, with processes and a network of its own: nothing of the machine changes. For root, on Debian with what
# the package depends on. There is no systemd in it: what the units do is checked by UnitFilesTest.
set -eu

fail() {
  printf 'not as it should be: %s\n' "$*" >&2
  exit 1
}
step() { printf '%s\n' "- $*"; }

case ${1:-} in
  --inside) ;;
  *)
    [ $# -eq 1 ] || fail "the package is wanted"
    package=$(CDPATH='' cd -- "$(dirname -- "$1")" && pwd)/$(basename -- "$1")
    [ -f "$package" ] || fail "there is no $package"
    exec unshare --mount --pid --fork --kill-child --net --uts --ipc --mount-proc \
      sh "$0" --inside "$package" "$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)/$(basename -- "$0")"
    ;;
esac

if [ "${3:-}" ]; then
  # In the namespaces, outside the copy.
  ip link set lo up
  mount -t tmpfs -o size=2g tmpfs /mnt
  mkdir /mnt/upper /mnt/work /mnt/root
  mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root
  cp "$2" /mnt/root/berth.deb
  cp "$3" /mnt/root/deb.sh
  mount --rbind /dev /mnt/root/dev
  mount -t proc proc /mnt/root/proc
  mount -t tmpfs tmpfs /mnt/root/run
  mount -t tmpfs tmpfs /mnt/root/tmp
  chmod 1777 /mnt/root/tmp
  exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin chroot /mnt/root sh /deb.sh --inside /berth.deb
fi
cd /

as_user() { setpriv --reuid 4711 --regid 4711 --clear-groups env HOME=/tmp/ann BERTH_HTTP_PORT=0 "$@"; }
mkdir -m 755 /tmp/ann
chown 4711:4711 /tmp/ann

step "installs"
# Where Java is no package of Debian's, dpkg can't know of it.
install='dpkg -i'
dpkg-query -W openjdk-17-jre-headless >/dev/null 2>&1 || install='dpkg --force-depends -i'
$install /berth.deb
[ "$(dpkg-query -W -f '${db:Status-Abbrev}' berth)" = 'ii ' ] || fail "dpkg calls it $(dpkg-query -W berth)"
getent group berth-admin || fail "there is no group of administrators"
[ ! -e /run/berth ] || fail "something was started without systemd"
for file in /usr/lib/systemd/system/berth.service /usr/lib/systemd/user/berth.service /etc/berth/berth.conf; do
  [ -f "$file" ] || fail "$file is missing"
done
grep -q complete /usr/share/bash-completion/completions/berth || fail "bash completes nothing"

step "a user runs one: $(as_user berth version)"
as_user berth up
as_user berth reserve 9400 --holder deb-test
as_user berth doctor | grep -i java || fail "the doctor says nothing of Java"
as_user /bin/berth status
as_user berth down
[ -z "$(find /usr/share/berth -newer /berth.deb -type f)" ] || fail "something was written below /usr/share"

step "the machine's own: as the unit starts it"
# What systemd makes of RuntimeDirectory.
mkdir -m 755 /run/berth
(
  # shellcheck disable=SC2046 # variables without blanks
  export $(sed -n 's/^Environment=//p' /usr/lib/systemd/system/berth.service)
  BERTH_HTTP_PORT=7271 exec berth serve >/tmp/serve.log 2>&1
) &
serve=$!
tries=180
until curl -qsf -o /dev/null http://127.0.0.1:7271/q/health/ready; do
  tries=$((tries - 1))
  if [ "$tries" -eq 0 ] || ! kill -0 "$serve" 2>/dev/null; then
    cat /tmp/serve.log >&2
    fail "it is not ready"
  fi
  sleep 0.5
done
[ -f /var/lib/berth/berth.db ] || fail "there is no state in /var/lib/berth"
[ -S /run/berth/berth.sock ] || fail "users have no socket to call"
[ -f /var/cache/berth/berth.jsa ] || fail "the class-data archive was not made"
kill "$serve"
wait "$serve" || [ $? -eq 143 ] || fail "it did not end well"

step "an upgrade keeps state and settings"
echo 'BERTH_HTTP_PORT=7272' >>/etc/berth/berth.conf
$install /berth.deb
grep -q 7272 /etc/berth/berth.conf || fail "the settings were overwritten"
[ -f /var/lib/berth/berth.db ] || fail "the state is gone"
[ ! -e /var/cache/berth/berth.jsa ] || fail "the archive of the old files is still there"

step "removed, state and settings stay"
dpkg -r berth
if [ -e /usr/bin/berth ] || [ -L /usr/bin/berth ]; then fail "the command is still there"; fi
[ ! -e /usr/share/berth ] || fail "left behind: $(find /usr/share/berth | head)"
[ -f /var/lib/berth/berth.db ] || fail "the state went without a purge"
[ -f /etc/berth/berth.conf ] || fail "the settings went without a purge"

step "purged, nothing is left"
dpkg -P berth
for path in /var/lib/berth /var/cache/berth /etc/berth /usr/lib/systemd/system/berth.service; do
  [ ! -e "$path" ] || fail "$path is left"
done
[ -d /tmp/ann/.local/state/berth ] || fail "a user's own state was touched"
echo "well"
