// H = -sum(c*(q[i]*q[i+1] + p[i]*p[i+1]) + gamma*(q[i]^2 + p[i]^2)^2/8, i = 1..6)
// state x = [q[6], p[6]], field = [dH/dp, -dH/dq]
// parameters: c = 0.8, gamma = 1.5

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[6],"p":[6]},
  dimension: 12,
  parameters: {"c":0.8,"gamma":1.5},
  separable: false,
  timeDependent: false,
  conservative: true,
  source: "-sum(c*(q[i]*q[i+1] + p[i]*p[i+1]) + gamma*(q[i]^2 + p[i]^2)^2/8, i = 1..6)",
};

// c1 = c; c2 = gamma
const places = new Map([["c",[0,1]],["gamma",[1,1]]]);
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
  const c1 = c[0];
  const c2 = c[1];
  let v1 = 0;
  for (let i1 = 1; i1 <= 6; i1++) {
    const v2 = x[i1 - 1];
    const v3 = x[i1 + 5];
    const v4 = v2 * x[((((i1) % 6) + 6) % 6)] + v3 * x[((((i1) % 6) + 6) % 6) + 6];
    const v5 = v2 * v2 + v3 * v3;
    v1 += c1 * v4 + 0.125 * (c2 * (v5 * v5));
  }
  return -v1;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(12), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const c1 = c[0];
  const c2 = c[1];
  out.fill(0);
  for (let i1 = 1; i1 <= 6; i1++) {
    const v1 = x[i1 - 1];
    const v2 = x[i1 + 5];
    const v3 = c2 * (v1 * v1 + v2 * v2);
    out[i1 - 1] += -(0.5 * (v3 * v1) + c1 * x[((((i1) % 6) + 6) % 6)]);
    out[((((i1) % 6) + 6) % 6)] += -(v1 * c1);
    out[i1 + 5] += -(0.5 * (v3 * v2) + c1 * x[((((i1) % 6) + 6) % 6) + 6]);
    out[((((i1) % 6) + 6) % 6) + 6] += -(v2 * c1);
  }
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(12), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const c1 = c[0];
  const c2 = c[1];
  out.fill(0);
  for (let i1 = 1; i1 <= 6; i1++) {
    const v1 = x[i1 - 1];
    const v2 = x[i1 + 5];
    const v3 = c2 * (v1 * v1 + v2 * v2);
    out[i1 + 5] += 0.5 * (v3 * v1) + c1 * x[((((i1) % 6) + 6) % 6)];
    out[((((i1) % 6) + 6) % 6) + 6] += v1 * c1;
    out[i1 - 1] += -(0.5 * (v3 * v2) + c1 * x[((((i1) % 6) + 6) % 6) + 6]);
    out[((((i1) % 6) + 6) % 6)] += -(v2 * c1);
  }
  return out;
}
