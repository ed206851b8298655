// H = (p_x^2 + p_y^2)/2 + v0^2*log(R_c^2 + x^2 + y^2/s^2)/2
// state x = [x, y, p_x, p_y], field = [dH/dp, -dH/dq]
// parameters: v0 = 1, R_c = 0.14, s = 0.9

export const meta = {
  coordinates: ["x","y"],
  momenta: ["p_x","p_y"],
  shapes: {},
  dimension: 4,
  parameters: {"v0":1,"R_c":0.14,"s":0.9},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "(p_x^2 + p_y^2)/2 + v0^2*log(R_c^2 + x^2 + y^2/s^2)/2",
};

// c1 = v0; c2 = R_c; c3 = s
const places = new Map([["v0",[0,1]],["R_c",[1,1]],["s",[2,1]]]);
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
  const v1 = 0.5 * (c1 * c1 * Math.log(c2 * c2 + q1 * q1 + q2 * q2 / (c3 * c3)));
  return 0.5 * (p1 * p1 + p2 * p2) + v1;
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
  const v1 = c1 * c1;
  const v2 = c3 * c3;
  const v3 = c2 * c2 + q1 * q1 + q2 * q2 / v2;
  out[0] = v1 / v3 * q1;
  out[1] = v1 / (v3 * v2) * q2;
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
  const c3 = c[2];
  const v1 = c1 * c1;
  const v2 = c3 * c3;
  const v3 = c2 * c2 + q1 * q1 + q2 * q2 / v2;
  out[0] = p1;
  out[1] = p2;
  out[2] = -(v1 / v3 * q1);
  out[3] = -(v1 / (v3 * v2) * q2);
  return out;
}
