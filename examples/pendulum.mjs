// A pendulum from its formula, stepped by leapfrog with the compiled gradient: the energy error stays bounded.
import { compile } from "hnnc";

const { gradient, hamiltonian, separable } = compile("p^2/(2 m l^2) - m g l cos(q); m = 0.5; l = 2; g = 9.81");
console.log(`T(p) + V(q): ${separable}`);

const dt = 0.01;
const x = new Float64Array([1, 0]);
const g = new Float64Array(2);
const start = hamiltonian(x);
let worst = 0;
for (let step = 0; step < 100_000; step++) {
  x[1] -= (dt / 2) * gradient(x, g)[0];
  x[0] += dt * gradient(x, g)[1];
  x[1] -= (dt / 2) * gradient(x, g)[0];
  worst = Math.max(worst, Math.abs(hamiltonian(x) / start - 1));
}
console.log(`largest relative energy error in 1000 time units: ${worst.toExponential(1)}`);
