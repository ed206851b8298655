"""SciPy, diffrax and heyoka on the motions of bench/precision-motions.ts, at a tolerance.

Reads lines `tool:motion:tolerance repetitions` (tools `scipy`, `diffrax`, `heyoka`), answers nanoseconds. `entry-k:tool:…`
answers entry k of the state at the end, `[q1 … qn, p1 … pn]`, and `evaluations:tool:…` how often the field is evaluated, for
heyoka how many steps it takes. SciPy's right-hand sides are plain Python for two degrees of freedom and NumPy for the
planets; diffrax and heyoka compile theirs beforehand.
"""

import functools
import sys
import time

import diffrax
import heyoka as hy
import jax
import jax.numpy as jnp
import numpy as np
from heyoka_taylor import MASSES, POSITIONS, VELOCITIES
from scipy.integrate import solve_ivp

jax.config.update("jax_enable_x64", True)
hy.llvm_state.set_diskcache_enabled(False)

G = 0.000295912208286
M = np.array(MASSES)[:, None]
STARTS = {
    "kepler": np.array([0.4, 0.0, 0.0, 2.0]),
    "henon-heiles": np.array([0.0, 0.1, 0.45, 0.1]),
    "outer": np.concatenate([POSITIONS, (np.reshape(VELOCITIES, (6, 3)) * M).ravel()]),
}
ENDS = {"kepler": 20 * np.pi, "henon-heiles": 100.0, "outer": 100_000.0}


def kepler(t, x):
    w = (x[0] * x[0] + x[1] * x[1]) ** -1.5
    return x[2], x[3], -x[0] * w, -x[1] * w


def henon_heiles(t, x):
    return x[2], x[3], -x[0] - 2 * x[0] * x[1], -x[1] - x[0] * x[0] + x[1] * x[1]


def planets(xp):
    pairs = G * M * M.T

    def field(t, x):
        q, p = x[:18].reshape(6, 3), x[18:].reshape(6, 3)
        d = q[:, None, :] - q[None, :, :]
        r2 = (d * d).sum(-1) + xp.eye(6)
        w = pairs / (r2 * xp.sqrt(r2))
        return xp.concatenate([(p / M).ravel(), -(w[:, :, None] * d).sum(1).ravel()])

    return field


FIELDS = {"kepler": kepler, "henon-heiles": henon_heiles}


def scipy(motion, tolerance):
    field = FIELDS.get(motion) or planets(np)
    work = lambda: solve_ivp(field, (0, ENDS[motion]), STARTS[motion], method="DOP853", rtol=tolerance, atol=tolerance * 1e-3)
    answer = work()
    return work, lambda: answer.y[:, -1], lambda: answer.nfev


def with_diffrax(motion, tolerance):
    plain = FIELDS.get(motion)
    field = (lambda t, x, _: jnp.stack(plain(t, x))) if plain else (lambda t, x, _, f=planets(jnp): f(t, x))
    controller = diffrax.PIDController(rtol=tolerance, atol=tolerance * 1e-3)

    @jax.jit
    def solve(x):
        answer = diffrax.diffeqsolve(
            diffrax.ODETerm(field), diffrax.Dopri8(), 0.0, ENDS[motion], None, x, stepsize_controller=controller, max_steps=1_000_000
        )
        return answer.ys[0], answer.stats["num_steps"]

    start = jnp.asarray(STARTS[motion])
    work = lambda: jax.block_until_ready(solve(start))
    state, steps = work()
    # fourteen stages, the first of which is the last of the step before
    return work, lambda: np.asarray(state), lambda: 13 * int(steps) + 1


def heyoka_system(motion):
    if motion == "outer":
        return hy.model.nbody(6, masses=np.array(MASSES), Gconst=G)
    x, y, u, v = hy.make_vars("x", "y", "u", "v")
    if motion == "kepler":
        w = (x * x + y * y) ** -1.5
        return [(x, u), (y, v), (u, -x * w), (v, -y * w)]
    return [(x, u), (y, v), (u, -x - 2 * x * y), (v, -y - x * x + y * y)]


def heyoka(motion, tolerance):
    start = STARTS[motion]
    if motion == "outer":
        start = np.hstack([np.reshape(POSITIONS, (6, 3)), np.reshape(VELOCITIES, (6, 3))]).ravel()
    integrator = hy.taylor_adaptive(heyoka_system(motion), start, tol=tolerance)

    def work():
        integrator.time = 0.0
        integrator.state[:] = start
        return integrator.propagate_until(ENDS[motion])

    steps = work()[3]
    state = integrator.state.copy()
    if motion == "outer":
        rows = state.reshape(6, 6)
        state = np.concatenate([rows[:, :3].ravel(), (rows[:, 3:] * M).ravel()])
    return work, lambda: state, lambda: steps


TOOLS = {"scipy": scipy, "diffrax": with_diffrax, "heyoka": heyoka}


@functools.cache
def made(tool, motion, tolerance):
    return TOOLS[tool](motion, float(tolerance))


for line in sys.stdin:
    task, repetitions = line.split()
    *question, tool, motion, tolerance = task.split(":")
    work, state, evaluations = made(tool, motion, tolerance)
    if question:
        print(evaluations() if question[0] == "evaluations" else repr(float(state()[int(question[0].split("-")[1])])), flush=True)
        continue
    begun = time.perf_counter_ns()
    for _ in range(int(repetitions)):
        work()
    print(time.perf_counter_ns() - begun, flush=True)
