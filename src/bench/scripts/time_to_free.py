"""How long from asking until a port is free, for a holder that exits on SIGTERM.

usage: time_to_free.py BERTH_URL ROUNDS

Each round starts one holder per way, on a port of its own, and ends it that way. Prints lines
"way<TAB>microseconds until the holder was gone<TAB>microseconds until the asker had its answer"; the end of the holder is
read from its pidfd, which becomes readable after its sockets were closed. Then the port is bound once, to be sure.
"""

import os
import select
import signal
import socket
import sys
import time
from urllib.parse import urlsplit

PATIENCE_MS = 20_000


class Holder:
    """A child that listens on a port and dies of SIGTERM at once, as most programs do."""

    def __init__(self):
        told, tell = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            listener.bind(("127.0.0.1", 0))
            listener.listen(8)
            os.write(tell, str(listener.getsockname()[1]).encode())
            os.close(tell)
            while True:
                signal.pause()
        os.close(tell)
        self.port = int(os.read(told, 16))
        os.close(told)
        self.pidfd = os.pidfd_open(self.pid)

    def close(self):
        try:
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.close(self.pidfd)


class Asked:
    """A way to ask: something whose descriptor becomes readable with the answer."""

    def __init__(self, descriptor, conclude):
        self.descriptor = descriptor
        self.conclude = conclude


def program(*argv):
    pid = os.posix_spawnp(
        argv[0],
        argv,
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ],
    )
    pidfd = os.pidfd_open(pid)

    def conclude():
        os.waitpid(pid, 0)
        os.close(pidfd)

    return Asked(pidfd, conclude)


def syscall(holder):
    read, write = os.pipe()
    signal.pidfd_send_signal(holder.pidfd, signal.SIGTERM)
    os.write(write, b"1")
    os.close(write)
    return Asked(read, lambda: os.close(read))


class Berth:
    """Berth over one connection that is kept."""

    def __init__(self, url):
        parts = urlsplit(url)
        self.host = parts.netloc
        self.connection = socket.create_connection((parts.hostname, parts.port))
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def free(self, holder):
        request = f"POST /ports/{holder.port}/free HTTP/1.1\r\nHost: {self.host}\r\nContent-Length: 0\r\n\r\n"
        self.connection.sendall(request.encode())
        return Asked(self.connection.fileno(), self.read_answer)

    def read_answer(self):
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.more()
        head, body = answer.split(b"\r\n\r\n", 1)
        lines = head.decode().lower().split("\r\n")
        length = next((int(line.split(":")[1]) for line in lines if line.startswith("content-length:")), None)
        if length is None:
            sys.exit("time_to_free.py: an answer without Content-Length: " + head.decode())
        while len(body) < length:
            body += self.more()
        if lines[0].split()[1] != "200":
            sys.exit(f"time_to_free.py: Berth refused: {lines[0]}\n{body.decode()}")

    def more(self):
        some = self.connection.recv(65536)
        if not some:
            sys.exit("time_to_free.py: Berth closed the connection")
        return some


def measure(ask):
    holder = Holder()
    began = time.monotonic_ns()
    asked = ask(holder)
    poll = select.poll()
    poll.register(holder.pidfd, select.POLLIN)
    poll.register(asked.descriptor, select.POLLIN)
    at = {}
    while len(at) < 2:
        ready = poll.poll(PATIENCE_MS)
        now = time.monotonic_ns()
        if not ready:
            holder.close()
            sys.exit("time_to_free.py: neither an answer nor the holder's end within 20 s")
        for descriptor, _ in ready:
            at[descriptor] = now
            poll.unregister(descriptor)
    asked.conclude()
    os.waitpid(holder.pid, 0)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as proof:
        proof.bind(("127.0.0.1", holder.port))
    gone, answered = at[holder.pidfd], at[asked.descriptor]
    os.close(holder.pidfd)
    return (gone - began) // 1000, (answered - began) // 1000


def main():
    berth = Berth(sys.argv[1])
    rounds = int(sys.argv[2])
    ways = {
        "kill(2)": syscall,
        "kill": lambda holder: program("kill", str(holder.pid)),
        "berth": berth.free,
        "fuser -k": lambda holder: program("fuser", "-k", "-TERM", "-n", "tcp", str(holder.port)),
        "lsof | xargs kill": lambda holder: program(
            "sh", "-c", f"lsof -nP -t -iTCP:{holder.port} -sTCP:LISTEN | xargs kill"
        ),
    }
    for _ in range(rounds):
        for way, ask in ways.items():
            gone, answered = measure(ask)
            print(way, gone, answered, sep="\t", flush=True)


main()
