// H = sum((p[i, 1]^2 + p[i, 2]^2)/(2*m[i]), i = 1..7) - sum(m[i]*m[j]/sqrt((q[i, 1] - q[j, 1])^2 + (q[i, 2] - q[j, 2])^2), i = 1..7, j = i+1..7)
// state x = [q[7,2], p[7,2]], field = [dH/dp, -dH/dq]
// parameters: m = [1, 2, 3, 4, 5, 6, 7]

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[7,2],"p":[7,2]},
  dimension: 28,
  parameters: {"m":[1,2,3,4,5,6,7]},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "sum((p[i, 1]^2 + p[i, 2]^2)/(2*m[i]), i = 1..7) - sum(m[i]*m[j]/sqrt((q[i, 1] - q[j, 1])^2 + (q[i, 2] - q[j, 2])^2), i = 1..7, j = i+1..7)",
};

// c[0] … c[6] = m
const places = new Map([["m",[0,7]]]);
const defaults = vectorOf(meta.parameters);
const required = [...places.keys()].filter((name) => meta.parameters[name] === null);

function vectorOf(values, base) {
  const size = [...places.values()].reduce((sum, [, n]) => sum + n, 0);
  const vector = base ? base.slice() : new Float64Array(size).fill(NaN);
  for (const [name, value] of Object.entries(values)) {
    const place = places.get(name);
    if (!place) throw new Error(`unknown parameter ${JSON.stringify(name)}; known: ${[...places.keys()].join(", ")}`);
    if (value === undefined || value === null) continue;
    const entries = typeof value === "number" ? new Array(place[1]).fill(value) : value;
    const isVector = Array.isArray(entries) || ArrayBuffer.isView(entries);
    if (!isVector || entries.length !== place[1]) {
      throw new Error(`parameter ${JSON.stringify(name)} needs ${place[1]} values`);
    }
    vector.set(entries, place[0]);
  }
  return vector;
}

function parameters(params) {
  if (params === undefined && required.length === 0) return defaults;
  if (params instanceof Float64Array) {
    if (params.length === defaults.length) return params;
    throw new Error(`the parameter vector needs ${defaults.length} numbers, got ${params.length}`);
  }
  const vector = params === undefined ? defaults : vectorOf(params, defaults);
  const missing = required.filter((name) => {
    const [at, n] = places.get(name);
    return vector.subarray(at, at + n).some(Number.isNaN);
  });
  if (missing.length === 0) return vector;
  throw new Error(`these parameters have no default and must be given: ${missing.join(", ")}`);
}

/** The energy H(x). */
export function hamiltonian(x, params) {
  const c = parameters(params);
  let v1 = 0;
  for (let i1 = 1; i1 <= 7; i1++) {
    const v2 = x[2 * i1 + 12];
    const v3 = x[2 * i1 + 13];
    v1 += (v2 * v2 + v3 * v3) / (2 * c[i1 - 1]);
  }
  let v4 = 0;
  for (let i2 = 1; i2 <= 7; i2++) {
    const v5 = c[i2 - 1];
    const v6 = x[2 * i2 - 2];
    const v7 = x[2 * i2 - 1];
    let v8 = 0;
    for (let i3 = i2 + 1; i3 <= 7; i3++) {
      const v9 = v6 - x[2 * i3 - 2];
      const v10 = v7 - x[2 * i3 - 1];
      v8 += v5 * c[i3 - 1] / Math.sqrt(v9 * v9 + v10 * v10);
    }
    v4 += v8;
  }
  return v1 - v4;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(28), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  out.fill(0);
  for (let i1 = 1; i1 <= 7; i1++) {
    const v1 = c[i1 - 1];
    out[2 * i1 + 12] += x[2 * i1 + 12] / v1;
    out[2 * i1 + 13] += x[2 * i1 + 13] / v1;
  }
  for (let i2 = 1; i2 <= 7; i2++) {
    const v2 = c[i2 - 1];
    const v3 = x[2 * i2 - 2];
    const v4 = x[2 * i2 - 1];
    let v5 = 0;
    let v6 = 0;
    for (let i3 = i2 + 1; i3 <= 7; i3++) {
      const v7 = v3 - x[2 * i3 - 2];
      const v8 = v4 - x[2 * i3 - 1];
      const v9 = v7 * v7 + v8 * v8;
      const v10 = v2 * c[i3 - 1] / (v9 * Math.sqrt(v9));
      const v11 = v10 * v7;
      const v12 = v10 * v8;
      v5 += v11;
      out[2 * i3 - 2] += -v11;
      v6 += v12;
      out[2 * i3 - 1] += -v12;
    }
    out[2 * i2 - 2] += v5;
    out[2 * i2 - 1] += v6;
  }
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(28), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  out.fill(0);
  for (let i1 = 1; i1 <= 7; i1++) {
    const v1 = c[i1 - 1];
    out[2 * i1 - 2] += x[2 * i1 + 12] / v1;
    out[2 * i1 - 1] += x[2 * i1 + 13] / v1;
  }
  for (let i2 = 1; i2 <= 7; i2++) {
    const v2 = c[i2 - 1];
    const v3 = x[2 * i2 - 2];
    const v4 = x[2 * i2 - 1];
    let v5 = 0;
    let v6 = 0;
    for (let i3 = i2 + 1; i3 <= 7; i3++) {
      const v7 = v3 - x[2 * i3 - 2];
      const v8 = v4 - x[2 * i3 - 1];
      const v9 = v7 * v7 + v8 * v8;
      const v10 = v2 * c[i3 - 1] / (v9 * Math.sqrt(v9));
      const v11 = v10 * v7;
      const v12 = v10 * v8;
      v5 += v11;
      out[2 * i3 + 12] += v11;
      v6 += v12;
      out[2 * i3 + 13] += v12;
    }
    out[2 * i2 + 12] += -v5;
    out[2 * i2 + 13] += -v6;
  }
  return out;
}
