import { HnncError } from "../errors.ts";
import { isActivation } from "../graph/activation.ts";
import type { NetworkOptions } from "../hnn/model.ts";
import { activationNames } from "../network.ts";
import { numberIn } from "./number-option.ts";

/** What `--learn` asks for: networks behind unknown functions, and parameters of the formula. */
export interface LearnWishes {
  readonly functions: Readonly<Record<string, NetworkOptions>>;
  readonly parameters: readonly string[];
}

/**
 * Adds one `--learn` to those before it: `N = mlp(64, 64, tanh)` puts a network behind an unknown function, `k` or `k, c`
 * lets training move parameters.
 *
 * @throws HnncError `bad-learn` (usage)
 * @example readLearn("N = mlp(64, 64)"); // { functions: { N: { hidden: [64, 64] } }, parameters: [] }
 */
export function readLearn(text: string, earlier: LearnWishes = { functions: {}, parameters: [] }): LearnWishes {
  const [, name, inside] = /^\s*([^\s=(),]+)\s*=\s*(?:mlp|nn)\s*\(([^()]*)\)\s*$/.exec(text) ?? [];
  if (name !== undefined && inside !== undefined) {
    requireNew(text, name, Object.keys(earlier.functions));
    const functions = Object.fromEntries([...Object.entries(earlier.functions), [name, layersOf(text, inside)]]);
    return { ...earlier, functions };
  }
  const names = text.split(",").map((each) => each.trim());
  if (names.some((each) => each === "" || /[\s=()]/.test(each))) throw refusal(text);
  for (const each of names) requireNew(text, each, earlier.parameters);
  return { ...earlier, parameters: [...earlier.parameters, ...names] };
}

function layersOf(text: string, inside: string): NetworkOptions {
  const words = inside
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  const last = words.at(-1);
  const activation = last !== undefined && isActivation(last) ? last : undefined;
  const sizes = (activation ? words.slice(0, -1) : words).map((word) => numberIn(word));
  if (sizes.some((size) => size === undefined || !Number.isInteger(size) || size < 1)) throw refusal(text);
  return { ...(sizes.length > 0 && { hidden: sizes as number[] }), ...(activation && { activation }) };
}

function requireNew(text: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) {
    throw new HnncError({ kind: "usage", code: "bad-learn", message: `\`--learn ${text}\` gives \`${name}\` twice` });
  }
}

function refusal(text: string): HnncError {
  return new HnncError({
    kind: "usage",
    code: "bad-learn",
    message: `\`--learn ${text}\` says neither which network nor which parameters are learned`,
    notes: [`activations: ${activationNames.join(" ")}`],
    hint: 'write `--learn "N = mlp(64, 64, tanh)"` for an unknown function N, `--learn k,c` for parameters',
  });
}

/**
 * Reads the units of hidden layers, `64,64`.
 *
 * @throws HnncError `bad-layers` (usage)
 */
export function readHidden(text: string): readonly number[] {
  const sizes = text
    .trim()
    .split(/\s*[,x×]\s*/)
    .map(numberIn);
  if (sizes.length > 0 && sizes.every((size) => size !== undefined && Number.isInteger(size) && size >= 1)) {
    return sizes as number[];
  }
  throw new HnncError({
    kind: "usage",
    code: "bad-layers",
    message: `\`--hidden ${text}\` names no layers`,
    hint: "write the units of each, `--hidden 64,64`",
  });
}
