import { HnncError } from "../errors.ts";
import { integratorNames } from "../integrate/integrators.ts";
import { entryNames, layoutOf } from "../mechanics/layout.ts";
import type { Model } from "../model.ts";
import { initialStates } from "../simulation/initial-states.ts";
import type { MethodName } from "../simulation/options.ts";
import type { System } from "../systems/system.ts";
import { numberIn } from "./number-option.ts";
import { nearest } from "./suggest.ts";

/**
 * Reads `--t 100` or `--t 10:100`.
 *
 * @throws HnncError `bad-time` (usage)
 */
export function readTimeSpan(text: string): readonly [start: number, end: number] {
  const parts = text.split(":").map(numberIn);
  const [first, second] = parts;
  if (parts.length <= 2 && parts.every((part) => part !== undefined)) {
    return second === undefined ? [0, first!] : [first!, second];
  }
  throw usage("bad-time", `\`--t ${text}\` is no time`, "write --t 100, or --t 10:100 for a start and an end");
}

/** Reads `--method yoshida8`. */
export function readMethod(text: string): MethodName | "auto" {
  const names = ["auto", "taylor", ...integratorNames];
  if (names.includes(text)) return text as MethodName | "auto";
  const close = nearest(text, names);
  throw new HnncError({
    kind: "usage",
    code: "unknown-method",
    message: `there is no method \`${text}\``,
    notes: [`methods: ${names.join(" ")}`],
    hint: close && `did you mean \`--method ${close}\`?`,
  });
}

/**
 * Reads `--x0`: numbers in the order of the state, `1,0`; or by name, the others from the model's own start, `q=1`; or
 * the name of a start of the catalogue; several starts with `;` between them.
 *
 * @returns [B, 2n]
 * @throws HnncError `bad-start` (usage)
 */
export function readStarts(text: string, model: Model, system: System | undefined): Float64Array {
  const starts = text.split(";").filter((part, k, all) => part.trim() !== "" || k < all.length - 1);
  const states = starts.map((part) => readStart(part.trim(), model, system));
  return Float64Array.from(states.flatMap((state) => Array.from(state)));
}

function readStart(text: string, model: Model, system: System | undefined): ArrayLike<number> {
  if (system && Object.hasOwn(system.initialStates, text)) return system.initialStates[text]!.x0;
  if (text.includes("=")) return readNamedStart(text, model, system);
  const numbers = text.split(/[\s,]+/).map(numberIn);
  const layout = layoutOf(model);
  if (numbers.some((value) => value === undefined)) {
    const known = system ? `; starts of the catalogue: ${Object.keys(system.initialStates).join(", ")}` : "";
    throw usage("bad-start", `\`--x0 ${text}\` is no state`, `write ${exampleStart(model)}${known}`);
  }
  if (numbers.length !== layout.dimension) {
    const wanted = `a state has ${layout.dimension}: ${shortNames(model)}`;
    throw usage("bad-start", `\`--x0\` has ${numbers.length} numbers, ${wanted}`, `write ${exampleStart(model)}`);
  }
  return numbers as number[];
}

/** `q=1,p=0`; entries of arrays as `q[1]=1`. */
function readNamedStart(text: string, model: Model, system: System | undefined): Float64Array {
  const names = namesOf(model);
  const given = new Map<string, number>();
  for (const part of text.split(/,(?![^[]*\])/)) {
    const [name = "", value = ""] = part.split("=").map((side) => side.trim());
    const number = numberIn(value);
    const plain = name.replace(/\s/g, "");
    if (!names.includes(plain) || number === undefined || given.has(plain)) {
      throw usage(
        "bad-start",
        `\`${part.trim()}\` gives no entry of the state a number`,
        `entries: ${shortNames(model)}`,
      );
    }
    given.set(plain, number);
  }
  if (given.size === names.length) return Float64Array.from(names, (name) => given.get(name)!);
  const [usual] = Object.values(system?.initialStates ?? {});
  const state = initialStates(model, usual?.x0);
  names.forEach((name, k) => {
    state[k] = given.get(name) ?? state[k]!;
  });
  return state;
}

function namesOf(model: Model): string[] {
  return [...layoutOf(model).state.values()].flatMap(entryNames);
}

function shortNames(model: Model): string {
  const names = namesOf(model);
  return names.length > 12 ? `${names.slice(0, 6).join(", ")}, …, ${names.at(-1)}` : names.join(", ");
}

function exampleStart(model: Model): string {
  const names = namesOf(model);
  const numbers = names.map((_, k) => (k === 0 ? "1" : "0")).join(",");
  return names.length > 12 ? `\`--x0\` with ${names.length} numbers` : `\`--x0 ${numbers}\``;
}

function usage(code: string, message: string, hint?: string): HnncError {
  return new HnncError({ kind: "usage", code, message, hint });
}
