"""The procedure of arXiv:1906.01563 for a Hamiltonian network, in PyTorch: reads lines `task repetitions`, answers nanoseconds.

Task `3.5928e-2:FILE`: a network [2, 200, 200, 1] with tanh, orthogonal weights and no bias at the end; mean squared error
of its field on all rows of FILE's `x` and `dx`; Adam at 1e-3 with weight decay 1e-4; 2000 steps, or fewer where the test
loss, looked at each 25 steps with the clock stopped, is no more than the one that is asked for. As many threads compute as
are fastest for ten steps beforehand. What it came to goes to standard error.
"""

import sys
import time

import numpy as np
import torch

STEPS, LOOK = 2000, 25


class Energy(torch.nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.first = torch.nn.Linear(inputs, hidden)
        self.second = torch.nn.Linear(hidden, hidden)
        self.last = torch.nn.Linear(hidden, 1, bias=False)
        for layer in (self.first, self.second, self.last):
            torch.nn.init.orthogonal_(layer.weight)

    def forward(self, x):
        return self.last(torch.tanh(self.second(torch.tanh(self.first(x)))))

    def field(self, x):
        (slopes,) = torch.autograd.grad(self(x).sum(), x, create_graph=True)
        half = slopes.shape[1] // 2
        return torch.cat([slopes[:, half:], -slopes[:, :half]], dim=1)


def steps(model, optimiser, x, dx, count):
    begun = time.perf_counter_ns()
    for _ in range(count):
        loss = ((dx - model.field(x)) ** 2).mean()
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
    return time.perf_counter_ns() - begun


def start(x, seed):
    torch.manual_seed(seed)
    model = Energy(x.shape[1], 200)
    return model, torch.optim.Adam(model.parameters(), 1e-3, weight_decay=1e-4)


def choose_threads(x, dx):
    times = {}
    for threads in {1, torch.get_num_threads()}:
        torch.set_num_threads(threads)
        parts = start(x, 0)
        steps(*parts, x, dx, 3)
        times[threads] = steps(*parts, x, dx, 10)
    torch.set_num_threads(min(times, key=times.get))


def run(goal, path, seed):
    data = np.load(path)
    x, dx, test_x, test_dx = (torch.tensor(data[name], dtype=torch.float32) for name in ("x", "dx", "test_x", "test_dx"))
    x.requires_grad_()
    test_x.requires_grad_()
    choose_threads(x, dx)
    begun = time.perf_counter_ns()
    model, optimiser = start(x, seed)
    spent = time.perf_counter_ns() - begun
    for step in range(LOOK, STEPS + 1, LOOK):
        spent += steps(model, optimiser, x, dx, LOOK)
        found = ((test_dx - model.field(test_x)) ** 2).mean().item()
        if found <= goal:
            break
    threads = torch.get_num_threads()
    print(f"PyTorch, {threads} threads: test loss {found:.4e} after {step} steps", file=sys.stderr, flush=True)
    return spent


for line in sys.stdin:
    task, repetitions = line.split()
    goal, path = task.split(":", 1)
    print(sum(run(float(goal), path, seed) for seed in range(int(repetitions))), flush=True)
