// H = U*z^2/2 - sqrt(1 - z^2)*cos(phi)
// state x = [phi, z], field = [dH/dp, -dH/dq]
// parameters: U = 6

export const meta = {
  coordinates: ["phi"],
  momenta: ["z"],
  shapes: {},
  dimension: 2,
  parameters: {"U":6},
  separable: false,
  timeDependent: false,
  conservative: true,
  source: "U*z^2/2 - sqrt(1 - z^2)*cos(phi)",
};

// c1 = U
const places = new Map([["U",[0,1]]]);
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
  const v1 = p1 * p1;
  return 0.5 * (c1 * v1) - Math.sqrt(1 - v1) * Math.cos(q1);
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(2), params) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[1];
  const c1 = c[0];
  const v1 = Math.sqrt(1 - p1 * p1);
  out[0] = v1 * Math.sin(q1);
  out[1] = 2 * ((Math.cos(q1) / (2 * v1) + 0.5 * c1) * p1);
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(2), params) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[1];
  const c1 = c[0];
  const v1 = Math.sqrt(1 - p1 * p1);
  out[0] = 2 * ((Math.cos(q1) / (2 * v1) + 0.5 * c1) * p1);
  out[1] = -(v1 * Math.sin(q1));
  return out;
}
