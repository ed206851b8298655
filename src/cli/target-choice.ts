import type { EmitOptions, Target } from "../codegen/target.ts";
import { isTargetName, type TargetName, targetNames, targets } from "../codegen/targets.ts";
import { HnncError } from "../errors.ts";
import { nearest } from "./suggest.ts";

const defaultTarget = "tfjs" satisfies TargetName;

/** The options of targets, as flags of the command line: `--import`, `--portable`, `--fma`, `--dtype`. */
const optionNames = ["import", "portable", "fma", "dtype"] as const satisfies readonly (keyof EmitOptions)[];

/**
 * The target that `--target` names; without it the only one whose files end as the output's name does, else tfjs.
 *
 * @throws HnncError `unknown-target` (usage) with the nearest
 */
export function chooseTarget(name: string | undefined, output: string | undefined): TargetName {
  if (name === undefined) return byExtension(output) ?? defaultTarget;
  if (isTargetName(name)) return name;
  const close = nearest(name, targetNames);
  throw new HnncError({
    kind: "usage",
    code: "unknown-target",
    message: `\`${name}\` is not a target`,
    notes: [`targets: ${targetNames.join(", ")}`],
    hint: close ? `did you mean \`--target ${close}\`?` : "`hnnc targets` says what each is",
  });
}

function byExtension(output: string | undefined): TargetName | undefined {
  const extension = output?.match(/\.(\w+)$/)?.[1];
  const fitting = targetNames.filter((name) => targets[name].extension === extension);
  return fitting.length === 1 ? fitting[0] : undefined;
}

/**
 * The target's options among the flags.
 *
 * @throws HnncError `option-not-for-target` (usage) for an option that the target does not know
 */
export function targetOptions(flags: EmitOptions, target: TargetName): EmitOptions {
  const given = optionNames.filter((name) => flags[name] !== undefined);
  const stray = given.find((name) => !knows(targets[target], name));
  if (stray === undefined) return Object.fromEntries(given.map((name) => [name, flags[name]]));
  const takers = targetNames.filter((name) => knows(targets[name], stray)).map((name) => `\`--target ${name}\``);
  throw new HnncError({
    kind: "usage",
    code: "option-not-for-target",
    message: `\`--${stray}\` means nothing to the target \`${target}\``,
    hint: `it goes with ${takers.join(", ")}`,
  });
}

function knows(target: Target, option: keyof EmitOptions): boolean {
  return target.options.includes(option);
}
