#!/bin/sh
# Makes .cache/peers, a Python environment with the other side of the benchmarks (see requirements.txt).
# `npm run bench` uses it where it is there, and leaves those rows out where it is not.
set -eu
cd "$(dirname "$0")/../.."
python3 -m venv .cache/peers
.cache/peers/bin/python -m pip install --quiet --disable-pip-version-check -r bench/peers/requirements.txt
.cache/peers/bin/python -c 'import casadi, numpy, sympy; print("SymPy", sympy.__version__, "CasADi", casadi.__version__, "NumPy", numpy.__version__)'
