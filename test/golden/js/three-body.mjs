// H = (px1^2 + px2^2 + px3^2 + py1^2 + py2^2 + py3^2)/2 - 1/sqrt((qx1 - qx2)^2 + (qy1 - qy2)^2) - 1/sqrt((qx1 - qx3)^2 + (qy1 - qy3)^2) - 1/sqrt((qx2 - qx3)^2 + (qy2 - qy3)^2)
// state x = [qx1, qx2, qx3, qy1, qy2, qy3, px1, px2, px3, py1, py2, py3], field = [dH/dp, -dH/dq]

export const meta = {
  coordinates: ["qx1","qx2","qx3","qy1","qy2","qy3"],
  momenta: ["px1","px2","px3","py1","py2","py3"],
  shapes: {},
  dimension: 12,
  parameters: {},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "(px1^2 + px2^2 + px3^2 + py1^2 + py2^2 + py3^2)/2 - 1/sqrt((qx1 - qx2)^2 + (qy1 - qy2)^2) - 1/sqrt((qx1 - qx3)^2 + (qy1 - qy3)^2) - 1/sqrt((qx2 - qx3)^2 + (qy2 - qy3)^2)",
};

/** The energy H(x). */
export function hamiltonian(x) {
  const q1 = x[0];
  const q2 = x[1];
  const q3 = x[2];
  const q4 = x[3];
  const q5 = x[4];
  const q6 = x[5];
  const p1 = x[6];
  const p2 = x[7];
  const p3 = x[8];
  const p4 = x[9];
  const p5 = x[10];
  const p6 = x[11];
  const v1 = 0.5 * (p1 * p1 + p2 * p2 + p3 * p3 + p4 * p4 + p5 * p5 + p6 * p6);
  const v2 = q1 - q2;
  const v3 = q4 - q5;
  const v4 = q1 - q3;
  const v5 = q4 - q6;
  const v6 = v1 - 1 / Math.sqrt(v2 * v2 + v3 * v3) - 1 / Math.sqrt(v4 * v4 + v5 * v5);
  const v7 = q2 - q3;
  const v8 = q5 - q6;
  return v6 - 1 / Math.sqrt(v7 * v7 + v8 * v8);
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(12)) {
  const q1 = x[0];
  const q2 = x[1];
  const q3 = x[2];
  const q4 = x[3];
  const q5 = x[4];
  const q6 = x[5];
  const p1 = x[6];
  const p2 = x[7];
  const p3 = x[8];
  const p4 = x[9];
  const p5 = x[10];
  const p6 = x[11];
  const v1 = q1 - q3;
  const v2 = q4 - q6;
  const v3 = v1 * v1 + v2 * v2;
  const v4 = 1 / (v3 * Math.sqrt(v3));
  const v5 = v4 * v1;
  const v6 = q1 - q2;
  const v7 = q4 - q5;
  const v8 = v6 * v6 + v7 * v7;
  const v9 = 1 / (v8 * Math.sqrt(v8));
  const v10 = v9 * v6;
  const v11 = q2 - q3;
  const v12 = q5 - q6;
  const v13 = v11 * v11 + v12 * v12;
  const v14 = 1 / (v13 * Math.sqrt(v13));
  const v15 = v14 * v11;
  const v16 = v4 * v2;
  const v17 = v9 * v7;
  const v18 = v14 * v12;
  out[0] = v5 + v10;
  out[1] = v15 - v10;
  out[2] = -(v15 + v5);
  out[3] = v16 + v17;
  out[4] = v18 - v17;
  out[5] = -(v18 + v16);
  out[6] = p1;
  out[7] = p2;
  out[8] = p3;
  out[9] = p4;
  out[10] = p5;
  out[11] = p6;
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(12)) {
  const q1 = x[0];
  const q2 = x[1];
  const q3 = x[2];
  const q4 = x[3];
  const q5 = x[4];
  const q6 = x[5];
  const p1 = x[6];
  const p2 = x[7];
  const p3 = x[8];
  const p4 = x[9];
  const p5 = x[10];
  const p6 = x[11];
  const v1 = q1 - q3;
  const v2 = q4 - q6;
  const v3 = v1 * v1 + v2 * v2;
  const v4 = 1 / (v3 * Math.sqrt(v3));
  const v5 = v4 * v1;
  const v6 = q1 - q2;
  const v7 = q4 - q5;
  const v8 = v6 * v6 + v7 * v7;
  const v9 = 1 / (v8 * Math.sqrt(v8));
  const v10 = v9 * v6;
  const v11 = q2 - q3;
  const v12 = q5 - q6;
  const v13 = v11 * v11 + v12 * v12;
  const v14 = 1 / (v13 * Math.sqrt(v13));
  const v15 = v14 * v11;
  const v16 = v4 * v2;
  const v17 = v9 * v7;
  const v18 = v14 * v12;
  out[0] = p1;
  out[1] = p2;
  out[2] = p3;
  out[3] = p4;
  out[4] = p5;
  out[5] = p6;
  out[6] = -(v5 + v10);
  out[7] = v10 - v15;
  out[8] = v15 + v5;
  out[9] = -(v16 + v17);
  out[10] = v17 - v18;
  out[11] = v18 + v16;
  return out;
}
