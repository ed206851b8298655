// H = exp(-gamma*t)*p^2/(2*m) + exp(gamma*t)*m*w^2*q^2/2
// state x = [q, p], field = [dH/dp, -dH/dq]
// parameters: m = 2, w = 1.5, gamma = 0.1

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {},
  dimension: 2,
  parameters: {"m":2,"w":1.5,"gamma":0.1},
  separable: true,
  timeDependent: true,
  conservative: true,
  source: "exp(-gamma*t)*p^2/(2*m) + exp(gamma*t)*m*w^2*q^2/2",
};

// c1 = m; c2 = w; c3 = gamma
const places = new Map([["m",[0,1]],["w",[1,1]],["gamma",[2,1]]]);
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
export function hamiltonian(x, params, t = 0) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[1];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const v1 = c3 * t;
  const v2 = Math.exp(-v1) * (p1 * p1) / (2 * c1) + 0.5 * (Math.exp(v1) * c1 * (c2 * c2) * (q1 * q1));
  return v2;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(2), params, t = 0) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[1];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const v1 = c3 * t;
  out[0] = Math.exp(v1) * c1 * (c2 * c2) * q1;
  out[1] = Math.exp(-v1) / c1 * p1;
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(2), params, t = 0) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[1];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const v1 = c3 * t;
  out[0] = Math.exp(-v1) / c1 * p1;
  out[1] = -(Math.exp(v1) * c1 * (c2 * c2) * q1);
  return out;
}
