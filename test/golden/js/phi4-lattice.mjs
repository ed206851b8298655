// H = sum(p[i]^2/2 + c*(q[i+1] - q[i])^2/2 + (q[i]^2 - 1)^2/4, i = 1..8)
// state x = [q[8], p[8]], field = [dH/dp, -dH/dq]
// parameters: c = 0.5

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[8],"p":[8]},
  dimension: 16,
  parameters: {"c":0.5},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "sum(p[i]^2/2 + c*(q[i+1] - q[i])^2/2 + (q[i]^2 - 1)^2/4, i = 1..8)",
};

// c1 = c
const places = new Map([["c",[0,1]]]);
const defaults = vectorOf(meta.parameters);

function vectorOf(values, base) {
  const vector = base ? base.slice() : new Float64Array([...places.values()].reduce((size, [, n]) => size + n, 0));
  for (const [name, value] of Object.entries(values)) {
    const place = places.get(name);
    if (!place) throw new Error(`unknown parameter ${JSON.stringify(name)}; known: ${[...places.keys()].join(", ")}`);
    const entries = typeof value === "number" ? new Array(place[1]).fill(value) : value === null ? [NaN] : value;
    if (entries.length !== place[1]) throw new Error(`parameter ${JSON.stringify(name)} needs ${place[1]} values`);
    vector.set(entries, place[0]);
  }
  return vector;
}

function parameters(params) {
  if (params instanceof Float64Array) return params;
  const vector = params === undefined ? defaults : vectorOf(params, defaults);
  if (!complete(vector)) {
    const missing = [...places].filter(([, [at, n]]) => vector.subarray(at, at + n).some(Number.isNaN));
    throw new Error(`these parameters have no default and must be given: ${missing.map(([name]) => name).join(", ")}`);
  }
  return vector;
}

const complete = Object.values(meta.parameters).includes(null) ? (vector) => !vector.some(Number.isNaN) : () => true;

/** The energy H(x). */
export function hamiltonian(x, params) {
  const c = parameters(params);
  const c1 = c[0];
  let v1 = 0;
  for (let i1 = 1; i1 <= 8; i1++) {
    const v2 = x[i1 + 7];
    const v3 = x[i1 - 1];
    const v4 = x[((((i1) % 8) + 8) % 8)] - v3;
    const v5 = v3 * v3 - 1;
    v1 += 0.5 * (v2 * v2) + 0.5 * (c1 * (v4 * v4)) + 0.25 * (v5 * v5);
  }
  return v1;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(16), params) {
  const c = parameters(params);
  const c1 = c[0];
  out.fill(0);
  for (let i1 = 1; i1 <= 8; i1++) {
    const v1 = x[i1 - 1];
    const v2 = c1 * (x[((((i1) % 8) + 8) % 8)] - v1);
    out[i1 + 7] += x[i1 + 7];
    out[((((i1) % 8) + 8) % 8)] += v2;
    out[i1 - 1] += (v1 * v1 - 1) * v1 - v2;
  }
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(16), params) {
  const c = parameters(params);
  const c1 = c[0];
  out.fill(0);
  for (let i1 = 1; i1 <= 8; i1++) {
    const v1 = x[i1 - 1];
    const v2 = c1 * (x[((((i1) % 8) + 8) % 8)] - v1);
    out[i1 - 1] += x[i1 + 7];
    out[((((i1) % 8) + 8) % 8) + 8] += -v2;
    out[i1 + 7] += v2 - (v1 * v1 - 1) * v1;
  }
  return out;
}
