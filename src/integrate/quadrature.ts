/** A rule ∫₀¹ f ≈ Σ weights · f(nodes). */
export interface Quadrature {
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
}

/**
 * The Gauss–Legendre rules of 1 … 4 nodes on [0, 1]; the rule of s nodes has order 2s.
 * NIST Handbook of Mathematical Functions, table 3.5.1 ff. (https://dlmf.nist.gov/3.5).
 */
const rules: readonly Quadrature[] = [
  { nodes: [0.5], weights: [1] },
  { nodes: [0.21132486540518713, 0.7886751345948129], weights: [0.5, 0.5] },
  { nodes: [0.1127016653792583, 0.5, 0.8872983346207417], weights: [5 / 18, 4 / 9, 5 / 18] },
  {
    nodes: [0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970262],
    weights: [0.17392742256872692, 0.32607257743127305, 0.32607257743127305, 0.17392742256872692],
  },
];

/** The rule with the fewest nodes whose order is at least `order` (up to 8). */
export function gaussLegendre(order: number): Quadrature {
  return rules[Math.min(rules.length, Math.ceil(order / 2)) - 1]!;
}

/**
 * w[i][j] with ∫₁^(1+cᵢ) P ≈ Σⱼ w[i][j] P(cⱼ), exact where P has fewer degrees than there are nodes c: the integral
 * over the next step from the values in this one.
 */
export function extrapolationWeights(c: readonly number[]): number[][] {
  return c.map((end) => c.map((node) => integralOfLagrange(c, node, end)));
}

function integralOfLagrange(c: readonly number[], node: number, end: number): number {
  let coefficients = [1];
  for (const other of c) {
    if (other === node) continue;
    const scaled = coefficients.map((value) => value / (node - other));
    coefficients = [0, ...scaled].map((value, degree) => value - other * (scaled[degree] ?? 0));
  }
  return coefficients.reduce((sum, value, degree) => sum + (value * ((1 + end) ** (degree + 1) - 1)) / (degree + 1), 0);
}
