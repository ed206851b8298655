// H = (m2*l2^2*p1^2 + (m1 + m2)*l1^2*p2^2 - 2*m2*l1*l2*p1*p2*cos(theta1 - theta2))/(2*m2*l1^2*l2^2*(m1 + m2*sin(theta1 - theta2)^2)) - (m1 + m2)*g*l1*cos(theta1) - m2*g*l2*cos(theta2)
// state x = [theta1, theta2, p1, p2], field = [dH/dp, -dH/dq]
// parameters: m1 = 1, m2 = 0.7, l1 = 1, l2 = 0.8, g = 9.81

export const meta = {
  coordinates: ["theta1","theta2"],
  momenta: ["p1","p2"],
  shapes: {},
  dimension: 4,
  parameters: {"m1":1,"m2":0.7,"l1":1,"l2":0.8,"g":9.81},
  separable: false,
  timeDependent: false,
  conservative: true,
  source: "(m2*l2^2*p1^2 + (m1 + m2)*l1^2*p2^2 - 2*m2*l1*l2*p1*p2*cos(theta1 - theta2))/(2*m2*l1^2*l2^2*(m1 + m2*sin(theta1 - theta2)^2)) - (m1 + m2)*g*l1*cos(theta1) - m2*g*l2*cos(theta2)",
};

// c1 = m1; c2 = m2; c3 = l1; c4 = l2; c5 = g
const places = new Map([["m1",[0,1]],["m2",[1,1]],["l1",[2,1]],["l2",[3,1]],["g",[4,1]]]);
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
  const c4 = c[3];
  const c5 = c[4];
  const v1 = c4 * c4;
  const v2 = c1 + c2;
  const v3 = c3 * c3;
  const v4 = q1 - q2;
  const v5 = Math.sin(v4);
  const v6 = c2 * v1 * (p1 * p1) + v2 * v3 * (p2 * p2) - 2 * (c2 * c3 * c4 * p1 * p2 * Math.cos(v4));
  const v7 = v6 / (2 * (c2 * v3 * v1 * (c1 + c2 * (v5 * v5)))) - v2 * c5 * c3 * Math.cos(q1);
  return v7 - c2 * c5 * c4 * Math.cos(q2);
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
  const c4 = c[3];
  const c5 = c[4];
  const v1 = c1 + c2;
  const v2 = c2 * c3 * c4;
  const v3 = v2 * p1;
  const v4 = v3 * p2;
  const v5 = c3 * c3;
  const v6 = c4 * c4;
  const v7 = c2 * v5 * v6;
  const v8 = q1 - q2;
  const v9 = Math.sin(v8);
  const v10 = Math.cos(v8);
  const v11 = v7 * (c1 + c2 * (v9 * v9));
  const v12 = 1 / v11;
  const v13 = v4 * v12 * v9;
  const v14 = c2 * v6;
  const v15 = v1 * v5;
  const v16 = (v14 * (p1 * p1) + v15 * (p2 * p2) - 2 * (v4 * v10)) / (v11 * v11);
  const v17 = c2 * (v7 * v16) * v9 * v10;
  const v18 = v12 * v10;
  out[0] = v1 * c5 * c3 * Math.sin(q1) + (v13 - v17);
  out[1] = c2 * c5 * c4 * Math.sin(q2) + (v17 - v13);
  out[2] = v14 * v12 * p1 - v2 * (v18 * p2);
  out[3] = v15 * v12 * p2 - v3 * v18;
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
  const c4 = c[3];
  const c5 = c[4];
  const v1 = c4 * c4;
  const v2 = c2 * v1;
  const v3 = c3 * c3;
  const v4 = c2 * v3 * v1;
  const v5 = q1 - q2;
  const v6 = Math.sin(v5);
  const v7 = Math.cos(v5);
  const v8 = v4 * (c1 + c2 * (v6 * v6));
  const v9 = 1 / v8;
  const v10 = c2 * c3 * c4;
  const v11 = v9 * v7;
  const v12 = c1 + c2;
  const v13 = v12 * v3;
  const v14 = v10 * p1;
  const v15 = v14 * p2;
  const v16 = v15 * v9 * v6;
  const v17 = (v2 * (p1 * p1) + v13 * (p2 * p2) - 2 * (v15 * v7)) / (v8 * v8);
  const v18 = c2 * (v4 * v17) * v6 * v7;
  out[0] = v2 * v9 * p1 - v10 * (v11 * p2);
  out[1] = v13 * v9 * p2 - v14 * v11;
  out[2] = -(v12 * c5 * c3 * Math.sin(q1) + (v16 - v18));
  out[3] = -(c2 * c5 * c4 * Math.sin(q2) + (v18 - v16));
  return out;
}
