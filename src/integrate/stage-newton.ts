import type { GaussScheme, Motion, Rate, Work } from "./integrator.ts";
import { linearSystem } from "./linear-system.ts";

/** Simplified Newton iteration for the stages of an implicit Runge–Kutta method: one Jacobian and one LU a step. */
export interface StageNewton {
  /** Linearises at the present state, in the middle of the step. Answers false where that is impossible. */
  begin(t: number, h: number): boolean;
  /** Replaces the fixed point's increments [stages, 2n] by Newton's: (I − h A ⊗ ∂f/∂x)⁻¹ · increments. */
  correct(increments: Float64Array): void;
}

export function stageNewton({ mu, b }: GaussScheme, motion: Motion, state: Float64Array, work: Work): StageNewton {
  const length = state.length;
  const size = b.length * length;
  const system = linearSystem(size);
  const jacobian = new Float64Array(length * length);
  const differentiate = motion.jacobian ?? differences(motion, work);
  return {
    begin(t, h) {
      differentiate(state, jacobian, t + h / 2);
      for (let row = 0; row < size; row++) {
        const [i, u] = [Math.floor(row / length), row % length];
        for (let column = 0; column < size; column++) {
          const [j, v] = [Math.floor(column / length), column % length];
          const slope = h * b[j]! * mu[i]![j]! * jacobian[u * length + v]!;
          system.matrix[row * size + column] = (row === column ? 1 : 0) - slope;
        }
      }
      return system.factorise();
    },
    correct: system.solve,
  };
}

/** The Jacobian of the field by forward differences: Newton's iteration corrects itself, so 8 digits are plenty. */
function differences({ field, degreesOfFreedom }: Motion, work: Work): Rate {
  const length = 2 * degreesOfFreedom;
  const [base, moved, at] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
  return (x, out, t) => {
    at.set(x);
    field(at, base, t);
    for (let j = 0; j < length; j++) {
      const shifted = x[j]! + 1.5e-8 * Math.max(Math.abs(x[j]!), 1e-3);
      at[j] = shifted;
      field(at, moved, t);
      at[j] = x[j]!;
      const distance = shifted - x[j]!;
      for (let i = 0; i < length; i++) out[i * length + j] = (moved[i]! - base[i]!) / distance;
    }
    work.evaluations += length + 1;
  };
}
