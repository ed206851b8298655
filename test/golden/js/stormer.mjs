// H = (p_rho^2 + p_z^2)/2 + (1/rho - rho/sqrt(rho^2 + z^2)^3)^2/2
// state x = [rho, z, p_rho, p_z], field = [dH/dp, -dH/dq]

export const meta = {
  coordinates: ["rho","z"],
  momenta: ["p_rho","p_z"],
  shapes: {},
  dimension: 4,
  parameters: {},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "(p_rho^2 + p_z^2)/2 + (1/rho - rho/sqrt(rho^2 + z^2)^3)^2/2",
};

/** The energy H(x). */
export function hamiltonian(x) {
  const q1 = x[0];
  const q2 = x[1];
  const p1 = x[2];
  const p2 = x[3];
  const v1 = Math.sqrt(q1 * q1 + q2 * q2);
  const v2 = 1 / q1 - q1 / (v1 * v1 * v1);
  return 0.5 * (p1 * p1 + p2 * p2) + 0.5 * (v2 * v2);
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(4)) {
  const q1 = x[0];
  const q2 = x[1];
  const p1 = x[2];
  const p2 = x[3];
  const v1 = q1 * q1;
  const v2 = v1 + q2 * q2;
  const v3 = Math.sqrt(v2);
  const v4 = v3 * v3 * v3;
  const v5 = q1 / v4;
  const v6 = 1 / q1;
  const v7 = v5 - v6;
  const v8 = v7 * q1 / (v2 * v2 * v2) * v2 / v3;
  out[0] = v7 / v4 - 3 * (v8 * q1) - (v6 - v5) / v1;
  out[1] = -(3 * (v8 * q2));
  out[2] = p1;
  out[3] = p2;
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(4)) {
  const q1 = x[0];
  const q2 = x[1];
  const p1 = x[2];
  const p2 = x[3];
  const v1 = 1 / q1;
  const v2 = q1 * q1;
  const v3 = v2 + q2 * q2;
  const v4 = Math.sqrt(v3);
  const v5 = v4 * v4 * v4;
  const v6 = q1 / v5;
  const v7 = v6 - v1;
  const v8 = v7 * q1 / (v3 * v3 * v3) * v3 / v4;
  out[0] = p1;
  out[1] = p2;
  out[2] = (v1 - v6) / v2 - (v7 / v5 - 3 * (v8 * q1));
  out[3] = 3 * (v8 * q2);
  return out;
}
