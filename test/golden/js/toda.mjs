// H = sum(p[i]^2/2 + exp(q[i] - q[i+1]), i = 1..6)
// state x = [q[6], p[6]], field = [dH/dp, -dH/dq]

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[6],"p":[6]},
  dimension: 12,
  parameters: {},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "sum(p[i]^2/2 + exp(q[i] - q[i+1]), i = 1..6)",
};

/** The energy H(x). */
export function hamiltonian(x) {
  let v1 = 0;
  for (let i1 = 1; i1 <= 6; i1++) {
    const v2 = x[i1 + 5];
    const v3 = 0.5 * (v2 * v2) + Math.exp(x[i1 - 1] - x[((((i1) % 6) + 6) % 6)]);
    v1 += v3;
  }
  return v1;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(12)) {
  if (out === x) x = x.slice();
  out.fill(0);
  for (let i1 = 1; i1 <= 6; i1++) {
    const v1 = Math.exp(x[i1 - 1] - x[((((i1) % 6) + 6) % 6)]);
    out[i1 + 5] += x[i1 + 5];
    out[i1 - 1] += v1;
    out[((((i1) % 6) + 6) % 6)] += -v1;
  }
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(12)) {
  if (out === x) x = x.slice();
  out.fill(0);
  for (let i1 = 1; i1 <= 6; i1++) {
    const v1 = Math.exp(x[i1 - 1] - x[((((i1) % 6) + 6) % 6)]);
    out[i1 - 1] += x[i1 + 5];
    out[i1 + 5] += -v1;
    out[((((i1) % 6) + 6) % 6) + 6] += v1;
  }
  return out;
}
