// H = sum(p[i]^2/(2*m) + m*w^2*q[i]^2/2, i = 1..3) + k*sum(1/abs(q[i] - q[j]), i = 1..3, j = i+1..3)
// state x = [q[3], p[3]], field = [dH/dp, -dH/dq]
// parameters: m = 1.5, w = 1, k = 1.5

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[3],"p":[3]},
  dimension: 6,
  parameters: {"m":1.5,"w":1,"k":1.5},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "sum(p[i]^2/(2*m) + m*w^2*q[i]^2/2, i = 1..3) + k*sum(1/abs(q[i] - q[j]), i = 1..3, j = i+1..3)",
};

// c1 = m; c2 = w; c3 = k
const places = new Map([["m",[0,1]],["w",[1,1]],["k",[2,1]]]);
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
  const v1 = 2 * c1;
  const v2 = c1 * (c2 * c2);
  let v3 = 0;
  for (let i1 = 1; i1 <= 3; i1++) {
    const v4 = x[i1 + 2];
    const v5 = x[i1 - 1];
    v3 += v4 * v4 / v1 + 0.5 * (v2 * (v5 * v5));
  }
  let v6 = 0;
  for (let i2 = 1; i2 <= 3; i2++) {
    const v7 = x[i2 - 1];
    let v8 = 0;
    for (let i3 = i2 + 1; i3 <= 3; i3++) {
      v8 += 1 / Math.abs(v7 - x[i3 - 1]);
    }
    v6 += v8;
  }
  return v3 + c3 * v6;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(6), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  out.fill(0);
  const v1 = c1 * (c2 * c2);
  for (let i1 = 1; i1 <= 3; i1++) {
    out[i1 + 2] += x[i1 + 2] / c1;
    out[i1 - 1] += v1 * x[i1 - 1];
  }
  for (let i2 = 1; i2 <= 3; i2++) {
    const v2 = x[i2 - 1];
    let v3 = 0;
    for (let i3 = i2 + 1; i3 <= 3; i3++) {
      const v4 = v2 - x[i3 - 1];
      const v5 = c3 / (v4 * v4) * Math.sign(v4);
      out[i3 - 1] += v5;
      v3 += v5;
    }
    out[i2 - 1] += -v3;
  }
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(6), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  out.fill(0);
  const v1 = c1 * (c2 * c2);
  for (let i1 = 1; i1 <= 3; i1++) {
    out[i1 - 1] += x[i1 + 2] / c1;
    out[i1 + 2] += -(v1 * x[i1 - 1]);
  }
  for (let i2 = 1; i2 <= 3; i2++) {
    const v2 = x[i2 - 1];
    let v3 = 0;
    for (let i3 = i2 + 1; i3 <= 3; i3++) {
      const v4 = v2 - x[i3 - 1];
      const v5 = c3 / (v4 * v4) * Math.sign(v4);
      out[i3 + 2] += -v5;
      v3 += v5;
    }
    out[i2 + 2] += v3;
  }
  return out;
}
