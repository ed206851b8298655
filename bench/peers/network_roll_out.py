"""Roll-outs of a trained network by PyTorch eager: reads lines `task repetitions`, answers nanoseconds.

Task `f32:10000`: 10 000 steps of the fourth-order Runge-Kutta method on one state, whose field is the gradient of the energy
[2, 64, 64, 1] with tanh by autograd, as hamiltonian-nn does it. On one thread, which is faster at this size.
"""

import sys
import time

import numpy as np
import torch

torch.set_num_threads(1)
WIDTH, DT = 64, 0.01


def roll_out(precision, steps):
    dtype = torch.float64 if precision == "f64" else torch.float32
    draw = np.random.default_rng(0)
    shapes = [(2, WIDTH), (WIDTH,), (WIDTH, WIDTH), (WIDTH,), (WIDTH, 1)]
    w = [torch.tensor(draw.normal(size=shape) / np.sqrt(shape[0]), dtype=dtype) for shape in shapes]

    def field(x):
        x = x.detach().requires_grad_(True)
        energy = torch.tanh(torch.tanh(x @ w[0] + w[1]) @ w[2] + w[3]) @ w[4]
        (slopes,) = torch.autograd.grad(energy.sum(), x)
        return torch.cat([slopes[:, 1:], -slopes[:, :1]], dim=1)

    def run(repetitions):
        for _ in range(repetitions):
            x = torch.tensor([[1.0, 0.0]], dtype=dtype)
            for _ in range(steps):
                k1 = field(x)
                k2 = field(x + DT / 2 * k1)
                k3 = field(x + DT / 2 * k2)
                k4 = field(x + DT * k3)
                x = x + DT / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
            assert torch.isfinite(x).all()

    return run


ready = {}
for line in sys.stdin:
    task, repetitions = line.split()
    if task not in ready:
        precision, steps = task.split(":")
        ready[task] = roll_out(precision, int(steps))
        roll_out(precision, 10)(1)
    begun = time.perf_counter_ns()
    ready[task](int(repetitions))
    print(time.perf_counter_ns() - begun, flush=True)
