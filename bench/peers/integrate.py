"""The integrating peers, JAX, SciPy and diffrax: reads lines `task repetitions`, answers nanoseconds.

`leapfrog:batch:steps`: so many pendulums and steps of 0.05, jit, f64. `scipy`, `diffrax`: one pendulum from (1, 0) to t = 100 by
DOP853 and by Dopri8 (jit), rtol = atol = 1e-12. `evaluations 1` answers how often SciPy evaluates the field.
"""

import functools
import math
import sys
import time

import diffrax
import jax
import jax.numpy as jnp
from scipy.integrate import solve_ivp

jax.config.update("jax_enable_x64", True)


@functools.partial(jax.jit, static_argnums=2)
def advance(q, p, steps):
    def step(_, state):
        q, p = state
        q = q + 0.5 * 0.05 * p
        p = p - 0.05 * jnp.sin(q)
        return q + 0.5 * 0.05 * p, p

    return jax.lax.fori_loop(0, steps, step, (q, p))


def leapfrog(batch, steps):
    q, p = jnp.linspace(-2, 2, int(batch)), jnp.zeros(int(batch))
    return lambda: advance(q, p, int(steps))[0].block_until_ready()


def scipy():
    return solve_ivp(
        lambda t, x: (x[1], -math.sin(x[0])), (0, 100), (1.0, 0.0), method="DOP853", rtol=1e-12, atol=1e-12
    )


@jax.jit
def dopri8(x):
    return diffrax.diffeqsolve(
        diffrax.ODETerm(lambda t, x, args: (x[1], -jnp.sin(x[0]))),
        diffrax.Dopri8(),
        0.0,
        100.0,
        None,
        x,
        stepsize_controller=diffrax.PIDController(rtol=1e-12, atol=1e-12),
        max_steps=100_000,
    ).ys


def with_diffrax():
    jax.block_until_ready(dopri8((jnp.float64(1), jnp.float64(0))))


TASKS = {"leapfrog": leapfrog, "scipy": lambda: scipy, "diffrax": lambda: with_diffrax}

for line in sys.stdin:
    task, repetitions = line.split()
    if task == "evaluations":
        print(scipy().nfev, flush=True)
        continue
    name, *numbers = task.split(":")
    work = TASKS[name](*numbers)
    work()
    begun = time.perf_counter_ns()
    for _ in range(int(repetitions)):
        work()
    print(time.perf_counter_ns() - begun, flush=True)
