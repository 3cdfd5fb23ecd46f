"""A machine with more on it: sockets that listen and processes that idle.

usage: crowd.py LISTENERS PROCESSES FILES

LISTENERS sockets listen on 127.0.0.1, on ports of the kernel's choice, at most 100 in one process. PROCESSES more do
nothing with FILES open files each. Prints "ready" when all stand, and ends with everything it started when its standard
input is closed or it is ended: the children wait on a pipe that nobody but this process can hold open.
"""

import os
import socket
import sys

LISTENERS_EACH = 100  # stays within the customary limit of 1024 files
NO_MORE = b""


def child(open_files, alive, hold_open):
    """A process that has opened its files and waits for the end of this one."""
    told, tell = os.pipe()
    if os.fork() == 0:
        os.close(hold_open)
        os.close(told)
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1):
            os.dup2(nothing, standard)
        kept = open_files()
        os.write(tell, b"1")
        os.close(tell)
        os.read(alive, 1)
        os._exit(0 if kept else 1)
    os.close(tell)
    answer = os.read(told, 1)
    os.close(told)
    if answer == NO_MORE:
        sys.exit("crowd.py: a child could not open its files; see the message above and `ulimit -n`")


def listening(count):
    kept = []
    for _ in range(count):
        one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        one.bind(("127.0.0.1", 0))
        one.listen(8)
        kept.append(one)
    return kept


def main():
    listeners, processes, files = (int(argument) for argument in sys.argv[1:4])
    alive, hold_open = os.pipe()
    for first in range(0, listeners, LISTENERS_EACH):
        child(lambda: listening(min(LISTENERS_EACH, listeners - first)), alive, hold_open)
    for _ in range(processes):
        child(lambda: [os.open(os.devnull, os.O_RDONLY) for _ in range(files)], alive, hold_open)
    print("ready", flush=True)
    while os.read(0, 4096) != NO_MORE:
        pass


main()
