import type { Dataset } from "../data/dataset.ts";
import { formulaLabel, type Label, nameLabel } from "./label.ts";
import { scientific, shortNumber } from "./number-label.ts";

/** The head of a picture: what is shown, and how it was computed. */
export interface Title {
  readonly headline: Label;
  readonly details: Label;
}

const longestFormula = 90;
const mostParameters = 5;

/** A title out of the provenance: the formula (or the file where there is none), then method, step, parameters. */
export function titleOf({ provenance }: Pick<Dataset, "provenance">): Title {
  const { formula, source, method, dt, rtol, parameters = {}, seed } = provenance;
  const system = typeof provenance.system === "string" ? provenance.system : undefined;
  const shownFormula = formula === undefined ? undefined : formulaLine(formula);
  const headline =
    system !== undefined ? [{ text: system }] : (shownFormula ?? (source === undefined ? [] : [{ text: source }]));
  const values = Object.entries(parameters).filter(([, value]) => typeof value === "number");
  const details: Label[] = [
    ...(method === undefined ? [] : [[{ text: method }]]),
    ...(dt === undefined
      ? []
      : [[{ text: "Δ" }, { text: "t", italic: true }, { text: " = " }, ...scientificOrPlain(dt)]]),
    ...(rtol === undefined || dt !== undefined ? [] : [[{ text: "tolerance " }, ...scientific(rtol)]]),
    ...(seed === undefined ? [] : [[{ text: `seed ${seed}` }]]),
    ...values
      .slice(0, mostParameters)
      .map(([name, value]) => [...nameLabel(name), { text: ` = ${shortNumber(value as number)}` }]),
    ...(values.length > mostParameters ? [[{ text: "…" }]] : []),
  ];
  return { headline, details: details.flatMap((part, k) => (k === 0 ? part : [{ text: ",  " }, ...part])) };
}

function scientificOrPlain(value: number): Label {
  return value >= 1e-3 && value < 1e4 ? [{ text: shortNumber(value) }] : scientific(value);
}

/** Statements that are not H itself. */
const otherStatement =
  /^(pairs|invariant|damping|force|boundary|learn)\b|^[\p{L}_][\p{L}\d_,\s]*(\([^)]*\)|\[[^\]]*\])?\s*[=:,]|^[\p{L}_][\p{L}\d_]*\s*\[/u;

/** The statement that says H, of a text of several. */
function formulaLine(formula: string): Label | undefined {
  const statements = formula
    .split(/[\n;]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const bare = statements.filter((each) => !otherStatement.test(each));
  const line = statements.find((each) => /^H\s*=/.test(each)) ?? (bare.length === 1 ? `H = ${bare[0]}` : undefined);
  return line === undefined || line.length > longestFormula ? undefined : formulaLabel(line);
}
