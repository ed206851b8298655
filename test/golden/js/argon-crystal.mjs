// H = sum(p[i, 1]^2 + p[i, 2]^2, i = 1..7)/(2*m) + sum(4*eps*((sigma^2/((q[i, 1] - q[j, 1])^2 + (q[i, 2] - q[j, 2])^2))^6 - (sigma^2/((q[i, 1] - q[j, 1])^2 + (q[i, 2] - q[j, 2])^2))^3), i = 1..7, j = i+1..7)
// state x = [q[7,2], p[7,2]], field = [dH/dp, -dH/dq]
// parameters: m = 0.004804955318406152, eps = 119.8, sigma = 0.341

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[7,2],"p":[7,2]},
  dimension: 28,
  parameters: {"m":0.004804955318406152,"eps":119.8,"sigma":0.341},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "sum(p[i, 1]^2 + p[i, 2]^2, i = 1..7)/(2*m) + sum(4*eps*((sigma^2/((q[i, 1] - q[j, 1])^2 + (q[i, 2] - q[j, 2])^2))^6 - (sigma^2/((q[i, 1] - q[j, 1])^2 + (q[i, 2] - q[j, 2])^2))^3), i = 1..7, j = i+1..7)",
};

// c1 = m; c2 = eps; c3 = sigma
const places = new Map([["m",[0,1]],["eps",[1,1]],["sigma",[2,1]]]);
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
  const c2 = c[1];
  const c3 = c[2];
  const v1 = c3 * c3;
  let v2 = 0;
  for (let i1 = 1; i1 <= 7; i1++) {
    const v3 = x[2 * i1 + 12];
    const v4 = x[2 * i1 + 13];
    v2 += v3 * v3 + v4 * v4;
  }
  let v5 = 0;
  for (let i2 = 1; i2 <= 7; i2++) {
    const v6 = x[2 * i2 - 2];
    const v7 = x[2 * i2 - 1];
    let v8 = 0;
    for (let i3 = i2 + 1; i3 <= 7; i3++) {
      const v9 = v6 - x[2 * i3 - 2];
      const v10 = v7 - x[2 * i3 - 1];
      const v11 = v1 / (v9 * v9 + v10 * v10);
      const v12 = v11 * v11 * v11;
      v8 += 4 * (c2 * (v12 * v12 - v12));
    }
    v5 += v8;
  }
  return v2 / (2 * c1) + v5;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(28), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  out.fill(0);
  const v1 = c3 * c3;
  for (let i1 = 1; i1 <= 7; i1++) {
    out[2 * i1 + 12] += x[2 * i1 + 12] / c1;
    out[2 * i1 + 13] += x[2 * i1 + 13] / c1;
  }
  for (let i2 = 1; i2 <= 7; i2++) {
    const v2 = x[2 * i2 - 2];
    const v3 = x[2 * i2 - 1];
    let v4 = 0;
    let v5 = 0;
    for (let i3 = i2 + 1; i3 <= 7; i3++) {
      const v6 = v2 - x[2 * i3 - 2];
      const v7 = v3 - x[2 * i3 - 1];
      const v8 = v6 * v6 + v7 * v7;
      const v9 = v1 / v8;
      const v10 = v9 * v9;
      const v11 = (24 * (c2 * (v10 * v10 * v9)) - 12 * (c2 * v10)) * v1 / (v8 * v8);
      const v12 = 2 * (v11 * v6);
      const v13 = 2 * (v11 * v7);
      v4 += v12;
      out[2 * i3 - 2] += v12;
      v5 += v13;
      out[2 * i3 - 1] += v13;
    }
    out[2 * i2 - 2] += -v4;
    out[2 * i2 - 1] += -v5;
  }
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(28), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  out.fill(0);
  const v1 = c3 * c3;
  for (let i1 = 1; i1 <= 7; i1++) {
    out[2 * i1 - 2] += x[2 * i1 + 12] / c1;
    out[2 * i1 - 1] += x[2 * i1 + 13] / c1;
  }
  for (let i2 = 1; i2 <= 7; i2++) {
    const v2 = x[2 * i2 - 2];
    const v3 = x[2 * i2 - 1];
    let v4 = 0;
    let v5 = 0;
    for (let i3 = i2 + 1; i3 <= 7; i3++) {
      const v6 = v2 - x[2 * i3 - 2];
      const v7 = v3 - x[2 * i3 - 1];
      const v8 = v6 * v6 + v7 * v7;
      const v9 = v1 / v8;
      const v10 = v9 * v9;
      const v11 = (24 * (c2 * (v10 * v10 * v9)) - 12 * (c2 * v10)) * v1 / (v8 * v8);
      const v12 = 2 * (v11 * v6);
      const v13 = 2 * (v11 * v7);
      v4 += v12;
      out[2 * i3 + 12] += -v12;
      v5 += v13;
      out[2 * i3 + 13] += -v13;
    }
    out[2 * i2 + 12] += v4;
    out[2 * i2 + 13] += v5;
  }
  return out;
}
