// H = (sin(l)^2/A + cos(l)^2/B)*(G^2 - L^2)/2 + L^2/(2*C)
// state x = [l, g, L, G], field = [dH/dp, -dH/dq]
// parameters: A = 1, B = 1.7, C = 2.4

export const meta = {
  coordinates: ["l","g"],
  momenta: ["L","G"],
  shapes: {},
  dimension: 4,
  parameters: {"A":1,"B":1.7,"C":2.4},
  separable: false,
  timeDependent: false,
  conservative: true,
  source: "(sin(l)^2/A + cos(l)^2/B)*(G^2 - L^2)/2 + L^2/(2*C)",
};

// c1 = A; c2 = B; c3 = C
const places = new Map([["A",[0,1]],["B",[1,1]],["C",[2,1]]]);
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
  const c3 = c[2];
  const v1 = Math.sin(q1);
  const v2 = Math.cos(q1);
  const v3 = p1 * p1;
  const v4 = 0.5 * ((v1 * v1 / c1 + v2 * v2 / c2) * (p2 * p2 - v3)) + v3 / (2 * c3);
  return v4;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(4), params) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[2];
  const p2 = x[3];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const v1 = p2 * p2 - p1 * p1;
  const v2 = Math.sin(q1);
  const v3 = Math.cos(q1);
  const v4 = v2 * v2 / c1 + v3 * v3 / c2;
  out[0] = v1 / c1 * v2 * v3 - v1 / c2 * v3 * v2;
  out[1] = 0;
  out[2] = 2 * ((1 / (2 * c3) - 0.5 * v4) * p1);
  out[3] = v4 * p2;
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
  const c3 = c[2];
  const v1 = Math.sin(q1);
  const v2 = Math.cos(q1);
  const v3 = v1 * v1 / c1 + v2 * v2 / c2;
  const v4 = p2 * p2 - p1 * p1;
  out[0] = 2 * ((1 / (2 * c3) - 0.5 * v3) * p1);
  out[1] = v3 * p2;
  out[2] = v4 / c2 * v2 * v1 - v4 / c1 * v1 * v2;
  out[3] = 0;
  return out;
}
