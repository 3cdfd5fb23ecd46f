"""Drives each supervisor through the same day: start all, kill some, idle, stop all. Called by the script beside it."""

import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request

scratch, url, daemon, count, rounds, idle = (
    sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]), float(sys.argv[6]))
service = os.path.join(scratch, "service")
KILLS = 10
# Seconds: one service crashes while the others run, and what the last restart left to do is done.
BETWEEN_KILLS = 0.3
# Seconds. The first minutes of a JVM are spent compiling what comes round; what is asked is what idling costs from then on.
SETTLES = 120
LEVELS = 5


def free_ports(first):
    """As many ports in a row as there are services."""
    for start in range(first, 30000, count):
        try:
            for port in range(start, start + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return start
        except OSError:
            continue
    raise SystemExit("no free ports")


def pid_on(port):
    """The pid that the service on the port answers with; None when nobody listens."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as answer:
            return int(answer.recv(16) or b"0") or None
    except OSError:
        return None


def wait_all(first, wanted, patience=60):
    """Until every port accepts, or none does. One after the other: what has come stays, and to ask all of them again and
    again would take a processor from those who are measured."""
    end = time.monotonic() + patience
    for port in range(first, first + count):
        while (pid_on(port) is not None) != wanted:
            if time.monotonic() > end:
                raise SystemExit(f"port {port} did not {'start' if wanted else 'stop'} to accept")
            time.sleep(0.001)


def cpu(pids):
    """Seconds of processor time, their waited-for children left out."""
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rsplit(") ", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def memory(pids):
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/statm") as statm:
            total += int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return total / 1e6


def call(method, path, body=None):
    request = urllib.request.Request(
        url + path, data=body and json.dumps(body).encode(), method=method,
        headers={"Content-Type": "application/json", "Accept": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


class Berth:
    name = "**Berth**, five levels of dependsOn, a health check every 10 s"

    def __init__(self, first):
        self.first = first

    def specs(self, running):
        width = max(1, count // LEVELS)
        specs = {}
        for index in range(count):
            level = index // width
            specs[f"s{index}"] = {
                "port": self.first + index, "command": [service], "running": running,
                "healthCheck": {"tcp": "{port}", "interval": "10s"},
                "dependsOn": [f"s{index - width}"] if level else []}
        return specs

    def apply(self, running):
        call("POST", "/apply", {"stack": "bench", "services": self.specs(running)})

    def start(self):
        self.apply(True)

    def stop(self):
        self.apply(False)

    def pids(self):
        return [daemon]

    def close(self):
        call("POST", "/apply?prune=true", {"stack": "bench", "services": {}})


class Flat(Berth):
    name = "**Berth**, without dependencies and checks"

    def specs(self, running):
        return {f"f{index}": {"port": self.first + index, "command": [service], "running": running}
                for index in range(count)}


class Bare:
    name = "a bare supervisor in C"

    def __init__(self, first):
        self.first = first

    def start(self):
        self.process = subprocess.Popen([os.path.join(scratch, "supervisor"), service, str(self.first), str(count)])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def pids(self):
        return [self.process.pid]

    def close(self):
        pass


class Pm2:
    name = "pm2"

    def __init__(self, first):
        self.home = os.path.join(scratch, "pm2home")
        self.environment = {**os.environ, "PM2_HOME": self.home}
        self.file = os.path.join(scratch, "ecosystem.json")
        apps = [{"name": f"p{index}", "script": service, "exec_interpreter": "none", "exec_mode": "fork",
                 "env": {"PORT": str(first + index)}} for index in range(count)]
        with open(self.file, "w") as file:
            json.dump({"apps": apps}, file)
        self.run("ping")

    def run(self, *arguments):
        subprocess.run(["pm2", "--silent", *arguments], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def start(self):
        self.run("start", self.file)

    def stop(self):
        self.run("stop", "all")

    def pids(self):
        with open(os.path.join(self.home, "pm2.pid")) as file:
            return [int(file.read())]

    def close(self):
        self.run("kill")


class Supervisord:
    name = "supervisord"

    def __init__(self, first):
        self.file = os.path.join(scratch, "supervisord.conf")
        socket_file = os.path.join(scratch, "supervisor.sock")
        lines = ["[supervisord]", "nodaemon=true", f"logfile={scratch}/supervisord.log",
                 f"pidfile={scratch}/supervisord.pid", "minfds=4096", "[unix_http_server]", f"file={socket_file}",
                 "[rpcinterface:supervisor]",
                 "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
                 "[supervisorctl]", f"serverurl=unix://{socket_file}"]
        for index in range(count):
            lines += [f"[program:v{index}]", f"command={service}", f"environment=PORT=\"{first + index}\"",
                      "autostart=false", "autorestart=true", "startsecs=0", f"stdout_logfile={scratch}/v{index}.log"]
        with open(self.file, "w") as file:
            file.write("\n".join(lines) + "\n")
        self.process = subprocess.Popen(
            ["supervisord", "-c", self.file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not os.path.exists(socket_file):
            time.sleep(0.05)

    def run(self, *arguments):
        subprocess.run(["supervisorctl", "-c", self.file, *arguments], check=True, stdout=subprocess.DEVNULL)

    def start(self):
        self.run("start", "all")

    def stop(self):
        self.run("stop", "all")

    def pids(self):
        return [self.process.pid]

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def timed(action, done):
    """The command runs beside the looking, because some return before and some after the services are up."""
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            action()
        finally:
            os._exit(0)
    done()
    took = time.monotonic() - began
    os.waitpid(child, 0)
    return took * 1000


def restart(port):
    before = pid_on(port)
    began = time.monotonic()
    os.kill(before, signal.SIGKILL)
    while (after := pid_on(port)) is None or after == before:
        if time.monotonic() - began > 30:
            raise SystemExit(f"the service on {port} was not restarted")
        time.sleep(0.0002)
    return (time.monotonic() - began) * 1000


def measure(kind, first):
    supervisor = kind(first)
    starts, kills, stops, share, resident = [], [], [], 0.0, 0.0
    try:
        for number in range(rounds):
            if kind is Bare:
                began = time.monotonic()
                supervisor.start()
                wait_all(first, True)
                starts.append((time.monotonic() - began) * 1000)
            else:
                starts.append(timed(supervisor.start, lambda: wait_all(first, True)))
            time.sleep(2)
            if number == rounds - 1:
                kills = []
                for index in range(min(KILLS, count)):
                    kills.append(restart(first + index * (count // KILLS)))
                    time.sleep(BETWEEN_KILLS)
                time.sleep(SETTLES)
                began, used = time.monotonic(), cpu(supervisor.pids())
                time.sleep(idle)
                share = (cpu(supervisor.pids()) - used) / (time.monotonic() - began) * 100
                resident = memory(supervisor.pids())
            if kind is Bare:
                began = time.monotonic()
                supervisor.stop()
                wait_all(first, False)
                stops.append((time.monotonic() - began) * 1000)
            else:
                stops.append(timed(supervisor.stop, lambda: wait_all(first, False)))
            time.sleep(1)
    finally:
        supervisor.close()
    print(f"| {kind.name} | {statistics.median(starts):.0f} | {statistics.median(kills):.1f} "
          f"| {statistics.median(stops):.0f} | {share:.2f} % | {resident:.0f} |", flush=True)


kinds = [Bare, Berth, Flat]
if shutil.which("pm2"):
    kinds.append(Pm2)
if shutil.which("supervisord"):
    kinds.append(Supervisord)
print("| supervisor | all accept after ms | kill −9 to the next process ms | all stopped after ms "
      "| idle, of one core | resident MB |")
print("|---|---|---|---|---|---|", flush=True)
start = 13000
for each in kinds:
    first_port = free_ports(start)
    measure(each, first_port)
    start = first_port + count
print(f"\n{count} services; medians of {rounds} rounds (kills: {KILLS} services of the last round), idle over "
      f"{idle:.0f} s. Load {os.getloadavg()[0]:.1f}.")
