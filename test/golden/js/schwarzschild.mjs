// H = ((1 - 2*M/r)*p_r^2 + p_phi^2/r^2 - E^2/(1 - 2*M/r))/2
// state x = [r, phi, p_r, p_phi], field = [dH/dp, -dH/dq]
// parameters: M = 1, E = 0.97

export const meta = {
  coordinates: ["r","phi"],
  momenta: ["p_r","p_phi"],
  shapes: {},
  dimension: 4,
  parameters: {"M":1,"E":0.97},
  separable: false,
  timeDependent: false,
  conservative: true,
  source: "((1 - 2*M/r)*p_r^2 + p_phi^2/r^2 - E^2/(1 - 2*M/r))/2",
};

// c1 = M; c2 = E
const places = new Map([["M",[0,1]],["E",[1,1]]]);
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
  const p1 = x[2];
  const p2 = x[3];
  const c1 = c[0];
  const c2 = c[1];
  const v1 = 1 - 2 * c1 / q1;
  return 0.5 * (v1 * (p1 * p1) + p2 * p2 / (q1 * q1) - c2 * c2 / v1);
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(4), params) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[2];
  const p2 = x[3];
  const c1 = c[0];
  const c2 = c[1];
  const v1 = 1 - 2 * c1 / q1;
  const v2 = q1 * q1;
  const v3 = 2 * ((c2 * c2 / (2 * (v1 * v1)) + 0.5 * (p1 * p1)) * c1) / v2;
  out[0] = v3 - p2 * p2 / (v2 * v2) * q1;
  out[1] = 0;
  out[2] = v1 * p1;
  out[3] = p2 / v2;
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(4), params) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[2];
  const p2 = x[3];
  const c1 = c[0];
  const c2 = c[1];
  const v1 = 1 - 2 * c1 / q1;
  const v2 = q1 * q1;
  const v3 = 2 * ((c2 * c2 / (2 * (v1 * v1)) + 0.5 * (p1 * p1)) * c1) / v2;
  out[0] = v1 * p1;
  out[1] = p2 / v2;
  out[2] = p2 * p2 / (v2 * v2) * q1 - v3;
  out[3] = 0;
  return out;
}
