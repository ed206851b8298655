// H = sum(p[i]^2, i = 1..5)/2 + sum(exp(q[i] - q[i+1]), i = 1..4)
// state x = [q[5], p[5]], field = [dH/dp, -dH/dq]

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[5],"p":[5]},
  dimension: 10,
  parameters: {},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "sum(p[i]^2, i = 1..5)/2 + sum(exp(q[i] - q[i+1]), i = 1..4)",
};

/** The energy H(x). */
export function hamiltonian(x) {
  let v1 = 0;
  for (let i1 = 1; i1 <= 5; i1++) {
    const v2 = x[i1 + 4];
    v1 += v2 * v2;
  }
  let v3 = 0;
  for (let i2 = 1; i2 <= 4; i2++) {
    v3 += Math.exp(x[i2 - 1] - x[i2]);
  }
  return 0.5 * v1 + v3;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(10)) {
  if (out === x) x = x.slice();
  out.fill(0);
  for (let i1 = 1; i1 <= 5; i1++) {
    out[i1 + 4] += x[i1 + 4];
  }
  for (let i2 = 1; i2 <= 4; i2++) {
    const v1 = Math.exp(x[i2 - 1] - x[i2]);
    out[i2 - 1] += v1;
    out[i2] += -v1;
  }
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(10)) {
  if (out === x) x = x.slice();
  out.fill(0);
  for (let i1 = 1; i1 <= 5; i1++) {
    out[i1 - 1] += x[i1 + 4];
  }
  for (let i2 = 1; i2 <= 4; i2++) {
    const v1 = Math.exp(x[i2 - 1] - x[i2]);
    out[i2 + 4] += -v1;
    out[i2 + 5] += v1;
  }
  return out;
}
