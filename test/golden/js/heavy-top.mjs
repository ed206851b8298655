// H = p_theta^2/(2*I_1) + (p_phi - p_psi*cos(theta))^2/(2*I_1*sin(theta)^2) + p_psi^2/(2*I_3) + m*g*l*cos(theta)
// state x = [theta, phi, psi, p_theta, p_phi, p_psi], field = [dH/dp, -dH/dq]
// parameters: I_1 = 1.2, I_3 = 0.5, m = 0.8, g = 9.81, l = 0.3

export const meta = {
  coordinates: ["theta","phi","psi"],
  momenta: ["p_theta","p_phi","p_psi"],
  shapes: {},
  dimension: 6,
  parameters: {"I_1":1.2,"I_3":0.5,"m":0.8,"g":9.81,"l":0.3},
  separable: false,
  timeDependent: false,
  conservative: true,
  source: "p_theta^2/(2*I_1) + (p_phi - p_psi*cos(theta))^2/(2*I_1*sin(theta)^2) + p_psi^2/(2*I_3) + m*g*l*cos(theta)",
};

// c1 = I_1; c2 = I_3; c3 = m; c4 = g; c5 = l
const places = new Map([["I_1",[0,1]],["I_3",[1,1]],["m",[2,1]],["g",[3,1]],["l",[4,1]]]);
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
  const p1 = x[3];
  const p2 = x[4];
  const p3 = x[5];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const c4 = c[3];
  const c5 = c[4];
  const v1 = Math.sin(q1);
  const v2 = Math.cos(q1);
  const v3 = p2 - p3 * v2;
  const v4 = p1 * p1 / (2 * c1) + v3 * v3 / (2 * (c1 * (v1 * v1))) + p3 * p3 / (2 * c2);
  return v4 + c3 * c4 * c5 * v2;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(6), params) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[3];
  const p2 = x[4];
  const p3 = x[5];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const c4 = c[3];
  const c5 = c[4];
  const v1 = Math.sin(q1);
  const v2 = Math.cos(q1);
  const v3 = p2 - p3 * v2;
  const v4 = c1 * (v1 * v1);
  const v5 = 1 / v4 * v3;
  const v6 = c1 * (v3 * v3 / (v4 * v4)) * v1 * v2 + (c3 * c4 * c5 - p3 * v5) * v1;
  out[0] = -v6;
  out[1] = 0;
  out[2] = 0;
  out[3] = p1 / c1;
  out[4] = v5;
  out[5] = p3 / c2 - v5 * v2;
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(6), params) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[3];
  const p2 = x[4];
  const p3 = x[5];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const c4 = c[3];
  const c5 = c[4];
  const v1 = Math.sin(q1);
  const v2 = Math.cos(q1);
  const v3 = c1 * (v1 * v1);
  const v4 = p2 - p3 * v2;
  const v5 = 1 / v3 * v4;
  const v6 = c1 * (v4 * v4 / (v3 * v3)) * v1 * v2 + (c3 * c4 * c5 - p3 * v5) * v1;
  out[0] = p1 / c1;
  out[1] = v5;
  out[2] = p3 / c2 - v5 * v2;
  out[3] = v6;
  out[4] = 0;
  out[5] = 0;
  return out;
}
