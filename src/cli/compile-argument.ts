import { type Compiled, compile, compileModel } from "../compile.ts";
import { HnncError } from "../errors.ts";
import type { Region } from "../hnn/region.ts";
import { withParameters } from "../mechanics/parameters.ts";
import type { System } from "../systems/system.ts";
import { looksLikeName, readModelArgument } from "./model-argument.ts";
import type { ParameterValues } from "./parameter.ts";
import { interruptible } from "./signals.ts";

/** A model argument, compiled. */
export interface CompiledArgument {
  readonly compiled: Compiled;
  /** Where it named one of the catalogue. */
  readonly system: System | undefined;
  /** Where it is a trained model: the states it was trained on. */
  readonly region?: Region | undefined;
}

/**
 * Compiles what a command's model argument names: a system of the catalogue, a trained model, a file, standard input, or
 * the formula itself.
 *
 * @param command the command's name, for the hint to a misspelt system
 * @throws HnncError as `compile` and `readModelArgument` do
 */
export async function compileArgument(
  command: string,
  argument: string,
  parameters: ParameterValues | undefined,
): Promise<CompiledArgument> {
  const model = await readModelArgument(argument);
  if (model.kind === "run") return compiledRun(model.folder, parameters);
  try {
    const input = model.kind === "system" ? model.system : model.text;
    const compiled = interruptible(() => compile(input, { parameters }));
    return { compiled, system: model.kind === "system" ? model.system : undefined };
  } catch (error) {
    throw model.kind === "text" ? await orMeantSystem(command, argument, error) : error;
  }
}

/** A trained model is a formula whose unknown functions are networks. */
async function compiledRun(folder: string, parameters: ParameterValues | undefined): Promise<CompiledArgument> {
  const { loadModel } = await import("../hnn/load.ts");
  const { formula, region } = await loadModel(folder);
  return { compiled: compileModel(withParameters(formula(), parameters ?? {})), system: undefined, region };
}

/** A name that is no formula, such as `double-pendlum`, was meant for the catalogue. */
async function orMeantSystem(command: string, argument: string, error: unknown): Promise<unknown> {
  if (!(error instanceof HnncError) || error.kind !== "formula" || !looksLikeName(argument)) return error;
  const { nearestSystems } = await import("../systems/systems.ts");
  const [close] = nearestSystems(argument);
  if (close === undefined) return error;
  return new HnncError({
    kind: "usage",
    code: "unknown-system",
    message: `\`${argument}\` is neither a formula nor a system of the catalogue`,
    hint: `did you mean \`hnnc ${command} ${close}\`?`,
    cause: error,
  });
}
