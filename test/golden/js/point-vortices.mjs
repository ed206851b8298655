// H = -sum(c[i]*c[j]*log((q[i] - q[j])^2 + (p[i]/c[i] - p[j]/c[j])^2), i = 1..4, j = i+1..4)/(4*pi)
// state x = [q[4], p[4]], field = [dH/dp, -dH/dq]
// parameters: c = [1, 1.5, -0.7, 0.8]

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[4],"p":[4]},
  dimension: 8,
  parameters: {"c":[1,1.5,-0.7,0.8]},
  separable: false,
  timeDependent: false,
  conservative: true,
  source: "-sum(c[i]*c[j]*log((q[i] - q[j])^2 + (p[i]/c[i] - p[j]/c[j])^2), i = 1..4, j = i+1..4)/(4*pi)",
};

// c[0] … c[3] = c[1], c[2], c[3], c[4]
const places = new Map([["c",[0,4]]]);
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
  let v1 = 0;
  for (let i1 = 1; i1 <= 4; i1++) {
    const v2 = c[i1 - 1];
    const v3 = x[i1 - 1];
    const v4 = x[i1 + 3] / v2;
    let v5 = 0;
    for (let i2 = i1 + 1; i2 <= 4; i2++) {
      const v6 = c[i2 - 1];
      const v7 = v3 - x[i2 - 1];
      const v8 = v4 - x[i2 + 3] / v6;
      v5 += v2 * v6 * Math.log(v7 * v7 + v8 * v8);
    }
    v1 += v5;
  }
  return -(v1 / 12.566370614359172);
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(8), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  out.fill(0);
  for (let i1 = 1; i1 <= 4; i1++) {
    const v1 = c[i1 - 1];
    const v2 = x[i1 - 1];
    const v3 = x[i1 + 3] / v1;
    let v4 = 0;
    let v5 = 0;
    for (let i2 = i1 + 1; i2 <= 4; i2++) {
      const v6 = c[i2 - 1];
      const v7 = v2 - x[i2 - 1];
      const v8 = v3 - x[i2 + 3] / v6;
      const v9 = v1 * v6 / (3.141592653589793 * (v7 * v7 + v8 * v8));
      const v10 = 0.5 * (v9 * v7);
      const v11 = v9 * v8;
      v4 += v10;
      out[i2 - 1] += v10;
      v5 += 0.5 * v11;
      out[i2 + 3] += v11 / (2 * v6);
    }
    out[i1 - 1] += -v4;
    out[i1 + 3] += -(v5 / v1);
  }
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(8), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  out.fill(0);
  for (let i1 = 1; i1 <= 4; i1++) {
    const v1 = c[i1 - 1];
    const v2 = x[i1 - 1];
    const v3 = x[i1 + 3] / v1;
    let v4 = 0;
    let v5 = 0;
    for (let i2 = i1 + 1; i2 <= 4; i2++) {
      const v6 = c[i2 - 1];
      const v7 = v2 - x[i2 - 1];
      const v8 = v3 - x[i2 + 3] / v6;
      const v9 = v1 * v6 / (3.141592653589793 * (v7 * v7 + v8 * v8));
      const v10 = 0.5 * (v9 * v7);
      const v11 = v9 * v8;
      v4 += v10;
      out[i2 + 3] += -v10;
      v5 += 0.5 * v11;
      out[i2 - 1] += v11 / (2 * v6);
    }
    out[i1 + 3] += v4;
    out[i1 - 1] += -(v5 / v1);
  }
  return out;
}
