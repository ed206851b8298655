import type { Index } from "../expr/affine.ts";
import { latexName, toLatex } from "../expr/latex.ts";
import { equationsOfMotion } from "../mechanics/motion.ts";
import type { Source, Target } from "./target.ts";

/** `--target latex`: H and Hamilton's equations as an `align*` environment. */
export const latex: Target = {
  name: "latex",
  description: "H and the equations of motion as a LaTeX align* environment",
  extension: "tex",
  options: [],
  emit: (source) => ({ kind: "text", text: emitLatex(source) }),
};

function emitLatex({ model }: Source): string {
  const lines = [
    `H &= ${toLatex(model.hamiltonian)}`,
    ...equationsOfMotion(model).map(({ name, at, rate }) => `${rateName(name, at)} &= ${toLatex(rate)}`),
  ];
  return `\\begin{align*}\n  ${lines.join(" \\\\\n  ")}\n\\end{align*}\n`;
}

/** \dot{q}_{i} */
function rateName(name: string, at: readonly (Index | number)[]): string {
  const base = latexName(name);
  const subscript = /^(.*?)_\{(.*)\}$/.exec(base);
  const indices = at.map((index) => (typeof index === "number" ? String(index) : index.name));
  const below = [...(subscript ? [subscript[2]!] : []), ...indices].join(",");
  return `\\dot{${subscript ? subscript[1] : base}}${below === "" ? "" : `_{${below}}`}`;
}
