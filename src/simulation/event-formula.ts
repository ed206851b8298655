import type { Direction } from "../codegen/taylor/events.ts";
import type { TaylorEvent } from "../codegen/taylor/taylor.ts";
import { HnncError } from "../errors.ts";
import { constant } from "../expr/build.ts";
import { type Expr, postorder } from "../expr/expr.ts";
import { substitute } from "../expr/substitute.ts";
import { rateOfChange } from "../mechanics/bracket.ts";
import { checkUnits, inBaseUnits } from "../mechanics/units.ts";
import type { Model, Variable } from "../model.ts";
import { parseModel } from "../parser/parse.ts";

/** Something to be noticed along the motion, as a person writes it. */
export interface EventFormula {
  /**
   * A formula in the words of the model: its coordinates, momenta, parameters, definitions and functions, and t. An
   * equation, `x = 1/2`, is the difference of its sides.
   */
  readonly formula: string;
  /** What is noticed: that the formula passes through 0, or that it is least or greatest. Default `zero`. */
  readonly kind?: "zero" | "minimum" | "maximum" | undefined;
  /** For `zero`: which sign changes count; `up` is from − to +. Default `both`. */
  readonly direction?: Direction | undefined;
  /** Whether it ends the trajectory. Default false. */
  readonly terminal?: boolean | undefined;
}

/**
 * The event for an integrator of this model: an extremum is a zero of the rate of change along the flow, {f, H} + ∂f/∂t,
 * damping and forces included, which passes upwards at a minimum.
 *
 * @throws HnncError kind `formula` with the place in the event's text; kind `usage` for a direction of an extremum
 * @example eventExpression(parseModel("p^2/2 - cos(q)"), { formula: "q^2", kind: "maximum" })
 */
export function eventExpression(model: Model, event: EventFormula): TaylorEvent {
  const { formula, kind = "zero", direction, terminal } = event;
  const value = parseEventFormula(model, formula);
  if (kind === "zero") return { value, direction, terminal };
  if (direction !== undefined) {
    throw new HnncError({
      kind: "usage",
      code: "event-direction",
      message: `a ${kind} of \`${formula}\` has no direction`,
      hint: "leave the direction out; it is for formulas that pass through 0",
    });
  }
  return { value: rateAlongFlow(model, value), direction: kind === "minimum" ? "up" : "down", terminal };
}

/** df/dt along the equations of motion. A formula may name t where the model does not. */
export function rateAlongFlow(model: Model, formula: Expr): Expr {
  return rateOfChange({ ...model, timeDependent: true }, formula).rate;
}

/**
 * Reads a formula in the words of a model, as if it stood in the model's text: definitions, functions, arrays with
 * their rings and boundaries mean the same. Numbers with units become their value in base units.
 *
 * @param model as `parseModel` made it, or in base units
 * @throws HnncError kind `formula`, with the place in `text` and the names there are
 * @example print(parseEventFormula(parseModel("p^2/2m - cos(q); m = 2"), "q = m/4")) // "q - m/4"
 */
export function parseEventFormula(model: Model, text: string): Expr {
  requireOneFormula(text);
  const extended = withFormula(model, text);
  const value = extended.invariants[extended.invariants.length - 1]!.value;
  requireSameModel(model, extended, text);
  const [contradiction] = checkUnits({ ...extended, invariants: [{ name: "event", value }] }).errors;
  if (contradiction) throw placed(contradiction, text, 0, text.length);
  const known = new Set(model.parameters.map(({ name }) => name));
  const quantities = inBaseUnits(extended).parameters.filter(({ name }) => !known.has(name));
  const event = substitute(value, new Map(quantities.map((each) => [each.name, constant(each.value as number)])));
  requireMotion(model, event, text);
  return event;
}

/** The model's text with the formula as its last invariant. */
function withFormula(model: Model, text: string): Model {
  let name = "event";
  while (model.source.includes(name) || text.includes(name)) name += "a";
  const before = `${model.source}\ninvariant ${name} = `;
  const { written, back } = asDifference(text);
  try {
    return parseModel(before + written);
  } catch (error) {
    if (!(error instanceof HnncError) || !error.span || error.span.end <= before.length) throw error;
    const { start, end } = error.span;
    throw placed(error, text, back(Math.max(0, start - before.length)), back(end - before.length));
  }
}

/** `left = right` as `left -(right)`, and where a place of that stands in the text. */
function asDifference(text: string): { readonly written: string; readonly back: (at: number) => number } {
  const [equals = -1, second] = outsideBrackets(text, "=");
  const isEquation = second === undefined && !/[<>!:]=|=\s*$/.test(text) && equals > 0;
  if (!isEquation) return { written: text, back: (at) => Math.min(at, text.length) };
  const written = `${text.slice(0, equals)}-(${text.slice(equals + 1)})`;
  return { written, back: (at) => Math.min(at > equals ? at - 1 : at, text.length) };
}

/** Where a character stands in no bracket. */
function outsideBrackets(text: string, wanted: string): number[] {
  const places: number[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) depth -= 1;
    else if (char === wanted && depth === 0) places.push(at);
  }
  return places;
}

/** What would be more than one statement is refused before it can say something about the model. */
function requireOneFormula(text: string): void {
  if (text.trim() === "") throw refused("empty", "the event's formula is empty", text, 0, 1);
  const separator = /[;\n\r#]/.exec(text);
  if (separator) {
    const shown = separator[0] === ";" || separator[0] === "#" ? `\`${separator[0]}\`` : "a line break";
    throw refused("syntax", `${shown} does not belong in a formula`, text, separator.index, separator.index + 1);
  }
  const [comma] = outsideBrackets(text, ",");
  if (comma === undefined) return;
  throw refused("syntax", "an event is one formula", text, comma, comma + 1, "give each event its own formula");
}

/** A name that the model lacks could have become a coordinate, an index beyond the end could have made an array longer. */
function requireSameModel(model: Model, extended: Model, text: string): void {
  const told = ({ coordinates, momenta }: Model) =>
    [...coordinates, ...momenta].map(({ name, shape }: Variable) => `${name}:${shape.join()}`).join(" ");
  if (told(model) !== told(extended)) throw beyondModel(model, extended, text);
  if (extended.inUnits && !model.inUnits) {
    throw refused("unit", "the model has no units", text, 0, text.length, "write plain numbers");
  }
  const calls = new Set(model.unknownFunctions.map(({ name }) => name));
  const unknown = extended.unknownFunctions.find(({ name }) => !calls.has(name));
  if (unknown) {
    const at = Math.max(0, text.indexOf(unknown.name));
    const end = Math.min(text.length, at + unknown.name.length);
    throw refused("unknown-function", `there is no function \`${unknown.name}\``, text, at, end);
  }
}

function beyondModel(model: Model, extended: Model, text: string): HnncError {
  const state = [...model.coordinates, ...model.momenta];
  const names = new Set(state.map(({ name }) => name));
  const added = [...extended.coordinates, ...extended.momenta].find(({ name }) => !names.has(name));
  const notes = [
    `coordinates: ${model.coordinates.map(nameAndShape).join(" ")}`,
    `momenta: ${model.momenta.map(nameAndShape).join(" ")}`,
    ...(model.parameters.length > 0 ? [`parameters: ${model.parameters.map(({ name }) => name).join(" ")}`] : []),
  ];
  const message = added ? `\`${added.name}\` is not known` : "an index leaves its array";
  const at = added ? Math.max(0, text.indexOf(added.name)) : 0;
  const end = added ? Math.min(at + added.name.length, text.length) : text.length;
  const code = added ? "unknown-symbol" : "index-range";
  return new HnncError({ kind: "formula", code, message, span: { start: at, end }, source: text, notes });
}

function nameAndShape({ name, shape }: Variable): string {
  return shape.length === 0 ? name : `${name}[${shape.join(", ")}]`;
}

/** A formula of constants never passes through 0, or always stands there. */
function requireMotion(model: Model, event: Expr, text: string): void {
  const names = new Set(["t", ...[...model.coordinates, ...model.momenta].map(({ name }) => name)]);
  const moves = postorder([event]).some(
    (node) =>
      (node.kind === "symbol" && names.has(node.name)) || (node.kind === "element" && names.has(node.vector.name)),
  );
  if (moves) return;
  const hint = `name a coordinate or a momentum: ${[...names].slice(1).join(" ")}`;
  throw refused("event-constant", `\`${text.trim()}\` does not change along the motion`, text, 0, text.length, hint);
}

function refused(code: string, message: string, source: string, start: number, end: number, hint?: string): HnncError {
  return new HnncError({ kind: "formula", code, message, span: { start, end }, source, hint });
}

function placed(error: HnncError, source: string, start: number, end: number): HnncError {
  const { kind, code, message, notes, hint } = error;
  return new HnncError({ kind, code, message, notes, hint, span: { start, end: Math.max(end, start + 1) }, source });
}
