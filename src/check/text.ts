import type { Expr } from "../expr/expr.ts";
import { print } from "../expr/print.ts";
import type { SymbolDeclaration } from "../parser/expression.ts";
import { parse } from "../parser/parse.ts";
import { type Check, type CheckLine, skipped } from "./check.ts";

const longestText = 200_000;
const because = "the canonical text, read again, is the same expression";

/** parse(print(e)) = e, for H and whatever else the model says. */
export const text: Check = {
  name: "text",
  title: "The formula as text",
  run: ({ compiled: { model } }) => {
    const symbols: Record<string, SymbolDeclaration> = Object.fromEntries([
      ...[...model.coordinates, ...model.momenta].map(
        ({ name, shape, ring, boundary }) => [name, { shape, ring, ...(boundary && { boundary }) }] as const,
      ),
      ...model.parameters.map(({ name, shape }) => [name, { shape }] as const),
      ...(model.timeDependent ? [["t", {}] as const] : []),
    ]);
    return [
      returning("H = parse(print(H))", model.hamiltonian, symbols),
      ...model.invariants.map(({ name, value }) => returning(`${name} = parse(print(${name}))`, value, symbols)),
    ];
  },
};

function returning(claim: string, e: Expr, symbols: Record<string, SymbolDeclaration>): CheckLine {
  const written = print(e);
  if (written.length > longestText) return skipped(claim, `the text has ${written.length} characters`);
  const read = parse(written, { symbols });
  return read === e
    ? { claim, verdict: "pass", because }
    : { claim, verdict: "fail", because: `\`${print(read)}\` was read from \`${written}\`` };
}
