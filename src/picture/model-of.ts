import { type Compiled, compile } from "../compile.ts";
import type { Dataset } from "../data/dataset.ts";
import { HnncError } from "../errors.ts";
import { entryNames, layoutOf } from "../mechanics/layout.ts";

/** The model that a dataset came from, or why it cannot be had. */
export type Rebuilt =
  | { readonly kind: "model"; readonly model: Compiled }
  | { readonly kind: "none"; readonly reason: string };

/** Compiles the formula of a dataset's provenance again, with its parameters. */
export function modelOf({ coordinates, momenta, provenance }: Dataset): Rebuilt {
  const { formula, parameters = {} } = provenance;
  if (formula === undefined) return { kind: "none", reason: "the data do not say which formula they come from" };
  const first = coordinates[0]!;
  const statements = [
    ...(first.includes("[") || /pairs|:/.test(formula)
      ? []
      : [`pairs ${coordinates.map((q, k) => `(${q}, ${momenta[k]})`).join(", ")}`]),
    ...Object.entries(parameters).map(([name, value]) =>
      typeof value === "number" ? `${name} = ${value}` : `${name} = [${value.join(", ")}]`,
    ),
    formula,
  ];
  const attempts = [() => compile(formula, { parameters }), () => compile(statements.join("\n"))];
  let reason = "";
  for (const attempt of attempts) {
    try {
      const model = attempt();
      if (speaksOf(model, coordinates, momenta)) return { kind: "model", model };
      reason ||= `its formula speaks of ${stateNamesOf(model).join(", ")}`;
    } catch (error) {
      if (!(error instanceof HnncError)) throw error;
      reason ||= `its formula alone does not compile: ${error.message}`;
    }
  }
  return { kind: "none", reason };
}

/**
 * Refuses a model whose state is not the dataset's.
 *
 * @throws HnncError `other-model` (usage)
 */
export function requireSameState(model: Compiled, { coordinates, momenta }: Dataset): void {
  if (speaksOf(model, coordinates, momenta)) return;
  throw new HnncError({
    kind: "usage",
    code: "other-model",
    message: `the model's state is ${stateNamesOf(model).join(" ")}, the data's is ${[...coordinates, ...momenta].join(" ")}`,
    hint: "say which column is which, such as --columns q=theta,p=omega, or give the model in the names of the data",
  });
}

function speaksOf(model: Compiled, coordinates: readonly string[], momenta: readonly string[]): boolean {
  return stateNamesOf(model).join(" ") === [...coordinates, ...momenta].join(" ");
}

function stateNamesOf({ model }: Compiled): string[] {
  return [...layoutOf(model).state.values()].flatMap(entryNames);
}
