// H = sum(cosh(p[i])*prod(sqrt(1 + g^2/(q[i] - q[j])^2), j = 1..3, j != i), i = 1..3)
// state x = [q[3], p[3]], field = [dH/dp, -dH/dq]
// parameters: g = 0.8

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {"q":[3],"p":[3]},
  dimension: 6,
  parameters: {"g":0.8},
  separable: false,
  timeDependent: false,
  conservative: true,
  source: "sum(cosh(p[i])*prod(sqrt(1 + g^2/(q[i] - q[j])^2), j = 1..3, j != i), i = 1..3)",
};

// c1 = g
const places = new Map([["g",[0,1]]]);
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
  const v1 = c1 * c1;
  let v2 = 0;
  for (let i1 = 1; i1 <= 3; i1++) {
    const v3 = x[i1 - 1];
    let v4 = 1;
    for (let i2 = 1; i2 <= 3; i2++) {
      if (i2 === i1) continue;
      const v5 = v3 - x[i2 - 1];
      v4 *= Math.sqrt(1 + v1 / (v5 * v5));
    }
    v2 += Math.cosh(x[i1 + 2]) * v4;
  }
  return v2;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(6), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const c1 = c[0];
  out.fill(0);
  const v1 = c1 * c1;
  for (let i1 = 1; i1 <= 3; i1++) {
    const v2 = x[i1 - 1];
    const v3 = x[i1 + 2];
    const v4 = Math.cosh(v3);
    let v5 = 1;
    for (let i2 = 1; i2 <= 3; i2++) {
      if (i2 === i1) continue;
      const v6 = v2 - x[i2 - 1];
      const v7 = v6 * v6;
      const v8 = Math.sqrt(1 + v1 / v7);
      let v9 = 1;
      for (let i5 = 1; i5 <= 3; i5++) {
        if (i5 === i1 || i5 === i2) continue;
        const v10 = v2 - x[i5 - 1];
        v9 *= Math.sqrt(1 + v1 / (v10 * v10));
      }
      v5 *= v8;
      out[i2 - 1] += v4 * v9 * v1 / (v8 * v7 * v7) * v6;
    }
    let v11 = 0;
    for (let i3 = 1; i3 <= 3; i3++) {
      if (i3 === i1) continue;
      const v12 = v2 - x[i3 - 1];
      const v13 = v12 * v12;
      let v14 = 1;
      for (let i4 = 1; i4 <= 3; i4++) {
        if (i4 === i1 || i4 === i3) continue;
        const v15 = v2 - x[i4 - 1];
        v14 *= Math.sqrt(1 + v1 / (v15 * v15));
      }
      v11 += v4 * v14 * v1 / (Math.sqrt(1 + v1 / v13) * v13 * v13) * v12;
    }
    out[i1 + 2] += v5 * Math.sinh(v3);
    out[i1 - 1] += -v11;
  }
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(6), params) {
  if (out === x) x = x.slice();
  const c = parameters(params);
  const c1 = c[0];
  out.fill(0);
  const v1 = c1 * c1;
  for (let i1 = 1; i1 <= 3; i1++) {
    const v2 = x[i1 - 1];
    const v3 = x[i1 + 2];
    const v4 = Math.cosh(v3);
    let v5 = 1;
    for (let i2 = 1; i2 <= 3; i2++) {
      if (i2 === i1) continue;
      const v6 = v2 - x[i2 - 1];
      const v7 = v6 * v6;
      const v8 = Math.sqrt(1 + v1 / v7);
      let v9 = 1;
      for (let i5 = 1; i5 <= 3; i5++) {
        if (i5 === i1 || i5 === i2) continue;
        const v10 = v2 - x[i5 - 1];
        v9 *= Math.sqrt(1 + v1 / (v10 * v10));
      }
      v5 *= v8;
      out[i2 + 2] += -(v4 * v9 * v1 / (v8 * v7 * v7) * v6);
    }
    let v11 = 0;
    for (let i3 = 1; i3 <= 3; i3++) {
      if (i3 === i1) continue;
      const v12 = v2 - x[i3 - 1];
      const v13 = v12 * v12;
      let v14 = 1;
      for (let i4 = 1; i4 <= 3; i4++) {
        if (i4 === i1 || i4 === i3) continue;
        const v15 = v2 - x[i4 - 1];
        v14 *= Math.sqrt(1 + v1 / (v15 * v15));
      }
      v11 += v4 * v14 * v1 / (Math.sqrt(1 + v1 / v13) * v13 * v13) * v12;
    }
    out[i1 - 1] += v5 * Math.sinh(v3);
    out[i1 + 2] += v11;
  }
  return out;
}
