// H = (p_x^2 + p_y^2)/2 - k1/sqrt((x + c)^2 + y^2) - k2/sqrt((x - c)^2 + y^2)
// state x = [x, y, p_x, p_y], field = [dH/dp, -dH/dq]
// parameters: k1 = 1, k2 = 0.6, c = 1

export const meta = {
  coordinates: ["x","y"],
  momenta: ["p_x","p_y"],
  shapes: {},
  dimension: 4,
  parameters: {"k1":1,"k2":0.6,"c":1},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "(p_x^2 + p_y^2)/2 - k1/sqrt((x + c)^2 + y^2) - k2/sqrt((x - c)^2 + y^2)",
};

// c1 = k1; c2 = k2; c3 = c
const places = new Map([["k1",[0,1]],["k2",[1,1]],["c",[2,1]]]);
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
  const v1 = q1 + c3;
  const v2 = q2 * q2;
  const v3 = q1 - c3;
  const v4 = 0.5 * (p1 * p1 + p2 * p2) - c1 / Math.sqrt(v1 * v1 + v2) - c2 / Math.sqrt(v3 * v3 + v2);
  return v4;
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
  const v1 = q1 - c3;
  const v2 = q2 * q2;
  const v3 = v1 * v1 + v2;
  const v4 = v3 * Math.sqrt(v3);
  const v5 = q1 + c3;
  const v6 = v5 * v5 + v2;
  const v7 = v6 * Math.sqrt(v6);
  out[0] = c2 / v4 * v1 + c1 / v7 * v5;
  out[1] = 2 * ((c2 / (2 * v4) + c1 / (2 * v7)) * q2);
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
  const v1 = q1 - c3;
  const v2 = q2 * q2;
  const v3 = v1 * v1 + v2;
  const v4 = v3 * Math.sqrt(v3);
  const v5 = q1 + c3;
  const v6 = v5 * v5 + v2;
  const v7 = v6 * Math.sqrt(v6);
  out[0] = p1;
  out[1] = p2;
  out[2] = -(c2 / v4 * v1 + c1 / v7 * v5);
  out[3] = -(2 * ((c2 / (2 * v4) + c1 / (2 * v7)) * q2));
  return out;
}
