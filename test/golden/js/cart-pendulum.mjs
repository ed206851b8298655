// H = (m*l^2*p_x^2 - 2*m*l*p_x*p_theta*cos(theta) + (M + m)*p_theta^2)/(2*m*l^2*(M + m*sin(theta)^2)) - m*g*l*cos(theta)
// state x = [x, theta, p_x, p_theta], field = [dH/dp, -dH/dq]
// parameters: M = 1.2, m = 0.4, l = 0.7, g = 9.81

export const meta = {
  coordinates: ["x","theta"],
  momenta: ["p_x","p_theta"],
  shapes: {},
  dimension: 4,
  parameters: {"M":1.2,"m":0.4,"l":0.7,"g":9.81},
  separable: false,
  timeDependent: false,
  conservative: true,
  source: "(m*l^2*p_x^2 - 2*m*l*p_x*p_theta*cos(theta) + (M + m)*p_theta^2)/(2*m*l^2*(M + m*sin(theta)^2)) - m*g*l*cos(theta)",
};

// c1 = M; c2 = m; c3 = l; c4 = g
const places = new Map([["M",[0,1]],["m",[1,1]],["l",[2,1]],["g",[3,1]]]);
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
  const q2 = x[1];
  const p1 = x[2];
  const p2 = x[3];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const c4 = c[3];
  const v1 = c2 * (c3 * c3);
  const v2 = Math.sin(q2);
  const v3 = Math.cos(q2);
  const v4 = v1 * (p1 * p1) - 2 * (c2 * c3 * p1 * p2 * v3) + (c1 + c2) * (p2 * p2);
  return v4 / (2 * (v1 * (c1 + c2 * (v2 * v2)))) - c2 * c4 * c3 * v3;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(4), params) {
  const c = parameters(params);
  const q2 = x[1];
  const p1 = x[2];
  const p2 = x[3];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const c4 = c[3];
  const v1 = c2 * c3;
  const v2 = v1 * p1;
  const v3 = v2 * p2;
  const v4 = c2 * (c3 * c3);
  const v5 = Math.sin(q2);
  const v6 = Math.cos(q2);
  const v7 = v4 * (c1 + c2 * (v5 * v5));
  const v8 = 1 / v7;
  const v9 = c1 + c2;
  const v10 = (v4 * (p1 * p1) - 2 * (v3 * v6) + v9 * (p2 * p2)) / (v7 * v7);
  const v11 = v8 * v6;
  out[0] = 0;
  out[1] = (c2 * c4 * c3 + v3 * v8) * v5 - c2 * (v4 * v10) * v5 * v6;
  out[2] = v4 * v8 * p1 - v1 * (v11 * p2);
  out[3] = v9 * v8 * p2 - v2 * v11;
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(4), params) {
  const c = parameters(params);
  const q2 = x[1];
  const p1 = x[2];
  const p2 = x[3];
  const c1 = c[0];
  const c2 = c[1];
  const c3 = c[2];
  const c4 = c[3];
  const v1 = c2 * (c3 * c3);
  const v2 = Math.sin(q2);
  const v3 = Math.cos(q2);
  const v4 = v1 * (c1 + c2 * (v2 * v2));
  const v5 = 1 / v4;
  const v6 = c2 * c3;
  const v7 = v5 * v3;
  const v8 = c1 + c2;
  const v9 = v6 * p1;
  const v10 = v9 * p2;
  const v11 = (v1 * (p1 * p1) - 2 * (v10 * v3) + v8 * (p2 * p2)) / (v4 * v4);
  out[0] = v1 * v5 * p1 - v6 * (v7 * p2);
  out[1] = v8 * v5 * p2 - v9 * v7;
  out[2] = 0;
  out[3] = c2 * (v1 * v11) * v2 * v3 - (c2 * c4 * c3 + v10 * v5) * v2;
  return out;
}
