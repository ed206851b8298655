// H = sum(p[i, 1]^2 + p[i, 2]^2, i = 1..3)/2 - sum(1/sqrt((q[i, 1] - q[j, 1])^2 + (q[i, 2] - q[j, 2])^2), i = 1..3, j = i+1..3)
// state x = [q[3,2], p[3,2]], field = [dH/dp, -dH/dq]

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[3,2],"p":[3,2]},
  dimension: 12,
  parameters: {},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "sum(p[i, 1]^2 + p[i, 2]^2, i = 1..3)/2 - sum(1/sqrt((q[i, 1] - q[j, 1])^2 + (q[i, 2] - q[j, 2])^2), i = 1..3, j = i+1..3)",
};

/** The energy H(x). */
export function hamiltonian(x) {
  let v1 = 0;
  for (let i1 = 1; i1 <= 3; i1++) {
    const v2 = x[2 * i1 + 4];
    const v3 = x[2 * i1 + 5];
    v1 += v2 * v2 + v3 * v3;
  }
  let v4 = 0;
  for (let i2 = 1; i2 <= 3; i2++) {
    const v5 = x[2 * i2 - 2];
    const v6 = x[2 * i2 - 1];
    let v7 = 0;
    for (let i3 = i2 + 1; i3 <= 3; i3++) {
      const v8 = v5 - x[2 * i3 - 2];
      const v9 = v6 - x[2 * i3 - 1];
      v7 += 1 / Math.sqrt(v8 * v8 + v9 * v9);
    }
    v4 += v7;
  }
  return 0.5 * v1 - v4;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(12)) {
  if (out === x) x = x.slice();
  out.fill(0);
  for (let i1 = 1; i1 <= 3; i1++) {
    out[2 * i1 + 4] += x[2 * i1 + 4];
    out[2 * i1 + 5] += x[2 * i1 + 5];
  }
  for (let i2 = 1; i2 <= 3; i2++) {
    const v1 = x[2 * i2 - 2];
    const v2 = x[2 * i2 - 1];
    let v3 = 0;
    let v4 = 0;
    for (let i3 = i2 + 1; i3 <= 3; i3++) {
      const v5 = v1 - x[2 * i3 - 2];
      const v6 = v2 - x[2 * i3 - 1];
      const v7 = v5 * v5 + v6 * v6;
      const v8 = 1 / (v7 * Math.sqrt(v7));
      const v9 = v8 * v5;
      const v10 = v8 * v6;
      v3 += v9;
      out[2 * i3 - 2] += -v9;
      v4 += v10;
      out[2 * i3 - 1] += -v10;
    }
    out[2 * i2 - 2] += v3;
    out[2 * i2 - 1] += v4;
  }
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(12)) {
  if (out === x) x = x.slice();
  out.fill(0);
  for (let i1 = 1; i1 <= 3; i1++) {
    out[2 * i1 - 2] += x[2 * i1 + 4];
    out[2 * i1 - 1] += x[2 * i1 + 5];
  }
  for (let i2 = 1; i2 <= 3; i2++) {
    const v1 = x[2 * i2 - 2];
    const v2 = x[2 * i2 - 1];
    let v3 = 0;
    let v4 = 0;
    for (let i3 = i2 + 1; i3 <= 3; i3++) {
      const v5 = v1 - x[2 * i3 - 2];
      const v6 = v2 - x[2 * i3 - 1];
      const v7 = v5 * v5 + v6 * v6;
      const v8 = 1 / (v7 * Math.sqrt(v7));
      const v9 = v8 * v5;
      const v10 = v8 * v6;
      v3 += v9;
      out[2 * i3 + 4] += v9;
      v4 += v10;
      out[2 * i3 + 5] += v10;
    }
    out[2 * i2 + 4] += -v3;
    out[2 * i2 + 5] += -v4;
  }
  return out;
}
