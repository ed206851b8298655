// H = (px1^2 + px2^2 + py1^2 + py2^2)/2 - 1/sqrt((qx1 - qx2)^2 + (qy1 - qy2)^2)
// state x = [qx1, qx2, qy1, qy2, px1, px2, py1, py2], field = [dH/dp, -dH/dq]

export const meta = {
  coordinates: ["qx1","qx2","qy1","qy2"],
  momenta: ["px1","px2","py1","py2"],
  shapes: {},
  dimension: 8,
  parameters: {},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "(px1^2 + px2^2 + py1^2 + py2^2)/2 - 1/sqrt((qx1 - qx2)^2 + (qy1 - qy2)^2)",
};

/** The energy H(x). */
export function hamiltonian(x) {
  const q1 = x[0];
  const q2 = x[1];
  const q3 = x[2];
  const q4 = x[3];
  const p1 = x[4];
  const p2 = x[5];
  const p3 = x[6];
  const p4 = x[7];
  const v1 = q1 - q2;
  const v2 = q3 - q4;
  const v3 = 0.5 * (p1 * p1 + p2 * p2 + p3 * p3 + p4 * p4) - 1 / Math.sqrt(v1 * v1 + v2 * v2);
  return v3;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(8)) {
  const q1 = x[0];
  const q2 = x[1];
  const q3 = x[2];
  const q4 = x[3];
  const p1 = x[4];
  const p2 = x[5];
  const p3 = x[6];
  const p4 = x[7];
  const v1 = q1 - q2;
  const v2 = q3 - q4;
  const v3 = v1 * v1 + v2 * v2;
  const v4 = 1 / (v3 * Math.sqrt(v3));
  const v5 = v4 * v1;
  const v6 = v4 * v2;
  out[0] = v5;
  out[1] = -v5;
  out[2] = v6;
  out[3] = -v6;
  out[4] = p1;
  out[5] = p2;
  out[6] = p3;
  out[7] = p4;
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(8)) {
  const q1 = x[0];
  const q2 = x[1];
  const q3 = x[2];
  const q4 = x[3];
  const p1 = x[4];
  const p2 = x[5];
  const p3 = x[6];
  const p4 = x[7];
  const v1 = q1 - q2;
  const v2 = q3 - q4;
  const v3 = v1 * v1 + v2 * v2;
  const v4 = 1 / (v3 * Math.sqrt(v3));
  const v5 = v4 * v1;
  const v6 = v4 * v2;
  out[0] = p1;
  out[1] = p2;
  out[2] = p3;
  out[3] = p4;
  out[4] = -v5;
  out[5] = v5;
  out[6] = -v6;
  out[7] = v6;
  return out;
}
