"""The paper's way to a training set: the pendulum task of arXiv:1906.01563, 50 trajectories of 45 rows to t = 3.

Reads lines `task repetitions`, answers nanoseconds. `paper` does what the code of the paper does: RK45 at rtol 1e-10 (and
SciPy's default atol, 1e-6), its right-hand side the gradient of H by autograd. `hand` has the equations written out;
`hand-exact` also has an absolute tolerance that lets rtol count, and DOP853. With `--cold task FILE` it writes the set as
npz and ends.
"""

import math
import sys
import time

import numpy as np
from scipy.integrate import solve_ivp


def hand(t, x):
    return 2 * x[1], -3 * math.sin(x[0])


def by_autograd():
    import autograd
    import autograd.numpy as anp

    def hamiltonian(x):
        q, p = anp.split(x, 2)
        return 3 * (1 - anp.cos(q)) + p**2

    def field(t, x):
        dq, dp = anp.split(autograd.grad(hamiltonian)(x), 2)
        return anp.concatenate([dp, -dq], axis=-1)

    return field


def training_set(field, **how):
    rng = np.random.default_rng(0)
    states, rates = [], []
    for _ in range(50):
        start = rng.random(2) * 2 - 1
        start *= (rng.random() + 1.3) / np.hypot(*start)
        path = solve_ivp(field, (0, 3), start, t_eval=np.linspace(0, 3, 45), rtol=1e-10, **how).y.T
        rates.append(np.stack([field(None, x) for x in path]))
        states.append(path + rng.standard_normal((45, 2)) * 0.1)
    return np.concatenate(states), np.concatenate(rates)


TASKS = {
    "paper": lambda: training_set(by_autograd()),
    "hand": lambda: training_set(hand),
    "hand-exact": lambda: training_set(hand, method="DOP853", atol=1e-13),
}

if "--cold" in sys.argv:
    task, path = sys.argv[-2:]
    x, dx = TASKS[task]()
    np.savez(path, x=x[:1125], dx=dx[:1125], test_x=x[1125:], test_dx=dx[1125:])
    sys.exit()

for line in sys.stdin:
    task, repetitions = line.split()
    work = TASKS[task]
    work()
    begun = time.perf_counter_ns()
    for _ in range(int(repetitions)):
        work()
    print(time.perf_counter_ns() - begun, flush=True)
