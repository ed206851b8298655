// H = (p_x^2 + p_y^2)/2 + y*p_x - x*p_y - 1/sqrt(x^2 + y^2) - x^2 + y^2/2
// state x = [x, y, p_x, p_y], field = [dH/dp, -dH/dq]

export const meta = {
  coordinates: ["x","y"],
  momenta: ["p_x","p_y"],
  shapes: {},
  dimension: 4,
  parameters: {},
  separable: false,
  timeDependent: false,
  conservative: true,
  source: "(p_x^2 + p_y^2)/2 + y*p_x - x*p_y - 1/sqrt(x^2 + y^2) - x^2 + y^2/2",
};

/** The energy H(x). */
export function hamiltonian(x) {
  const q1 = x[0];
  const q2 = x[1];
  const p1 = x[2];
  const p2 = x[3];
  const v1 = q1 * q1;
  const v2 = q2 * q2;
  const v3 = 0.5 * (p1 * p1 + p2 * p2) + q2 * p1 - q1 * p2 - 1 / Math.sqrt(v1 + v2);
  return v3 - v1 + 0.5 * v2;
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(4)) {
  const q1 = x[0];
  const q2 = x[1];
  const p1 = x[2];
  const p2 = x[3];
  const v1 = q1 * q1 + q2 * q2;
  const v2 = 1 / (2 * (v1 * Math.sqrt(v1)));
  out[0] = 2 * (((-1) + v2) * q1) - p2;
  out[1] = 2 * ((0.5 + v2) * q2) + p1;
  out[2] = q2 + p1;
  out[3] = p2 - q1;
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(4)) {
  const q1 = x[0];
  const q2 = x[1];
  const p1 = x[2];
  const p2 = x[3];
  const v1 = q1 * q1 + q2 * q2;
  const v2 = 1 / (2 * (v1 * Math.sqrt(v1)));
  out[0] = q2 + p1;
  out[1] = p2 - q1;
  out[2] = p2 - 2 * (((-1) + v2) * q1);
  out[3] = -(2 * ((0.5 + v2) * q2) + p1);
  return out;
}
