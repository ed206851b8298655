// H = p_r^2/(2*(M + m)) + p_theta^2/(2*m*r^2) + M*g*r - m*g*r*cos(theta)
// state x = [r, theta, p_r, p_theta], field = [dH/dp, -dH/dq]
// parameters: M = 2.5, m = 1, g = 9.81

export const meta = {
  coordinates: ["r","theta"],
  momenta: ["p_r","p_theta"],
  shapes: {},
  dimension: 4,
  parameters: {"M":2.5,"m":1,"g":9.81},
  separable: false,
  timeDependent: false,
  conservative: true,
  source: "p_r^2/(2*(M + m)) + p_theta^2/(2*m*r^2) + M*g*r - m*g*r*cos(theta)",
};

// c1 = M; c2 = m; c3 = g
const places = new Map([["M",[0,1]],["m",[1,1]],["g",[2,1]]]);
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
  const v1 = p1 * p1 / (2 * (c1 + c2)) + p2 * p2 / (2 * (c2 * (q1 * q1))) + c1 * c3 * q1;
  return v1 - c2 * c3 * q1 * Math.cos(q2);
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
  const v1 = c2 * c3;
  const v2 = c2 * (q1 * q1);
  const v3 = c1 * c3 - v1 * Math.cos(q2) - c2 * (p2 * p2 / (v2 * v2)) * q1;
  out[0] = v3;
  out[1] = v1 * q1 * Math.sin(q2);
  out[2] = 1 / (c1 + c2) * p1;
  out[3] = p2 / v2;
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
  const v1 = c2 * (q1 * q1);
  const v2 = c2 * c3;
  const v3 = c2 * (p2 * p2 / (v1 * v1)) * q1 - (c1 * c3 - v2 * Math.cos(q2));
  out[0] = 1 / (c1 + c2) * p1;
  out[1] = p2 / v1;
  out[2] = v3;
  out[3] = -(v2 * q1 * Math.sin(q2));
  return out;
}
