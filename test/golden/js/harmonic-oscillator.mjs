// H = p^2/(2*m) + k*q^2/2
// state x = [q, p], field = [dH/dp, -dH/dq]
// parameters: m = 2, k = 3

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {},
  dimension: 2,
  parameters: {"m":2,"k":3},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "p^2/(2*m) + k*q^2/2",
};

// c1 = m; c2 = k
const places = new Map([["m",[0,1]],["k",[1,1]]]);
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
  const q1 = x[0];
  const p1 = x[1];
  const c1 = c[0];
  const c2 = c[1];
  return p1 * p1 / (2 * c1) + 0.5 * (c2 * (q1 * q1));
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(2), params) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[1];
  const c1 = c[0];
  const c2 = c[1];
  out[0] = c2 * q1;
  out[1] = p1 / c1;
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(2), params) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[1];
  const c1 = c[0];
  const c2 = c[1];
  out[0] = p1 / c1;
  out[1] = -(c2 * q1);
  return out;
}
