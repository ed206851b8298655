// H = m*(((p_x + c*B*y/2)/m)^2 + ((p_y - c*B*x/2)/m)^2)/2 + p_z^2/(2*m) - c*E*z
// state x = [x, y, z, p_x, p_y, p_z], field = [dH/dp, -dH/dq]
// parameters: m = 1.5, c = 0.8, B = 2, E = 0.1

export const meta = {
  coordinates: ["x","y","z"],
  momenta: ["p_x","p_y","p_z"],
  shapes: {},
  dimension: 6,
  parameters: {"m":1.5,"c":0.8,"B":2,"E":0.1},
  separable: false,
  timeDependent: false,
  conservative: true,
  source: "m*(((p_x + c*B*y/2)/m)^2 + ((p_y - c*B*x/2)/m)^2)/2 + p_z^2/(2*m) - c*E*z",
};

// c1 = m; c2 = c; c3 = B; c4 = E
const places = new Map([["m",[0,1]],["c",[1,1]],["B",[2,1]],["E",[3,1]]]);
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
  const c4 = c[3];
  const v1 = c2 * c3;
  const v2 = (p1 + 0.5 * (v1 * q2)) / c1;
  const v3 = (p2 - 0.5 * (v1 * q1)) / c1;
  const v4 = 0.5 * (c1 * (v2 * v2 + v3 * v3)) + p3 * p3 / (2 * c1) - c2 * c4 * q3;
  return v4;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(6), params) {
  const c = parameters(params);
  const q1 = x[0];
  const q2 = x[1];
  const p1 = x[3];
  const p2 = x[4];
  const p3 = x[5];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const c4 = c[3];
  const v1 = c2 * c3;
  const v2 = (p2 - 0.5 * (v1 * q1)) / c1;
  const v3 = (p1 + 0.5 * (v1 * q2)) / c1;
  out[0] = -(0.5 * (v1 * v2));
  out[1] = 0.5 * (v1 * v3);
  out[2] = -(c2 * c4);
  out[3] = v3;
  out[4] = v2;
  out[5] = p3 / c1;
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(6), params) {
  const c = parameters(params);
  const q1 = x[0];
  const q2 = x[1];
  const p1 = x[3];
  const p2 = x[4];
  const p3 = x[5];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const c4 = c[3];
  const v1 = c2 * c3;
  const v2 = (p1 + 0.5 * (v1 * q2)) / c1;
  const v3 = (p2 - 0.5 * (v1 * q1)) / c1;
  out[0] = v2;
  out[1] = v3;
  out[2] = p3 / c1;
  out[3] = 0.5 * (v1 * v3);
  out[4] = -(0.5 * (v1 * v2));
  out[5] = c2 * c4;
  return out;
}
