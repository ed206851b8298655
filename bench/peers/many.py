"""JAX, jit, f64, on the motions of many.c: reads lines `system:method:N:batch:steps repetitions`, answers nanoseconds.

`first:system:… 1` answers q[0] of the last trajectory at the end. Starts and parameters are those of bench/many-motions.ts;
a batch is one more axis of every array.
"""

import functools
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)


def starts(system, n, batch):
    run = np.arange(batch)[:, None]
    if system == "fput":
        q = (1 + 1e-3 * run) * np.sin(np.pi * np.arange(1, n + 1) / (n + 1))
        return jnp.asarray(q), jnp.zeros((batch, n)), jnp.ones(n)
    k = np.arange(1, 3 * n + 1)
    q = (4 * np.sin(12.9898 * k) + 1e-3 * run).reshape(batch, n, 3)
    p = np.broadcast_to((0.3 * np.sin(78.233 * k) / n).reshape(n, 3), q.shape)
    return jnp.asarray(q), jnp.asarray(p), jnp.asarray((1 + 0.5 * np.sin(np.arange(1, n + 1))) / n)[:, None]


def gravity(q, m):
    d = q[:, None, :] - q[None, :, :]
    r2 = (d * d).sum(-1) + 0.01
    w = (m * m.T) / (r2 * jnp.sqrt(r2))
    return -(w[:, :, None] * d).sum(1)


def chain(q, _):
    r = jnp.diff(q, prepend=0.0, append=0.0)
    tension = r + 0.3 * r * r * r
    return tension[1:] - tension[:-1]


WEIGHTS = {"leapfrog": [1.0], "yoshida4": [1 / (2 - 2 ** (1 / 3)), 1 - 2 / (2 - 2 ** (1 / 3)), 1 / (2 - 2 ** (1 / 3))]}


@functools.partial(jax.jit, static_argnums=(0, 1, 2))
def advance(system, method, steps, q, p, m):
    force = jax.vmap(gravity if system == "nbody" else chain, in_axes=(0, None))

    def step(_, state):
        q, p = state
        for weight in WEIGHTS[method]:
            h = 0.01 * weight
            q = q + h / 2 * p / m
            p = p + h * force(q, m)
            q = q + h / 2 * p / m
        return q, p

    return jax.lax.fori_loop(0, steps, step, (q, p))


for line in sys.stdin:
    task, repetitions = line.split()
    ask = task.startswith("first:")
    system, method, n, batch, steps = task.removeprefix("first:").split(":")
    q, p, m = starts(system, int(n), int(batch))
    work = functools.partial(advance, system, method, int(steps), q, p, m)
    end, _ = jax.block_until_ready(work())
    if ask:
        print(float(np.asarray(end)[-1].ravel()[0]), flush=True)
        continue
    begun = time.perf_counter_ns()
    for _ in range(int(repetitions)):
        jax.block_until_ready(work())
    print(time.perf_counter_ns() - begun, flush=True)
