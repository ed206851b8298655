// H = p^2/2 - cos(q) - A*q*cos(w*t)
// state x = [q, p], field = [dH/dp, -dH/dq - damping*dH/dp + force]
// parameters: A = 1.5, w = 0.6666666666666666, b = 0.5

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {},
  dimension: 2,
  parameters: {"A":1.5,"w":0.6666666666666666,"b":0.5},
  separable: true,
  timeDependent: true,
  conservative: false,
  source: "p^2/2 - cos(q) - A*q*cos(w*t)",
};

// c1 = A; c2 = w; c3 = b
const places = new Map([["A",[0,1]],["w",[1,1]],["b",[2,1]]]);
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
export function hamiltonian(x, params, t = 0) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[1];
  const c1 = c[0];
  const c2 = c[1];
  return 0.5 * (p1 * p1) - Math.cos(q1) - c1 * q1 * Math.cos(c2 * t);
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(2), params, t = 0) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[1];
  const c1 = c[0];
  const c2 = c[1];
  out[0] = Math.sin(q1) - c1 * Math.cos(c2 * t);
  out[1] = p1;
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
  out[0] = p1;
  out[1] = c1 * Math.cos(c2 * t) - Math.sin(q1) - c3 * p1;
  return out;
}
