"""heyoka's Taylor integrator: reads lines `task repetitions`, answers nanoseconds.

Tasks: `pendulum`, `kepler`, `outer`, `outer-compact`: one trajectory at heyoka's default tolerance (2^-52, order 20),
compiled beforehand, the state set back for each repetition. With an argument `--cold task`, the time from the formula
to the answer in this process is printed instead. heyoka's cache on disk is off.
"""

import sys
import time

import heyoka as hy
import numpy as np

hy.llvm_state.set_diskcache_enabled(False)

MASSES = [1.00000597682, 0.000954786104043, 0.000285583733151, 0.0000437273164546, 0.0000517759138449, 7.692307692307693e-9]
POSITIONS = [
    0, 0, 0, -3.5023653, -3.8169847, -1.5507963, 9.0755314, -3.0458353, -1.6483708, 8.310142, -16.2901086, -7.2521278,
    11.4707666, -25.7294829, -10.8169456, -15.5387357, -25.2225594, -3.1902382,
]
VELOCITIES = [
    0, 0, 0, 0.00565429, -0.0041249, -0.00190589, 0.00168318, 0.00483525, 0.00192462, 0.00354178, 0.00137102,
    0.00055029, 0.0028893, 0.00114527, 0.00039677, 0.00276725, -0.00170702, -0.00136504,
]


def pendulum():
    q, p = hy.make_vars("q", "p")
    return hy.taylor_adaptive([(q, p), (p, -hy.sin(q))], [1.0, 0.0]), 100.0


def kepler():
    x, y, u, v = hy.make_vars("x", "y", "u", "v")
    w = (x * x + y * y) ** -1.5
    return hy.taylor_adaptive([(x, u), (y, v), (u, -x * w), (v, -y * w)], [0.4, 0.0, 0.0, 2.0]), 200 * np.pi


def outer(compact):
    system = hy.model.nbody(6, masses=np.array(MASSES), Gconst=0.000295912208286)
    q, v = (np.array(values, dtype=float).reshape(6, 3) for values in (POSITIONS, VELOCITIES))
    return hy.taylor_adaptive(system, np.hstack([q, v]).ravel(), compact_mode=compact), 3652500.0


MAKERS = {
    "pendulum": pendulum,
    "kepler": kepler,
    "outer": lambda: outer(False),
    "outer-compact": lambda: outer(True),
}
made = {}


def run(task):
    if task not in made:
        integrator, end = MAKERS[task]()
        made[task] = (integrator, end, integrator.state.copy())
    integrator, end, start = made[task]
    integrator.time = 0.0
    integrator.state[:] = start
    return lambda: integrator.propagate_until(end)


def answer():
    for line in sys.stdin:
        task, repetitions = line.split()
        total = 0
        for _ in range(int(repetitions)):
            work = run(task)
            begin = time.perf_counter_ns()
            work()
            total += time.perf_counter_ns() - begin
        print(total, flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--cold"]:
        begin = time.perf_counter_ns()
        run(sys.argv[2])()
        print(time.perf_counter_ns() - begin)
    else:
        answer()
