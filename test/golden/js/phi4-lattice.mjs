// H = sum(p[i]^2/2 + c*(q[i+1] - q[i])^2/2 + (q[i]^2 - 1)^2/4, i = 1..8)
// state x = [q[8], p[8]], field = [dH/dp, -dH/dq]
// parameters: c = 0.5

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[8],"p":[8]},
  dimension: 16,
  parameters: {"c":0.5},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "sum(p[i]^2/2 + c*(q[i+1] - q[i])^2/2 + (q[i]^2 - 1)^2/4, i = 1..8)",
};

// c1 = c
const places = new Map([["c",[0,1]]]);
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
  for (let i1 = 1; i1 <= 8; i1++) {
    const v2 = x[i1 + 7];
    const v3 = x[i1 - 1];
    const v4 = x[((((i1) % 8) + 8) % 8)] - v3;
    const v5 = v3 * v3 - 1;
    v1 += 0.5 * (v2 * v2) + 0.5 * (c1 * (v4 * v4)) + 0.25 * (v5 * v5);
  }
  return v1;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(16), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const c1 = c[0];
  out.fill(0);
  for (let i1 = 1; i1 <= 8; i1++) {
    const v1 = x[i1 - 1];
    const v2 = c1 * (x[((((i1) % 8) + 8) % 8)] - v1);
    out[i1 + 7] += x[i1 + 7];
    out[((((i1) % 8) + 8) % 8)] += v2;
    out[i1 - 1] += (v1 * v1 - 1) * v1 - v2;
  }
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(16), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const c1 = c[0];
  out.fill(0);
  for (let i1 = 1; i1 <= 8; i1++) {
    const v1 = x[i1 - 1];
    const v2 = c1 * (x[((((i1) % 8) + 8) % 8)] - v1);
    out[i1 - 1] += x[i1 + 7];
    out[((((i1) % 8) + 8) % 8) + 8] += -v2;
    out[i1 + 7] += v2 - (v1 * v1 - 1) * v1;
  }
  return out;
}
