// H = sum((p[i, 1]^2 + p[i, 2]^2 + p[i, 3]^2)/(2*m[i]), i = 1..4) - G*sum(m[i]*m[j]/sqrt((q[i, 1] - q[j, 1])^2 + (q[i, 2] - q[j, 2])^2 + (q[i, 3] - q[j, 3])^2), i = 1..4, j = i+1..4)
// state x = [q[4,3], p[4,3]], field = [dH/dp, -dH/dq]
// parameters: G = 1, m = [1, 0.8, 0.6, 0.5]

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[4,3],"p":[4,3]},
  dimension: 24,
  parameters: {"G":1,"m":[1,0.8,0.6,0.5]},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "sum((p[i, 1]^2 + p[i, 2]^2 + p[i, 3]^2)/(2*m[i]), i = 1..4) - G*sum(m[i]*m[j]/sqrt((q[i, 1] - q[j, 1])^2 + (q[i, 2] - q[j, 2])^2 + (q[i, 3] - q[j, 3])^2), i = 1..4, j = i+1..4)",
};

// c1 = G; c[1] … c[4] = m[1], m[2], m[3], m[4]
const places = new Map([["G",[0,1]],["m",[1,4]]]);
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
  const c1 = c[0];
  let v1 = 0;
  for (let i1 = 1; i1 <= 4; i1++) {
    const v2 = x[3 * i1 + 9];
    const v3 = x[3 * i1 + 10];
    const v4 = x[3 * i1 + 11];
    v1 += (v2 * v2 + v3 * v3 + v4 * v4) / (2 * c[i1]);
  }
  let v5 = 0;
  for (let i2 = 1; i2 <= 4; i2++) {
    const v6 = c[i2];
    const v7 = x[3 * i2 - 3];
    const v8 = x[3 * i2 - 2];
    const v9 = x[3 * i2 - 1];
    let v10 = 0;
    for (let i3 = i2 + 1; i3 <= 4; i3++) {
      const v11 = v7 - x[3 * i3 - 3];
      const v12 = v8 - x[3 * i3 - 2];
      const v13 = v9 - x[3 * i3 - 1];
      v10 += v6 * c[i3] / Math.sqrt(v11 * v11 + v12 * v12 + v13 * v13);
    }
    v5 += v10;
  }
  return v1 - c1 * v5;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(24), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const c1 = c[0];
  out.fill(0);
  for (let i1 = 1; i1 <= 4; i1++) {
    const v1 = c[i1];
    out[3 * i1 + 9] += x[3 * i1 + 9] / v1;
    out[3 * i1 + 10] += x[3 * i1 + 10] / v1;
    out[3 * i1 + 11] += x[3 * i1 + 11] / v1;
  }
  for (let i2 = 1; i2 <= 4; i2++) {
    const v2 = c[i2];
    const v3 = x[3 * i2 - 3];
    const v4 = x[3 * i2 - 2];
    const v5 = x[3 * i2 - 1];
    let v6 = 0;
    let v7 = 0;
    let v8 = 0;
    for (let i3 = i2 + 1; i3 <= 4; i3++) {
      const v9 = v3 - x[3 * i3 - 3];
      const v10 = v4 - x[3 * i3 - 2];
      const v11 = v5 - x[3 * i3 - 1];
      const v12 = v9 * v9 + v10 * v10 + v11 * v11;
      const v13 = c1 * (v2 * c[i3]) / (v12 * Math.sqrt(v12));
      const v14 = v13 * v9;
      const v15 = v13 * v10;
      const v16 = v13 * v11;
      v6 += v14;
      out[3 * i3 - 3] += -v14;
      v7 += v15;
      out[3 * i3 - 2] += -v15;
      v8 += v16;
      out[3 * i3 - 1] += -v16;
    }
    out[3 * i2 - 3] += v6;
    out[3 * i2 - 2] += v7;
    out[3 * i2 - 1] += v8;
  }
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(24), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const c1 = c[0];
  out.fill(0);
  for (let i1 = 1; i1 <= 4; i1++) {
    const v1 = c[i1];
    out[3 * i1 - 3] += x[3 * i1 + 9] / v1;
    out[3 * i1 - 2] += x[3 * i1 + 10] / v1;
    out[3 * i1 - 1] += x[3 * i1 + 11] / v1;
  }
  for (let i2 = 1; i2 <= 4; i2++) {
    const v2 = c[i2];
    const v3 = x[3 * i2 - 3];
    const v4 = x[3 * i2 - 2];
    const v5 = x[3 * i2 - 1];
    let v6 = 0;
    let v7 = 0;
    let v8 = 0;
    for (let i3 = i2 + 1; i3 <= 4; i3++) {
      const v9 = v3 - x[3 * i3 - 3];
      const v10 = v4 - x[3 * i3 - 2];
      const v11 = v5 - x[3 * i3 - 1];
      const v12 = v9 * v9 + v10 * v10 + v11 * v11;
      const v13 = c1 * (v2 * c[i3]) / (v12 * Math.sqrt(v12));
      const v14 = v13 * v9;
      const v15 = v13 * v10;
      const v16 = v13 * v11;
      v6 += v14;
      out[3 * i3 + 9] += v14;
      v7 += v15;
      out[3 * i3 + 10] += v15;
      v8 += v16;
      out[3 * i3 + 11] += v16;
    }
    out[3 * i2 + 9] += -v6;
    out[3 * i2 + 10] += -v7;
    out[3 * i2 + 11] += -v8;
  }
  return out;
}
