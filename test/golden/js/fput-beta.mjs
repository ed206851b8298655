// H = sum(p[i]^2, i = 1..32)/2 + sum((if(i + 1 <= 32, q[i+1], 0) - if(1 <= i, q[i], 0))^2/2 + beta*(if(i + 1 <= 32, q[i+1], 0) - if(1 <= i, q[i], 0))^4/4, i = 0..32)
// state x = [q[32], p[32]], field = [dH/dp, -dH/dq]
// parameters: beta = 0.3

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[32],"p":[32]},
  dimension: 64,
  parameters: {"beta":0.3},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "sum(p[i]^2, i = 1..32)/2 + sum((if(i + 1 \u003c= 32, q[i+1], 0) - if(1 \u003c= i, q[i], 0))^2/2 + beta*(if(i + 1 \u003c= 32, q[i+1], 0) - if(1 \u003c= i, q[i], 0))^4/4, i = 0..32)",
};

// c1 = beta
const places = new Map([["beta",[0,1]]]);
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
  let v1 = 0;
  for (let i1 = 1; i1 <= 32; i1++) {
    const v2 = x[i1 + 31];
    v1 += v2 * v2;
  }
  let v3 = 0;
  for (let i2 = 0; i2 <= 32; i2++) {
    const v4 = i2;
    const v5 = (v4 + 1 <= 32 ? x[Math.min(Math.max(i2, 0), 31)] : 0) - (1 <= v4 ? x[Math.min(Math.max(i2 - 1, 0), 31)] : 0);
    const v6 = v5 * v5;
    v3 += 0.5 * v6 + 0.25 * (c1 * (v6 * v6));
  }
  return 0.5 * v1 + v3;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(64), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const c1 = c[0];
  out.fill(0);
  for (let i1 = 1; i1 <= 32; i1++) {
    out[i1 + 31] += x[i1 + 31];
  }
  for (let i2 = 0; i2 <= 32; i2++) {
    const v1 = i2;
    const v2 = v1 + 1 <= 32;
    const v3 = 1 <= v1;
    const v4 = (v2 ? x[Math.min(Math.max(i2, 0), 31)] : 0) - (v3 ? x[Math.min(Math.max(i2 - 1, 0), 31)] : 0);
    const v5 = c1 * (v4 * v4 * v4) + v4;
    out[Math.min(Math.max(i2, 0), 31)] += v2 ? v5 : 0;
    out[Math.min(Math.max(i2 - 1, 0), 31)] += v3 ? -v5 : 0;
  }
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(64), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const c1 = c[0];
  out.fill(0);
  for (let i1 = 1; i1 <= 32; i1++) {
    out[i1 - 1] += x[i1 + 31];
  }
  for (let i2 = 0; i2 <= 32; i2++) {
    const v1 = i2;
    const v2 = v1 + 1 <= 32;
    const v3 = 1 <= v1;
    const v4 = (v2 ? x[Math.min(Math.max(i2, 0), 31)] : 0) - (v3 ? x[Math.min(Math.max(i2 - 1, 0), 31)] : 0);
    const v5 = c1 * (v4 * v4 * v4) + v4;
    out[Math.min(Math.max(i2, 0), 31) + 32] += -(v2 ? v5 : 0);
    out[Math.min(Math.max(i2 - 1, 0), 31) + 32] += -(v3 ? -v5 : 0);
  }
  return out;
}
