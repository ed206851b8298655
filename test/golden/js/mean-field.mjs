// H = sum(p[i]^2, i = 1..8)/2 + sum(1 - cos(q[i] - q[j]), i = 1..8, j = i+1..8)/8
// state x = [q[8], p[8]], field = [dH/dp, -dH/dq]

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[8],"p":[8]},
  dimension: 16,
  parameters: {},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "sum(p[i]^2, i = 1..8)/2 + sum(1 - cos(q[i] - q[j]), i = 1..8, j = i+1..8)/8",
};

/** The energy H(x). */
export function hamiltonian(x) {
  let v1 = 0;
  for (let i1 = 1; i1 <= 8; i1++) {
    const v2 = x[i1 + 7];
    v1 += v2 * v2;
  }
  let v3 = 0;
  for (let i2 = 1; i2 <= 8; i2++) {
    const v4 = x[i2 - 1];
    let v5 = 0;
    for (let i3 = i2 + 1; i3 <= 8; i3++) {
      v5 += 1 - Math.cos(v4 - x[i3 - 1]);
    }
    v3 += v5;
  }
  return 0.5 * v1 + 0.125 * v3;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(16)) {
  if (out === x) x = x.slice();
  out.fill(0);
  for (let i1 = 1; i1 <= 8; i1++) {
    out[i1 + 7] += x[i1 + 7];
  }
  for (let i2 = 1; i2 <= 8; i2++) {
    const v1 = x[i2 - 1];
    let v2 = 0;
    for (let i3 = i2 + 1; i3 <= 8; i3++) {
      const v3 = 0.125 * Math.sin(v1 - x[i3 - 1]);
      v2 += v3;
      out[i3 - 1] += -v3;
    }
    out[i2 - 1] += v2;
  }
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(16)) {
  if (out === x) x = x.slice();
  out.fill(0);
  for (let i1 = 1; i1 <= 8; i1++) {
    out[i1 - 1] += x[i1 + 7];
  }
  for (let i2 = 1; i2 <= 8; i2++) {
    const v1 = x[i2 - 1];
    let v2 = 0;
    for (let i3 = i2 + 1; i3 <= 8; i3++) {
      const v3 = 0.125 * Math.sin(v1 - x[i3 - 1]);
      v2 += v3;
      out[i3 + 7] += v3;
    }
    out[i2 + 7] += -v2;
  }
  return out;
}
