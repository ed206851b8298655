// H = (p_x^2 + p_y^2 + p_z^2)/(2*m) - w_c*(x*p_y - y*p_x)/2 + m*(w_c^2/8 - w_z^2/4)*(x^2 + y^2) + m*w_z^2*z^2/2
// state x = [x, y, z, p_x, p_y, p_z], field = [dH/dp, -dH/dq]
// parameters: m = 1.5, w_c = 4, w_z = 1

export const meta = {
  coordinates: ["x","y","z"],
  momenta: ["p_x","p_y","p_z"],
  shapes: {},
  dimension: 6,
  parameters: {"m":1.5,"w_c":4,"w_z":1},
  separable: false,
  timeDependent: false,
  conservative: true,
  source: "(p_x^2 + p_y^2 + p_z^2)/(2*m) - w_c*(x*p_y - y*p_x)/2 + m*(w_c^2/8 - w_z^2/4)*(x^2 + y^2) + m*w_z^2*z^2/2",
};

// c1 = m; c2 = w_c; c3 = w_z
const places = new Map([["m",[0,1]],["w_c",[1,1]],["w_z",[2,1]]]);
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
  const q3 = x[2];
  const p1 = x[3];
  const p2 = x[4];
  const p3 = x[5];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const v1 = (p1 * p1 + p2 * p2 + p3 * p3) / (2 * c1) - 0.5 * (c2 * (q1 * p2 - q2 * p1));
  const v2 = c3 * c3;
  const v3 = v1 + c1 * (0.125 * (c2 * c2) - 0.25 * v2) * (q1 * q1 + q2 * q2);
  return v3 + 0.5 * (c1 * v2 * (q3 * q3));
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(6), params) {
  const c = parameters(params);
  const q1 = x[0];
  const q2 = x[1];
  const q3 = x[2];
  const p1 = x[3];
  const p2 = x[4];
  const p3 = x[5];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const v1 = c3 * c3;
  const v2 = c1 * (0.125 * (c2 * c2) - 0.25 * v1);
  out[0] = 2 * (v2 * q1) - 0.5 * (c2 * p2);
  out[1] = 2 * (v2 * q2) + 0.5 * (c2 * p1);
  out[2] = c1 * v1 * q3;
  out[3] = 0.5 * (q2 * c2) + p1 / c1;
  out[4] = p2 / c1 - 0.5 * (q1 * c2);
  out[5] = p3 / c1;
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(6), params) {
  const c = parameters(params);
  const q1 = x[0];
  const q2 = x[1];
  const q3 = x[2];
  const p1 = x[3];
  const p2 = x[4];
  const p3 = x[5];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const v1 = c3 * c3;
  const v2 = c1 * (0.125 * (c2 * c2) - 0.25 * v1);
  out[0] = 0.5 * (q2 * c2) + p1 / c1;
  out[1] = p2 / c1 - 0.5 * (q1 * c2);
  out[2] = p3 / c1;
  out[3] = 0.5 * (c2 * p2) - 2 * (v2 * q1);
  out[4] = -(2 * (v2 * q2) + 0.5 * (c2 * p1));
  out[5] = -(c1 * v1 * q3);
  return out;
}
