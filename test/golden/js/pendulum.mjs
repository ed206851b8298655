// H = p^2 + 3*(1 - cos(q))
// state x = [q, p], field = [dH/dp, -dH/dq]

export const meta = {
  coordinates: ["q"],
  momenta: ["p"],
  shapes: {},
  dimension: 2,
  parameters: {},
  separable: true,
  timeDependent: false,
  conservative: true,
  source: "p^2 + 3*(1 - cos(q))",
};

/** The energy H(x). */
export function hamiltonian(x) {
  const q1 = x[0];
  const p1 = x[1];
  return p1 * p1 + 3 * (1 - Math.cos(q1));
}

/** ∂H/∂x = [∂H/∂q, ∂H/∂p], written into `out`. */
export function gradient(x, out = new Float64Array(2)) {
  const q1 = x[0];
  const p1 = x[1];
  out[0] = 3 * Math.sin(q1);
  out[1] = 2 * p1;
  return out;
}

/** The rate of change of the state, written into `out`. */
export function field(x, out = new Float64Array(2)) {
  const q1 = x[0];
  const p1 = x[1];
  out[0] = 2 * p1;
  out[1] = -(3 * Math.sin(q1));
  return out;
}
