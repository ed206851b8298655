// H = (p_x^2 + p_y^2)/2 + (x^2 + y^2)/2 + lambda*(x^2*y - y^3/3)
// state x = [x, y, p_x, p_y], field = [dH/dp, -dH/dq]
// parameters: lambda = 1

export const meta = {
  coordinates: ["x","y"],
  momenta: ["p_x","p_y"],
  shapes: {},
  dimension: 4,
  parameters: {"lambda":1},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "(p_x^2 + p_y^2)/2 + (x^2 + y^2)/2 + lambda*(x^2*y - y^3/3)",
};

// c1 = lambda
const places = new Map([["lambda",[0,1]]]);
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
  const v1 = q1 * q1;
  const v2 = q2 * q2;
  const v3 = 0.5 * (p1 * p1 + p2 * p2) + 0.5 * (v1 + v2) + c1 * (v1 * q2 - v2 * q2 / 3);
  return v3;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(4), params) {
  const c = parameters(params);
  const q1 = x[0];
  const q2 = x[1];
  const p1 = x[2];
  const p2 = x[3];
  const c1 = c[0];
  out[0] = 2 * ((c1 * q2 + 0.5) * q1);
  out[1] = q1 * q1 * c1 - c1 * (q2 * q2) + q2;
  out[2] = p1;
  out[3] = p2;
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
  out[0] = p1;
  out[1] = p2;
  out[2] = -(2 * ((c1 * q2 + 0.5) * q1));
  out[3] = -(q1 * q1 * c1 - c1 * (q2 * q2) + q2);
  return out;
}
