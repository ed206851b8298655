// H = p_z^2/(2*m) + p_theta^2/(2*I) + k*z^2/2 + delta*theta^2/2 + eps*z*theta/2
// state x = [z, theta, p_z, p_theta], field = [dH/dp, -dH/dq]
// parameters: m = 0.5, I = 0.0001, k = 2.8, delta = 0.00056, eps = 0.01

export const meta = {
  coordinates: ["z","theta"],
  momenta: ["p_z","p_theta"],
  shapes: {},
  dimension: 4,
  parameters: {"m":0.5,"I":0.0001,"k":2.8,"delta":0.00056,"eps":0.01},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "p_z^2/(2*m) + p_theta^2/(2*I) + k*z^2/2 + delta*theta^2/2 + eps*z*theta/2",
};

// c1 = m; c2 = I; c3 = k; c4 = delta; c5 = eps
const places = new Map([["m",[0,1]],["I",[1,1]],["k",[2,1]],["delta",[3,1]],["eps",[4,1]]]);
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
  const q2 = x[1];
  const p1 = x[2];
  const p2 = x[3];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const c4 = c[3];
  const c5 = c[4];
  const v1 = p1 * p1 / (2 * c1) + p2 * p2 / (2 * c2) + 0.5 * (c3 * (q1 * q1));
  return v1 + 0.5 * (c4 * (q2 * q2)) + 0.5 * (c5 * q1 * q2);
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(4), params) {
  const c = parameters(params);
  const q1 = x[0];
  const q2 = x[1];
  const p1 = x[2];
  const p2 = x[3];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const c4 = c[3];
  const c5 = c[4];
  out[0] = 0.5 * (c5 * q2) + c3 * q1;
  out[1] = 0.5 * (c5 * q1) + c4 * q2;
  out[2] = p1 / c1;
  out[3] = p2 / c2;
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(4), params) {
  const c = parameters(params);
  const q1 = x[0];
  const q2 = x[1];
  const p1 = x[2];
  const p2 = x[3];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const c4 = c[3];
  const c5 = c[4];
  out[0] = p1 / c1;
  out[1] = p2 / c2;
  out[2] = -(0.5 * (c5 * q2) + c3 * q1);
  out[3] = -(0.5 * (c5 * q1) + c4 * q2);
  return out;
}
