// H = sum(p[i]^2, i = 1..4)/2 + g^2*sum(1/(q[i] - q[j])^2, i = 1..4, j = i+1..4)
// state x = [q[4], p[4]], field = [dH/dp, -dH/dq]
// parameters: g = 1.2

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[4],"p":[4]},
  dimension: 8,
  parameters: {"g":1.2},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "sum(p[i]^2, i = 1..4)/2 + g^2*sum(1/(q[i] - q[j])^2, i = 1..4, j = i+1..4)",
};

// c1 = g
const places = new Map([["g",[0,1]]]);
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
    const v2 = x[i1 + 3];
    v1 += v2 * v2;
  }
  let v3 = 0;
  for (let i2 = 1; i2 <= 4; i2++) {
    const v4 = x[i2 - 1];
    let v5 = 0;
    for (let i3 = i2 + 1; i3 <= 4; i3++) {
      const v6 = v4 - x[i3 - 1];
      v5 += 1 / (v6 * v6);
    }
    v3 += v5;
  }
  return 0.5 * v1 + c1 * c1 * v3;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(8), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const c1 = c[0];
  out.fill(0);
  const v1 = c1 * c1;
  for (let i1 = 1; i1 <= 4; i1++) {
    out[i1 + 3] += x[i1 + 3];
  }
  for (let i2 = 1; i2 <= 4; i2++) {
    const v2 = x[i2 - 1];
    let v3 = 0;
    for (let i3 = i2 + 1; i3 <= 4; i3++) {
      const v4 = v2 - x[i3 - 1];
      const v5 = v4 * v4;
      const v6 = 2 * (v1 / (v5 * v5) * v4);
      v3 += v6;
      out[i3 - 1] += v6;
    }
    out[i2 - 1] += -v3;
  }
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(8), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const c1 = c[0];
  out.fill(0);
  const v1 = c1 * c1;
  for (let i1 = 1; i1 <= 4; i1++) {
    out[i1 - 1] += x[i1 + 3];
  }
  for (let i2 = 1; i2 <= 4; i2++) {
    const v2 = x[i2 - 1];
    let v3 = 0;
    for (let i3 = i2 + 1; i3 <= 4; i3++) {
      const v4 = v2 - x[i3 - 1];
      const v5 = v4 * v4;
      const v6 = 2 * (v1 / (v5 * v5) * v4);
      v3 += v6;
      out[i3 + 3] += -v6;
    }
    out[i2 + 3] += v3;
  }
  return out;
}
