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

function vectorOf(values, base) {
  const vector = base ? base.slice() : new Float64Array([...places.values()].reduce((size, [, n]) => size + n, 0));
  for (const [name, value] of Object.entries(values)) {
    const place = places.get(name);
    if (!place) throw new Error(`unknown parameter ${JSON.stringify(name)}; known: ${[...places.keys()].join(", ")}`);
    const entries = typeof value === "number" ? new Array(place[1]).fill(value) : value === null ? [NaN] : value;
    if (entries.length !== place[1]) throw new Error(`parameter ${JSON.stringify(name)} needs ${place[1]} values`);
    vector.set(entries, place[0]);
  }
  return vector;
}

function parameters(params) {
  if (params instanceof Float64Array) return params;
  const vector = params === undefined ? defaults : vectorOf(params, defaults);
  if (!complete(vector)) {
    const missing = [...places].filter(([, [at, n]]) => vector.subarray(at, at + n).some(Number.isNaN));
    throw new Error(`these parameters have no default and must be given: ${missing.map(([name]) => name).join(", ")}`);
  }
  return vector;
}

const complete = Object.values(meta.parameters).includes(null) ? (vector) => !vector.some(Number.isNaN) : () => true;

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
