"""What running a program costs.

usage: program_cost.py PROGRAM [ARGUMENT...]

Runs it once with its output thrown away and prints microseconds: from its start until its end, and of processor time.
"""

import os
import sys
import time

began = time.monotonic_ns()
pid = os.posix_spawnp(
    sys.argv[1],
    sys.argv[1:],
    os.environ,
    file_actions=[(os.POSIX_SPAWN_OPEN, out, os.devnull, os.O_WRONLY, 0) for out in (1, 2)],
)
used = os.wait4(pid, 0)[2]
ended = time.monotonic_ns()
print((ended - began) // 1000, round((used.ru_utime + used.ru_stime) * 1e6))
