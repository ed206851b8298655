// H = (p_x^2 + p_y^2)/(2*m) + sum(A[i]*exp(a[i]*(x - u[i])^2 + b[i]*(x - u[i])*(y - v[i]) + c[i]*(y - v[i])^2), i = 1..4)
// state x = [x, y, p_x, p_y], field = [dH/dp, -dH/dq]
// parameters: m = 1, A = [-2, -1, -1.7, 0.15], a = [-1, -1, -6.5, 0.7], b = [0, 0, 11, 0.6], c = [-10, -10, -6.5, 0.7], u = [1, 0, -0.5, -1], v = [0, 0.5, 1.5, 1]

export const meta = {
  coordinates: ["x","y"],
  momenta: ["p_x","p_y"],
  shapes: {},
  dimension: 4,
  parameters: {"m":1,"A":[-2,-1,-1.7,0.15],"a":[-1,-1,-6.5,0.7],"b":[0,0,11,0.6],"c":[-10,-10,-6.5,0.7],"u":[1,0,-0.5,-1],"v":[0,0.5,1.5,1]},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "(p_x^2 + p_y^2)/(2*m) + sum(A[i]*exp(a[i]*(x - u[i])^2 + b[i]*(x - u[i])*(y - v[i]) + c[i]*(y - v[i])^2), i = 1..4)",
};

// c1 = m; c[1] … c[4] = A[1], A[2], A[3], A[4]; c[5] … c[8] = a[1], a[2], a[3], a[4]; c[9] … c[12] = b[1], b[2], b[3], b[4]; c[13] … c[16] = c[1], c[2], c[3], c[4]; c[17] … c[20] = u[1], u[2], u[3], u[4]; c[21] … c[24] = v[1], v[2], v[3], v[4]
const places = new Map([["m",[0,1]],["A",[1,4]],["a",[5,4]],["b",[9,4]],["c",[13,4]],["u",[17,4]],["v",[21,4]]]);
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
  let v1 = 0;
  for (let i1 = 1; i1 <= 4; i1++) {
    const v2 = q1 - c[i1 + 16];
    const v3 = q2 - c[i1 + 20];
    const v4 = c[i1 + 4] * (v2 * v2) + c[i1 + 8] * v2 * v3 + c[i1 + 12] * (v3 * v3);
    v1 += c[i1] * Math.exp(v4);
  }
  return (p1 * p1 + p2 * p2) / (2 * c1) + v1;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(4), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const q1 = x[0];
  const q2 = x[1];
  const p1 = x[2];
  const p2 = x[3];
  const c1 = c[0];
  let v1 = 0;
  let v2 = 0;
  for (let i1 = 1; i1 <= 4; i1++) {
    const v3 = c[i1 + 8];
    const v4 = c[i1 + 4];
    const v5 = q1 - c[i1 + 16];
    const v6 = v3 * v5;
    const v7 = q2 - c[i1 + 20];
    const v8 = c[i1 + 12];
    const v9 = c[i1] * Math.exp(v4 * (v5 * v5) + v6 * v7 + v8 * (v7 * v7));
    v1 += v3 * (v9 * v7) + 2 * (v4 * v9 * v5);
    v2 += 2 * (v8 * v9 * v7) + v6 * v9;
  }
  out[0] = v1;
  out[1] = v2;
  out[2] = p1 / c1;
  out[3] = p2 / c1;
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(4), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const q1 = x[0];
  const q2 = x[1];
  const p1 = x[2];
  const p2 = x[3];
  const c1 = c[0];
  let v1 = 0;
  let v2 = 0;
  for (let i1 = 1; i1 <= 4; i1++) {
    const v3 = c[i1 + 8];
    const v4 = c[i1 + 4];
    const v5 = q1 - c[i1 + 16];
    const v6 = v3 * v5;
    const v7 = q2 - c[i1 + 20];
    const v8 = c[i1 + 12];
    const v9 = c[i1] * Math.exp(v4 * (v5 * v5) + v6 * v7 + v8 * (v7 * v7));
    v1 += v3 * (v9 * v7) + 2 * (v4 * v9 * v5);
    v2 += 2 * (v8 * v9 * v7) + v6 * v9;
  }
  out[0] = p1 / c1;
  out[1] = p2 / c1;
  out[2] = -v1;
  out[3] = -v2;
  return out;
}
