// H = p^2/2 - a*q^2/2 + b*q^4/4 - F*q*cos(w*t)
// state x = [q, p], field = [dH/dp, -dH/dq - damping*dH/dp + force]
// parameters: a = 1, b = 1, c = 0.3, F = 0.5, w = 1.2

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {},
  dimension: 2,
  parameters: {"a":1,"b":1,"c":0.3,"F":0.5,"w":1.2},
  separable: true,
  timeDependent: true,
  conservative: false,
  source: "p^2/2 - a*q^2/2 + b*q^4/4 - F*q*cos(w*t)",
};

// c1 = a; c2 = b; c3 = c; c4 = F; c5 = w
const places = new Map([["a",[0,1]],["b",[1,1]],["c",[2,1]],["F",[3,1]],["w",[4,1]]]);
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
  const c4 = c[3];
  const c5 = c[4];
  const v1 = q1 * q1;
  const v2 = 0.5 * (p1 * p1) - 0.5 * (c1 * v1) + 0.25 * (c2 * (v1 * v1)) - c4 * q1 * Math.cos(c5 * t);
  return v2;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(2), params, t = 0) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[1];
  const c1 = c[0];
  const c2 = c[1];
  const c4 = c[3];
  const c5 = c[4];
  out[0] = c2 * (q1 * q1 * q1) - c4 * Math.cos(c5 * t) - c1 * q1;
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
  const c4 = c[3];
  const c5 = c[4];
  const v1 = c1 * q1 - (c2 * (q1 * q1 * q1) - c4 * Math.cos(c5 * t)) - c3 * p1;
  out[0] = p1;
  out[1] = v1;
  return out;
}
