"""The symbolic peers, SymPy and CasADi: reads lines `task repetitions`, answers nanoseconds.

Tasks: `sympy-2`, `sympy-3`, `casadi-2`, `casadi-3`: derive all derivatives of the gravity of 2 or 3 bodies in space
and make a function of them. SymPy's cache is cleared before each repetition, as each is to be new work.
"""

import sys
import time

import casadi
import sympy
from sympy.core.cache import clear_cache


def gravity(symbols, sqrt, bodies):
    """H, state and parameters; `symbols` makes a symbol of a name."""
    axes = ("x", "y", "z")
    q = [[symbols(f"{axis}{k}") for axis in axes] for k in range(bodies)]
    p = [[symbols(f"p{axis}{k}") for axis in axes] for k in range(bodies)]
    m = [symbols(f"m{k}") for k in range(bodies)]
    g = symbols("g")
    h = sum(sum(c * c for c in p[k]) / (2 * m[k]) for k in range(bodies))
    for a in range(bodies):
        for b in range(a + 1, bodies):
            h -= g * m[a] * m[b] / sqrt(sum((u - v) ** 2 for u, v in zip(q[a], q[b])))
    state = [c for body in q + p for c in body]
    return h, state, [g, *m]


def with_sympy(bodies):
    clear_cache()
    h, state, parameters = gravity(sympy.Symbol, sympy.sqrt, bodies)
    return sympy.lambdify([*state, *parameters], [sympy.diff(h, x) for x in state], cse=True)


def with_casadi(bodies):
    h, state, parameters = gravity(casadi.SX.sym, casadi.sqrt, bodies)
    x = casadi.vertcat(*state)
    return casadi.Function("gradient", [x, casadi.vertcat(*parameters)], [casadi.gradient(h, x)])


TASKS = {
    "sympy-2": lambda: with_sympy(2),
    "sympy-3": lambda: with_sympy(3),
    "casadi-2": lambda: with_casadi(2),
    "casadi-3": lambda: with_casadi(3),
}

for line in sys.stdin:
    task, repetitions = line.split()
    work = TASKS[task]
    start = time.perf_counter_ns()
    for _ in range(int(repetitions)):
        work()
    print(time.perf_counter_ns() - start, flush=True)
