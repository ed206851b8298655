// H = sqrt(m^2*c^4 + p^2*c^2) + k*q^2/2
// state x = [q, p], field = [dH/dp, -dH/dq]
// parameters: m = 1.5, c = 1, k = 2

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {},
  dimension: 2,
  parameters: {"m":1.5,"c":1,"k":2},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "sqrt(m^2*c^4 + p^2*c^2) + k*q^2/2",
};

// c1 = m; c2 = c; c3 = k
const places = new Map([["m",[0,1]],["c",[1,1]],["k",[2,1]]]);
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
  const p1 = x[1];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const v1 = c2 * c2;
  const v2 = Math.sqrt(c1 * c1 * (v1 * v1) + p1 * p1 * v1) + 0.5 * (c3 * (q1 * q1));
  return v2;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(2), params) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[1];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const v1 = c2 * c2;
  out[0] = c3 * q1;
  out[1] = 1 / Math.sqrt(c1 * c1 * (v1 * v1) + p1 * p1 * v1) * v1 * p1;
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(2), params) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[1];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const v1 = c2 * c2;
  out[0] = 1 / Math.sqrt(c1 * c1 * (v1 * v1) + p1 * p1 * v1) * v1 * p1;
  out[1] = -(c3 * q1);
  return out;
}
