"""Training steps by JAX jit and by PyTorch eager: reads lines `task repetitions`, answers nanoseconds.

Task `jax:f32:2:200:750`: mean squared error of the field of a Hamiltonian network [2, 200, 200, 1] with tanh on 750 states,
its gradient, Adam with weight decay. Each task is run three times before it is timed for the first time.
"""

import sys
import time

import numpy as np

RATE, DECAY, BETA1, BETA2, EPSILON = 1e-3, 1e-4, 0.9, 0.999, 1e-8


def start(d, h, batch):
    draw = np.random.default_rng(0)
    shapes = [(d, h), (h,), (h, h), (h,), (h, 1)]
    weights = [draw.normal(size=shape) / np.sqrt(shape[0]) for shape in shapes]
    return weights, draw.normal(size=(batch, d)), draw.normal(size=(batch, d))


def jax_step(precision, d, h, batch):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    dtype = jnp.float64 if precision == "f64" else jnp.float32
    weights, x, rates = start(d, h, batch)
    state = [[jnp.asarray(w, dtype) for w in weights]] + [[jnp.zeros(w.shape, dtype) for w in weights] for _ in range(2)]
    x, rates = jnp.asarray(x, dtype), jnp.asarray(rates, dtype)

    def energy(w, x):
        return jnp.sum(jnp.tanh(jnp.tanh(x @ w[0] + w[1]) @ w[2] + w[3]) @ w[4])

    def loss(w):
        slopes = jax.grad(energy, argnums=1)(w, x)
        field = jnp.concatenate([slopes[:, d // 2 :], -slopes[:, : d // 2]], axis=1)
        return jnp.mean((field - rates) ** 2)

    @jax.jit
    def step(w, m, v, t):
        value, g = jax.value_and_grad(loss)(w)
        g = [a + dtype(DECAY) * b for a, b in zip(g, w)]
        m = [dtype(BETA1) * a + dtype(1 - BETA1) * b for a, b in zip(m, g)]
        v = [dtype(BETA2) * a + dtype(1 - BETA2) * b * b for a, b in zip(v, g)]
        a, c = dtype(RATE) / (1 - dtype(BETA1) ** t), 1 - dtype(BETA2) ** t
        w = [p - a * q / (jnp.sqrt(r / c) + dtype(EPSILON)) for p, q, r in zip(w, m, v)]
        return w, m, v, value

    t = 0

    def run(repetitions):
        nonlocal state, t
        for _ in range(repetitions):
            t += 1
            *state, value = step(*state, dtype(t))
        jax.block_until_ready(state)
        assert np.isfinite(float(value))

    return run


def torch_step(precision, d, h, batch):
    import torch

    dtype = torch.float64 if precision == "f64" else torch.float32
    weights, x, rates = start(d, h, batch)
    w = [torch.tensor(a, dtype=dtype, requires_grad=True) for a in weights]
    x = torch.tensor(x, dtype=dtype, requires_grad=True)
    rates = torch.tensor(rates, dtype=dtype)
    optimiser = torch.optim.Adam(w, RATE, weight_decay=DECAY)

    def run(repetitions):
        for _ in range(repetitions):
            energy = torch.tanh(torch.tanh(x @ w[0] + w[1]) @ w[2] + w[3]) @ w[4]
            (slopes,) = torch.autograd.grad(energy.sum(), x, create_graph=True)
            field = torch.cat([slopes[:, d // 2 :], -slopes[:, : d // 2]], dim=1)
            loss = ((field - rates) ** 2).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        assert np.isfinite(loss.item())

    return run


MAKERS = {"jax": jax_step, "torch": torch_step}
ready = {}
for line in sys.stdin:
    task, repetitions = line.split()
    if task not in ready:
        which, precision, d, h, batch = task.split(":")
        ready[task] = MAKERS[which](precision, int(d), int(h), int(batch))
        ready[task](3)
    begun = time.perf_counter_ns()
    ready[task](int(repetitions))
    print(time.perf_counter_ns() - begun, flush=True)
