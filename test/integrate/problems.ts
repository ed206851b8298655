import { compile } from "../../src/compile.ts";
import { hessian } from "../../src/expr/differentiate.ts";
import { evaluate } from "../../src/expr/evaluate.ts";
import type { Integrator, Motion } from "../../src/integrate/integrator.ts";

/** An initial value problem whose end is known from elsewhere. */
export interface Problem {
  readonly name: string;
  readonly text: string;
  readonly t: readonly [start: number, end: number];
  readonly x0: readonly number[];
  /** The state at the end by mpmath's Taylor series method with 25 digits, tolerance 1e-19. */
  readonly end: readonly number[];
}

/** Masses are not 1; kinetic terms are coupled, not quadratic, not separable; H and T depend on time; ṗ has damping. */
export const problems: readonly Problem[] = [
  {
    name: "heavy pendulum",
    text: "p^2/(2*0.7) - 1.3 cos(q)",
    t: [0, 3],
    x0: [1.2, 0.4],
    end: [-1.2829725923496087, 0.13094003057282086],
  },
  {
    name: "coupled momenta",
    text: "p1^2/3 + p1 p2/4 + p2^2/2 + q1^4/4 + (q1-q2)^2 + q2^2/2",
    t: [0, 3],
    x0: [0.8, -0.3, 0.2, 0.5],
    end: [-0.01999384374151816, -0.6110162976301564, 0.2835121353294818, -1.4568607888555285],
  },
  {
    name: "relativistic",
    text: "sqrt(1 + p^2/1.7) + q^2/2 + q^4/10",
    t: [0, 4],
    x0: [1, 0.5],
    end: [-0.8355062804686514, -1.0275941483044253],
  },
  {
    name: "driven",
    text: "p^2/3 + q^4/4 + q^2/2 - 0.4 q cos(1.3 t)",
    t: [0.3, 3.3],
    x0: [0.6, 0.1],
    end: [-0.7348151860067818, -0.853935855344043],
  },
  {
    name: "mass that grows",
    text: "exp(-0.3 t) p^2/2.6 + exp(0.3 t)*(1 - cos(q))",
    t: [0, 3],
    x0: [1, 0.2],
    end: [-0.33091060840709535, -1.4216083155547774],
  },
  {
    name: "product",
    text: "(p^2 + 1)*(q^2 + 1)/2",
    t: [0, 2],
    x0: [0.6, -0.7],
    end: [-1.0039906787124488, 0.09573250300322644],
  },
  {
    name: "mixed",
    text: "p1^2/(2*(1+q2^2)) + p2^2/1.6 + p1 p2 q1/5 + q1^2/2 + q2^4/4",
    t: [0, 3],
    x0: [0.5, 0.4, 0.3, -0.2],
    end: [-0.4074970942149386, -0.4545604599893136, -0.3881606011647265, -0.25668314243359575],
  },
  {
    name: "mixed and driven",
    text: "p^2/(2*(1+0.3 cos(q)^2)) + sin(0.9 t)*q*p/3 + q^2/2",
    t: [0.2, 3.2],
    x0: [0.7, 0.4],
    end: [-0.23475843308930586, -0.883927417159376],
  },
  {
    name: "damped and forced",
    text: "H = p^2/1.4 - cos(q)\ndamping p = 0.3\nforce p = 0.5 cos(1.1 t)",
    t: [0, 3],
    x0: [1, 0.3],
    end: [-0.7252487175786921, -0.6722645026707212],
  },
];

/** Whether a method claims to integrate a motion. */
export function claims({ requires, damping, timeDependent }: Integrator, motion: Motion): boolean {
  return (
    (motion.separable || requires === "any") && (!motion.damped || damping) && (!motion.timeDependent || timeDependent)
  );
}

/** A formula's motion, run by the compiled kernels. */
export function motionOf(text: string): Motion {
  const { field, meta, separation } = compile(text);
  return {
    degreesOfFreedom: meta.dimension / 2,
    field: (x, out, t) => void field(x, out, undefined, t),
    separable: meta.separable,
    timeDependent: meta.timeDependent,
    kineticDependsOnTime: separation.separable && separation.kineticDependsOnTime,
    damped: !meta.conservative,
  };
}

/**
 * The motion of a state and of `vectors` tangent vectors, δẋ = J ∂²H δx by the symbolic second derivatives. A method
 * applied to it carries the tangent vectors by the derivative of its own step: the methods here commute with
 * differentiation. Its coordinates are those of the state, then of each vector; its momenta likewise.
 */
export function tangentMotion(text: string, vectors: number): Motion {
  const { model, meta, field } = compile(text);
  const names = [...meta.coordinates, ...meta.momenta];
  const second = hessian(model.hamiltonian, names);
  const n = meta.dimension / 2;
  const width = n * (1 + vectors);
  const [x, rate] = [new Float64Array(2 * n), new Float64Array(2 * n)];
  return {
    ...motionOf(text),
    degreesOfFreedom: width,
    field(all, out, t) {
      for (let i = 0; i < n; i++) [x[i], x[n + i]] = [all[i]!, all[width + i]!];
      field(x, rate, undefined, t);
      const values = { t, ...Object.fromEntries(names.map((name, i) => [name, x[i]!])) };
      const curvature = second.map((row) => row.map((entry) => evaluate(entry, values)));
      for (let i = 0; i < n; i++) [out[i], out[width + i]] = [rate[i]!, rate[n + i]!];
      for (let k = 1; k <= vectors; k++) {
        for (let i = 0; i < n; i++) {
          let [velocity, force] = [0, 0];
          for (let j = 0; j < n; j++) {
            const [dq, dp] = [all[k * n + j]!, all[width + k * n + j]!];
            velocity += curvature[n + i]![j]! * dq + curvature[n + i]![n + j]! * dp;
            force -= curvature[i]![j]! * dq + curvature[i]![n + j]! * dp;
          }
          [out[k * n + i], out[width + k * n + i]] = [velocity, force];
        }
      }
    },
  };
}
