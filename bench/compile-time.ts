import { derivative, parse } from "mathjs";
import { compile } from "../src/compile.ts";
import type { Benchmark, Peer, Row, Tools } from "./benchmark.ts";
import { type Formula, gravity, modelText } from "./formulas.ts";
import { repeat, type Sample } from "./measure.ts";

/**
 * From the text of a 2- and 3-body Hamiltonian to something that computes all 12 or 18 derivatives: hnnc's whole
 * `compile` with its kernel loaded against the derivatives alone in mathjs (which makes 12–18 separate expressions, not
 * yet a function), against SymPy's `diff` + `lambdify(cse=True)` and against CasADi's `gradient` in a Function.
 *
 * Each repetition has new names, so that interned expressions of the one before do not help.
 */
export const compileTime: Benchmark = {
  title: "Compiling a Hamiltonian: all derivatives of the gravity of 2 and 3 bodies in space",
  async run(tools) {
    const python = await tools.peer("python");
    const rows: Row[] = [];
    for (const bodies of [2, 3]) rows.push(...(await rowsFor(bodies, tools, python)));
    return rows;
  },
};

let serial = 0;
const fresh = (bodies: number): Formula => gravity(bodies, letters(serial++));

/** 0, 1, 2, … as letters, to be part of a name. */
function letters(n: number): string {
  return n < 26 ? String.fromCharCode(97 + n) : letters(Math.floor(n / 26) - 1) + letters(n % 26);
}

async function rowsFor(bodies: number, tools: Tools, python: Peer | undefined): Promise<Row[]> {
  const work = `${bodies} bodies, ${6 * bodies} derivatives`;
  const hnnc: Sample = repeat(() => compile(modelText(fresh(bodies))).field);
  const others: { against: string; side: Sample; target?: number }[] = [
    { against: "mathjs derivative, simplify: false", side: repeat(() => withMathjs(bodies, false)) },
    { against: "mathjs derivative", side: repeat(() => withMathjs(bodies, true)), target: 40 },
  ];
  if (python) {
    others.push({ against: "SymPy lambdify(cse=True)", side: (n) => python.time(`sympy-${bodies}`, n) });
    others.push({ against: "CasADi", side: (n) => python.time(`casadi-${bodies}`, n) });
  }
  const [ours, ...theirs] = await tools.compare([hnnc, ...others.map(({ side }) => side)]);
  return others.map(({ against, target }, k) => ({ work, ours: ours!, against, theirs: theirs[k]!, target }));
}

function withMathjs(bodies: number, simplify: boolean): unknown[] {
  const { hamiltonian, coordinates, momenta } = fresh(bodies);
  const node = parse(hamiltonian);
  return [...coordinates, ...momenta].map((name) => derivative(node, name, { simplify }));
}
