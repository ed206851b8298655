import { compile as compileExpression } from "mathjs";
import { compile } from "../src/compile.ts";
import type { Benchmark, Row } from "./benchmark.ts";
import { gravity, modelText } from "./formulas.ts";
import type { Sample } from "./measure.ts";

type Field = (x: Float64Array, out: Float64Array) => unknown;

/**
 * One evaluation of a field from JavaScript, called as an integrator calls it: in a loop with the state changing. Each
 * side has a loop of its own, compiled apart, so that none is slowed by what the engine saw of another.
 */
export const fieldEvaluation: Benchmark = {
  title: "One field evaluation",
  async run(tools) {
    const rows: Row[] = [];
    const pendulum = [loop(compile("p^2/2 - cos(q)").field, 2), loop(handWritten, 2), loop(mathjsPendulum(), 2)];
    const [ours, hand, mathjs] = await tools.compare(pendulum);
    rows.push({ work: "pendulum", ours: ours!, against: "hand-written JS", theirs: hand!, target: 1 / 1.1 });
    rows.push({ work: "pendulum", ours: ours!, against: "mathjs, compiled", theirs: mathjs!, target: 10 });
    const formula = gravity(2);
    const kepler = [loop(compile(modelText(formula)).field, 12), loop(twoBodies, 12)];
    const [gravityOurs, gravityHand] = await tools.compare(kepler);
    rows.push({
      work: "2 bodies in space",
      ours: gravityOurs!,
      against: "hand-written JS",
      theirs: gravityHand!,
      target: 1 / 1.1,
    });
    return rows;
  },
};

function handWritten(x: Float64Array, out: Float64Array): void {
  out[0] = x[1]!;
  out[1] = -Math.sin(x[0]!);
}

function mathjsPendulum(): Field {
  const [velocity, force] = [compileExpression("p"), compileExpression("-sin(q)")];
  const scope = { q: 0, p: 0 };
  return (x, out) => {
    scope.q = x[0]!;
    scope.p = x[1]!;
    out[0] = velocity.evaluate(scope);
    out[1] = force.evaluate(scope);
  };
}

/** g, m1, m2: read at each call, as they may change. */
const constants = Float64Array.of(1, 1, 1);

/** The gravity of two bodies as one writes it by hand. */
function twoBodies(x: Float64Array, out: Float64Array): void {
  const g = constants[0]!;
  const m1 = constants[1]!;
  const m2 = constants[2]!;
  const dx = x[0]! - x[3]!;
  const dy = x[1]! - x[4]!;
  const dz = x[2]! - x[5]!;
  const r2 = dx * dx + dy * dy + dz * dz;
  const w = (g * m1 * m2) / (r2 * Math.sqrt(r2));
  out[0] = x[6]! / m1;
  out[1] = x[7]! / m1;
  out[2] = x[8]! / m1;
  out[3] = x[9]! / m2;
  out[4] = x[10]! / m2;
  out[5] = x[11]! / m2;
  out[6] = -w * dx;
  out[7] = -w * dy;
  out[8] = -w * dz;
  out[9] = w * dx;
  out[10] = w * dy;
  out[11] = w * dz;
}

let loops = 0;

/**
 * Explicit Euler steps, too short to go anywhere; the loop's own code is the same for all sides. A number in it keeps
 * V8 from sharing one loop, and what it saw of other fields, between functions of the same text.
 */
function loop(field: Field, dimension: number): Sample {
  const run = new Function(
    "field",
    "x",
    "out",
    "repetitions",
    `// ${loops++}
     for (let k = 0; k < repetitions; k++) {
       field(x, out);
       x[0] += 1e-9 * out[0];
       x[1] += 1e-9 * out[1];
     }`,
  );
  const x = Float64Array.from({ length: dimension }, (_, k) => 0.3 + 0.37 * k);
  const out = new Float64Array(dimension);
  return (repetitions) => {
    const start = performance.now();
    run(field, x, out, repetitions);
    return (performance.now() - start) * 1e6;
  };
}
