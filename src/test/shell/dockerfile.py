#!/usr/bin/env python3
"""dockerfile.py ROOT [--keep]: carries out deploy/docker/Dockerfile without a container engine, and runs what comes of it.

ROOT is a Debian made by debootstrap, which stands for the base image:
    debootstrap --variant=minbase bookworm /var/tmp/bookworm http://deb.debian.org/debian
It is not changed: each stage is an overlay on it. For root; needs the network for apt, and target/quarkus-app, which stands for the
one step that is not carried out here, Maven's build. Then the image's command runs as a container runtime runs it: as its user,
without any capability, as the first process, on a root file system that can't be written, with /tmp noexec.

What this can't show: that the base image is what debootstrap makes, layers and their caching, and the engine's own seccomp and
AppArmor profiles.
"""

import glob
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HOME = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
DOCKERFILE = os.path.join(HOME, "deploy/docker/Dockerfile")
# Several times what a start takes on a busy machine.
PATIENCE_SECONDS = 120


def instructions(path):
    """Pairs of keyword and rest, comments gone and continued lines joined."""
    text = "\n".join(line for line in open(path, encoding="utf-8").read().splitlines() if not line.lstrip().startswith("#"))
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip():
            keyword, rest = line.strip().split(None, 1)
            yield keyword, rest.strip()


class Stage:
    """A file system in the making, and how its programs are run."""

    def __init__(self, base, scratch, number):
        self.directory = os.path.join(scratch, str(number))
        self.root = os.path.join(self.directory, "root")
        self.upper = os.path.join(self.directory, "upper")
        for name in ("root", "upper", "work"):
            os.makedirs(os.path.join(self.directory, name))
        options = "lowerdir={},upperdir={},workdir={}/work".format(base, self.upper, self.directory)
        subprocess.run(["mount", "-t", "overlay", "-o", options, "overlay", self.root], check=True)
        self.environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        self.workdir = "/"
        self.user = "0:0"
        self.entrypoint = []
        self.command = []
        self.healthcheck = []

    def path(self, inside):
        return os.path.join(self.root, os.path.join(self.workdir, inside).lstrip("/"))

    def run(self, command):
        script = 'mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc" && cp /etc/resolv.conf "$0/etc/resolv.conf" && exec chroot "$0" sh -ec "cd $1; $2"'
        subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "sh", "-ec", script, self.root, self.workdir, command],
            env={**self.environment, "DEBIAN_FRONTEND": "noninteractive"},
            check=True,
        )

    def copy(self, rest, stages):
        words = shlex.split(rest)
        source = HOME
        if words[0].startswith("--from="):
            source = stages[words.pop(0).split("=", 1)[1]].root
        *names, target = words
        for name in names:
            for found in glob.glob(os.path.join(source, name.lstrip("/"))) or [os.path.join(source, name)]:
                to = self.path(target)
                if os.path.isdir(found):
                    os.makedirs(to, exist_ok=True)
                    subprocess.run(["cp", "-a", found + "/.", to], check=True)
                else:
                    if target.endswith("/"):
                        os.makedirs(to, exist_ok=True)
                    shutil.copy2(found, to)


def build(base, scratch):
    """Carries out every instruction, and answers the last stage."""
    stages, stage, arguments = {}, None, {}
    for keyword, rest in instructions(DOCKERFILE):
        print("-", keyword, rest[:100], flush=True)
        if keyword == "ARG":
            name, value = rest.split("=", 1)
            arguments[name] = value
        elif keyword == "FROM":
            words = rest.split()
            if re.sub(r"\$\{(\w+)\}", lambda name: arguments[name.group(1)], words[0]) != "debian:bookworm-slim":
                sys.exit("only Debian's bookworm stands here, and FROM is " + rest)
            stage = Stage(base, scratch, len(stages))
            stages[words[2] if len(words) > 2 else "last"] = stage
        elif keyword == "RUN" and "./mvnw" in rest:
            program = os.path.join(HOME, "target/quarkus-app")
            subprocess.run(["mkdir", "-p", stage.path("target")], check=True)
            subprocess.run(["cp", "-a", program, stage.path("target/quarkus-app")], check=True)
            # Newer than the sources, as just built.
            os.utime(stage.path("target/quarkus-app/quarkus-run.jar"))
            print("  not carried out: taken from", program)
        elif keyword == "RUN":
            stage.run(rest)
        elif keyword == "COPY":
            stage.copy(rest, stages)
        elif keyword == "WORKDIR":
            stage.workdir = rest
            os.makedirs(stage.path("."), exist_ok=True)
        elif keyword == "ENV":
            stage.environment.update(word.split("=", 1) for word in shlex.split(rest))
        elif keyword == "USER":
            stage.user = rest
        elif keyword == "ENTRYPOINT":
            stage.entrypoint = json.loads(rest)
        elif keyword == "CMD":
            stage.command = json.loads(rest)
        elif keyword == "HEALTHCHECK":
            stage.healthcheck = json.loads(rest[rest.index("["):])
        elif keyword not in ("LABEL", "EXPOSE", "VOLUME", "STOPSIGNAL"):
            sys.exit("what does {} mean?".format(keyword))
    return stage


RUN = """
set -e
ip link set lo up
mount --bind "$0" "$0"
mount --rbind /dev "$0/dev"
mount -t proc proc "$0/proc"
mount -t tmpfs -o noexec,nosuid,nodev tmpfs "$0/tmp"
mount -t tmpfs -o mode=0700,uid=${1%:*},gid=${1#*:} tmpfs "$0/var/lib/berth"
mount -o remount,bind,ro "$0"
user=$1
shift
cd "$0"
exec setpriv --reuid "${user%:*}" --regid "${user#*:}" --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \\
  unshare --root="$0" --wd=/var/lib/berth "$@"
"""


def use(image):
    """Runs the image's command, asks for its health, and stops it."""
    # A chroot needs a right that the user inside must not have: it is made before, by the mount namespace's root.
    script = RUN.replace("exec setpriv", "exec chroot \"$0\" setpriv").replace("  unshare --root=\"$0\" --wd=/var/lib/berth \"$@\"", "  \"$@\"")
    log = open(os.path.join(image.directory, "log"), "w+", encoding="utf-8")
    line = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--net", "--uts", "--ipc", "--mount-proc", "sh", "-c", script, image.root, image.user]
    daemon = subprocess.Popen(line + image.entrypoint + image.command, env={**image.environment, "PORT": "9191"}, stdout=log, stderr=log)

    def said():
        log.seek(0)
        return log.read()

    def inside(command):
        first = open("/proc/{0}/task/{0}/children".format(daemon.pid), encoding="ascii").read().split()[0]
        user, group = image.user.split(":")
        line = ["nsenter", "--target", first, "--mount", "--pid", "--net", "--uts", "--ipc", "--root", "--wd", "setpriv", "--reuid", user, "--regid", group, "--clear-groups"]
        return subprocess.run(line + command, env={**image.environment, "PORT": "9191"}, capture_output=True, text=True)

    try:
        for _ in range(PATIENCE_SECONDS):
            if daemon.poll() is not None:
                sys.exit("it ended with status {}:\n{}".format(daemon.returncode, said()))
            healthy = inside(image.healthcheck)
            if healthy.returncode == 0:
                break
            time.sleep(1)
        else:
            sys.exit("it did not get healthy: {}\n{}".format(healthy.stderr, said()))
        print("- healthy:", image.healthcheck)
        first = inside(["sh", "-c", "tr '\\0' ' ' </proc/1/cmdline; grep -E '^(Uid|CapEff|NoNewPrivs)' /proc/1/status"]).stdout
        print(first)
        if "/opt/java/bin/java" not in first or "SharedArchiveFile" not in first:
            sys.exit("the first process is not the JVM with its archive")
        print(inside([image.entrypoint[0], "doctor"]).stdout)
        wrong = inside(["touch", "/opt/berth/here"])
        if wrong.returncode == 0:
            sys.exit("the root file system can be written")
        os.kill(int(open("/proc/{0}/task/{0}/children".format(daemon.pid), encoding="ascii").read().split()[0]), signal.SIGTERM)
        status = daemon.wait(60)
        print(said())
        if status != 143:
            sys.exit("SIGTERM ended it with status {}".format(status))
    finally:
        daemon.kill()
        daemon.wait()


def main():
    if len(sys.argv) < 2 or not os.path.isdir(os.path.join(sys.argv[1], "usr")):
        sys.exit(__doc__)
    if os.environ.get("BERTH_MOUNTS") != "own":
        # What is mounted goes with this process.
        os.execvpe("unshare", ["unshare", "--mount", sys.executable] + sys.argv, {**os.environ, "BERTH_MOUNTS": "own"})
    scratch = tempfile.mkdtemp(prefix="dockerfile.", dir="/var/tmp")
    try:
        image = build(os.path.abspath(sys.argv[1]), scratch)
        size = subprocess.run(["du", "-sm", "--one-file-system", image.upper], capture_output=True, text=True, check=True).stdout.split()[0]
        print("- {} MB more than the base image".format(size))
        use(image)
        print("well")
    finally:
        if "--keep" not in sys.argv:
            subprocess.run("umount -R " + shlex.quote(scratch) + "/*/root 2>/dev/null; rm -rf --one-file-system " + shlex.quote(scratch), shell=True, check=False)


if __name__ == "__main__":
    main()
