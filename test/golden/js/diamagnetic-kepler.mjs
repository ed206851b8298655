// H = (p_rho^2 + p_z^2)/2 + l^2/(2*rho^2) - 1/sqrt(rho^2 + z^2) + b^2*rho^2/8
// state x = [rho, z, p_rho, p_z], field = [dH/dp, -dH/dq]
// parameters: l = 0.2, b = 0.5

export const meta = {
  coordinates: ["rho","z"],
  momenta: ["p_rho","p_z"],
  shapes: {},
  dimension: 4,
  parameters: {"l":0.2,"b":0.5},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "(p_rho^2 + p_z^2)/2 + l^2/(2*rho^2) - 1/sqrt(rho^2 + z^2) + b^2*rho^2/8",
};

// c1 = l; c2 = b
const places = new Map([["l",[0,1]],["b",[1,1]]]);
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
  const v1 = q1 * q1;
  const v2 = 0.5 * (p1 * p1 + p2 * p2) + c1 * c1 / (2 * v1) - 1 / Math.sqrt(v1 + q2 * q2);
  return v2 + 0.125 * (c2 * c2 * v1);
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
  const v1 = q1 * q1;
  const v2 = v1 + q2 * q2;
  const v3 = v2 * Math.sqrt(v2);
  const v4 = (0.125 * (c2 * c2) + 1 / (2 * v3) - c1 * c1 / (2 * (v1 * v1))) * q1;
  out[0] = 2 * v4;
  out[1] = 1 / v3 * q2;
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
  const c2 = c[1];
  const v1 = q1 * q1;
  const v2 = v1 + q2 * q2;
  const v3 = v2 * Math.sqrt(v2);
  const v4 = (0.125 * (c2 * c2) + 1 / (2 * v3) - c1 * c1 / (2 * (v1 * v1))) * q1;
  out[0] = p1;
  out[1] = p2;
  out[2] = -(2 * v4);
  out[3] = -(1 / v3 * q2);
  return out;
}
