import { type ErrorKind, HnncError } from "../errors.ts";

/** What an error says, apart from the place. */
export interface Message {
  readonly code: string;
  readonly message: string;
  readonly kind?: ErrorKind;
  readonly notes?: readonly string[];
  readonly hint?: string;
}

/** The error at a place of the text. */
export function fail(source: string, message: Message, start: number, end: number): HnncError {
  const { code, message: text, kind = "formula", notes, hint } = message;
  return new HnncError({ kind, code, message: text, span: { start, end: Math.max(end, start) }, source, notes, hint });
}

const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");
const listed = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));
const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
const shapeText = (shape: readonly number[]): string => (shape.length === 0 ? "a number" : `[${shape.join(", ")}]`);
const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text);

/** Every text that the parser says, errors first. */
export const messages = {
  // ── characters and numbers ──────────────────────────────────────────────────────────────────────────────────────
  textTooLong: (length: number, most: number): Message => ({
    kind: "limit",
    code: "too-long",
    message: `the text has ${length} characters; at most ${most} are read`,
    hint: "write repeated terms as a sum: `sum(expr, i = 1..N)`",
  }),
  foreignNumber: (text: string): Message => ({
    code: "bad-number",
    message: `\`${text}\` is not a decimal number`,
    hint: `write \`${Number(text)}\``,
  }),
  leadingZero: (text: string): Message => ({
    code: "bad-number",
    message: `\`${text}\` begins with a zero`,
    hint: `write \`${text.replace(/^0+(?=\d)/, "")}\``,
  }),
  numberTooLarge: (text: string): Message => ({
    code: "bad-number",
    message: `\`${short(text)}\` is larger than any double (1.8e308)`,
    hint: "choose other units",
  }),
  numberTooSmall: (text: string): Message => ({
    code: "bad-number",
    message: `\`${short(text)}\` is smaller than any double (4.9e-324)`,
    hint: "write 0, or choose other units",
  }),
  groupedDigits: (text: string): Message => ({
    code: "bad-number",
    message: `an underscore does not belong behind \`${short(text)}\``,
    hint: "write numbers without separators: `1000`, or `1e3`",
  }),
  commaInNumber: (): Message => ({
    code: "bad-number",
    message: "a comma does not belong in a number",
    hint: "write numbers without separators, and with a decimal point: `1000`, `0.5`",
  }),
  bigInteger: (text: string): Message => ({
    code: "bad-number",
    message: `\`${text}n\` is not a number`,
    hint: `write \`${text}\`, or \`${text}*n\` for the product with a declared \`n\``,
  }),
  strayDot: (): Message => ({
    code: "bad-character",
    message: "`.` does not belong here",
    hint: "multiplication is `*`, the dot product `·` or `dot(u, v)`, a range `1..N`",
  }),
  badCharacter: (char: string, hint: string | undefined, name?: string): Message => ({
    code: "bad-character",
    message: `\`${char}\`${name === undefined ? "" : ` (${name})`} means nothing in a formula`,
    hint: hint ?? "delete it",
  }),
  unseenCharacter: (name: string): Message => ({
    code: "bad-character",
    message: `the invisible character ${name} does not belong in a formula`,
    hint: "delete it; retype this part if it was pasted",
  }),
  foreignLetter: (char: string, name: string): Message => ({
    code: "bad-character",
    message: `\`${char}\` (${name}) is neither a Latin nor a Greek letter`,
    hint: "it may look like one: retype it",
  }),
  accent: (name: string): Message => ({
    code: "bad-character",
    message: `the accent ${name} cannot be part of a name`,
    hint: "spell it out: `x_bar`, `x_hat`; velocities are not part of a Hamiltonian: use momenta",
  }),
  badSuperscript: (text: string): Message => ({
    code: "bad-character",
    message: `\`${text}\` is not a whole number`,
    hint: "write the exponent with `^`",
  }),
  assignment: (): Message => ({
    code: "syntax",
    message: "`:=` is not an operator",
    hint: "write `=`",
  }),
  reservedName: (name: string): Message => ({
    code: "reserved-name",
    message: `\`${short(name)}\`: names with a double underscore are reserved`,
    hint: `write \`${short(name.replace(/_+/g, "_").replace(/^_|_$/g, ""))}\``,
  }),

  // ── brackets and syntax ─────────────────────────────────────────────────────────────────────────────────────────
  unclosed: (open: string): Message => ({
    code: "unbalanced",
    message: `\`${open}\` is not closed`,
    hint: `add the closing ${closing(open)}, or delete this one`,
  }),
  unopened: (close: string): Message => ({
    code: "unbalanced",
    message: `\`${close}\` closes nothing`,
    hint: "delete it, or open a bracket before it",
  }),
  mismatched: (open: string, close: string): Message => ({
    code: "unbalanced",
    message: `\`${close}\` cannot close \`${open}\``,
    hint: `close it with ${closing(open)}`,
  }),
  orBars: (): Message => ({
    code: "unbalanced",
    message: "`||` is not closed",
    hint: "write `or` between conditions, `norm(v)` for the norm of a vector",
  }),
  tooDeep: (most: number): Message => ({
    kind: "limit",
    code: "too-deep",
    message: `brackets, signs, powers or conditions are nested more than ${most} deep`,
    hint: "give a part a name: `r = sqrt(x^2 + y^2)`",
  }),
  empty: (): Message => ({
    code: "empty",
    message: "there is no formula",
    hint: "write a Hamiltonian, such as `p^2/2 - cos(q)`",
  }),
  missingOperand: (before: string | undefined, found: string | undefined): Message => ({
    code: "syntax",
    message:
      found === undefined
        ? `the formula ends where an operand is due${before ? `, after \`${short(before)}\`` : ""}`
        : `an operand is due${before ? ` after \`${short(before)}\`` : ""}${found === "" ? "" : `, not \`${short(found)}\``}`,
    hint: "add a number, a name or a bracket here, or delete the operator",
  }),
  unexpected: (found: string, kind: number): Message => ({
    code: "syntax",
    message: `${found === "" ? "what follows" : `\`${short(found)}\``} does not belong here`,
    hint:
      kind === 26
        ? "a comparison is written `==`; a statement stands on a line of its own"
        : kind === 28
          ? "a range is written `1..N`, a condition `c ? a : b`"
          : "an operator, or the end of the statement, is due",
  }),
  emptyBracket: (): Message => ({
    code: "syntax",
    message: "there is nothing between these brackets",
    hint: "fill them, or delete them",
  }),
  strayComma: (text: string): Message => ({
    code: "syntax",
    message: `\`${short(text)}\` holds several values`,
    hint: "a vector is written in square brackets: `[a, b]`",
  }),
  brace: (): Message => ({
    code: "syntax",
    message: "braces do not group",
    hint: "write `( )`; `x^{2}` and `q_{i+1}` are fine",
  }),
  strayPrime: (name: string): Message => ({
    code: "syntax",
    message: `\`${short(name)}'\` is not the derivative of an unknown function`,
    hint: "write `D(expr, name)` for a derivative; another name, such as `q1`, for another quantity",
  }),
  strayEquals: (text: string): Message => ({
    code: "syntax",
    message: `\`${short(text)}\` is not a value`,
    hint: "a comparison is written `==`; a range `i = 1..N` stands in `sum(expr, i = 1..N)`",
  }),
  strayRange: (text: string): Message => ({
    code: "syntax",
    message: `the range \`${short(text)}\` is not a value`,
    hint: "ranges stand in sums: `sum(expr, i = 1..N)`",
  }),
  numberOnTheRight: (before: string, number: string, afterNumber: boolean): Message => ({
    code: "syntax",
    message: `the number \`${number}\` stands to the right of \`${short(before)}\` without an operator`,
    hint: afterNumber
      ? `write \`${before}*${number}\` for the product`
      : `write \`${number}*${short(before)}\` or \`${short(before)}*${number}\` for the product, \`${short(before)}^${number}\` for the power`,
  }),

  // ── readings that are refused ───────────────────────────────────────────────────────────────────────────────────
  ambiguousDivision: (written: string, inside: string, outside: string): Message => ({
    code: "ambiguous-division",
    message: `\`${short(written)}\` can be read in two ways`,
    hint: `write \`${inside}\` or \`${outside}\``,
  }),
  ambiguousExponent: (written: string, inside: string, outside: string): Message => ({
    code: "ambiguous-exponent",
    message: `\`${short(written)}\` can be read in two ways`,
    hint: `write \`${inside}\` or \`${outside}\``,
  }),
  bareFunction: (name: string, power: string, argument: string | undefined): Message => ({
    code: "bare-function",
    message: `\`${name}\` is a function and needs parentheses`,
    hint: argument === undefined ? `write \`${name}(…)\`` : `write \`${name}${power}(${stripped(argument)})\``,
  }),
  bareUserFunction: (name: string): Message => ({
    code: "bare-function",
    message: `\`${name}\` is a function of this text and needs arguments`,
    hint: `write \`${name}(…)\``,
  }),
  bareFunctionArgument: (name: string): Message => ({
    code: "bare-function",
    message: `\`${name}\` needs parentheses here`,
    hint: `write \`\\${name}(…)\``,
  }),
  inverseFunction: (name: string): Message => ({
    code: "ambiguous-exponent",
    message: `\`${name}^-1\` may be the inverse function or the reciprocal`,
    hint: /^(sin|cos|tan|sinh|cosh|tanh)$/.test(name)
      ? `write \`a${name}(x)\` or \`1/${name}(x)\``
      : `write \`1/${name}(x)\` for the reciprocal`,
  }),
  ofTime: (name: string): Message => ({
    code: "of-time",
    message: `\`${name}\` is a coordinate or a momentum, and depends on time anyway`,
    hint: `write \`${name}\``,
  }),

  // ── names ───────────────────────────────────────────────────────────────────────────────────────────────────────
  unknownSymbols: (
    names: readonly string[],
    coordinates: readonly string[],
    momenta: readonly string[],
    parameters: readonly string[],
    hint: string | undefined,
  ): Message => {
    const fix = `add \`${names.map((name) => `${name} = 1`).join("; ")}\` to make ${names.length === 1 ? "it a parameter" : "them parameters"}`;
    return {
      code: "unknown-symbol",
      message:
        names.length === 1
          ? `\`${names[0]}\` is not a coordinate, a momentum or a parameter`
          : `${quoted(names)} are not coordinates, momenta or parameters`,
      notes: [`coordinates: ${listed(coordinates)}   momenta: ${listed(momenta)}   parameters: ${listed(parameters)}`],
      hint: hint === undefined ? fix : `${hint}; or ${fix}`,
    };
  },
  bareAndCalled: (name: string): Message => ({
    code: "bare-and-called",
    message: `\`${name}\` stands bare here and before a parenthesis elsewhere`,
    hint: `add \`${name} = 1\` if it is a parameter, or give the function its argument everywhere: \`${name}(q)\``,
  }),
  notASymbol: (name: string, known: readonly string[], close: string | undefined): Message => ({
    code: "unknown-symbol",
    message: `\`${name}\` is not one of the symbols`,
    notes: [`symbols: ${listed(known)}`],
    hint: close === undefined ? "add it to the symbols" : `did you mean \`${close}\`?`,
  }),
  didYouMean: (name: string, isFunction: boolean): string => `did you mean \`${name}${isFunction ? "(…)" : ""}\`?`,
  productHint: (parts: readonly string[]): string =>
    `write \`${parts.join("*")}\` or \`${parts.join(" ")}\` for the product`,
  productsHint: (products: readonly string[]): string => `write ${quoted(products)} for the products`,
  parenthesisHint: (name: string, rest: string): string => `write \`${name}(${rest})\``,
  eulerHint: (): string => "`e` is the base of exponentials only: write `exp(x)` or `e^(x)`",
  arityMismatch: (name: string, known: number, found: number): Message => ({
    code: "arity",
    message: `\`${name}\` is called with ${count(found, "argument")} here and with ${known} elsewhere`,
    hint: `the calls of one function share its meaning: give it ${known} everywhere, or use two names`,
  }),
  duplicate: (name: string): Message => ({
    code: "duplicate",
    message: `\`${name}\` is declared twice`,
    hint: "delete one of the declarations, or rename it",
  }),
  duplicateArgument: (): Message => ({
    code: "duplicate",
    message: "two arguments of this function have the same name",
    hint: "rename one of them",
  }),
  circular: (name: string): Message => ({
    code: "circular",
    message: `the definition of \`${name}\` leads back to itself`,
    hint: "break the circle: make one of the definitions a parameter",
  }),

  // ── values ──────────────────────────────────────────────────────────────────────────────────────────────────────
  notNumber: (what: string, text: string): Message => ({
    code: "not-a-number",
    message: `\`${short(text)}\` is ${what} where a number is due`,
    hint:
      what === "a condition"
        ? "write `if(condition, 1, 0)`"
        : "take an element `v[1]`, the square `v^2`, the norm `|v|` or a product `dot(u, v)`",
  }),
  notCondition: (text: string): Message => ({
    code: "not-a-condition",
    message: `\`${short(text)}\` is a number where a condition is due`,
    hint: "compare it: `x > 0`",
  }),
  notVector: (text: string): Message => ({
    code: "not-a-vector",
    message: `\`${short(text)}\` is a number where a vector is due`,
    hint: "declare a vector `q: [3]`, or write one out: `[x, y, z]`",
  }),
  notArray: (name: string, text: string): Message => ({
    code: "not-an-array",
    message: `\`${name}\` in \`${short(text)}\` is not an array`,
    hint: `declare its length, \`${name}: [N]\`, or use it under a sum: \`sum(${name}[i], i = 1..N)\``,
  }),
  indexedScalar: (name: string, index: string): Message => ({
    code: "not-an-array",
    message: `\`${name}\` is a number and has no elements`,
    hint: `write \`${name}*(${short(index)})\` for the product, or declare an array: \`${name}: [N]\``,
  }),
  indexedNumber: (text: string): Message => ({
    code: "not-an-array",
    message: `\`${short(text)}\` has more indices than the array has dimensions`,
    hint: "delete the index, or declare the shape, as in `q: [N, 3]`",
  }),
  lengths: (a: readonly number[], b: readonly number[]): Message => ({
    code: "shape",
    message: `vectors of different shapes: ${shapeText(a)} and ${shapeText(b)}`,
    hint: "make the lengths agree",
  }),
  crossLength: (a: readonly number[], b: readonly number[]): Message => ({
    code: "shape",
    message: `a cross product needs two vectors of length 3, not ${shapeText(a)} and ${shapeText(b)}`,
    hint: "write vectors of length 3: `[x, y, 0]`",
  }),
  mixedSum: (a: readonly number[], b: readonly number[]): Message => ({
    code: "shape",
    message: `${shapeText(a)} and ${shapeText(b)} cannot be added`,
    hint: "vectors add to vectors of the same length: take an element, a norm or a dot product",
  }),
  vectorTimesVector: (text: string): Message => ({
    code: "shape",
    message: `the product of two vectors is not a vector: \`${short(text)}\``,
    hint: "write `dot(u, v)` or `u·v`, or `u×v` for the cross product",
  }),
  vectorPower: (): Message => ({
    code: "shape",
    message: "a vector has even powers only: `v^2` is v·v",
    hint: "write `|v|^3` for an odd power of the norm",
  }),
  divisionByVector: (): Message => ({
    code: "shape",
    message: "a vector cannot be a denominator",
    hint: "divide by its norm `|v|`, or by `v^2`",
  }),
  raggedList: (): Message => ({
    code: "shape",
    message: "the elements of this list have different shapes",
    hint: "give numbers, or vectors of one length",
  }),
  argumentCount: (name: string, least: number, most: number, found: number): Message => ({
    code: "arguments",
    message: `\`${name}\` takes ${most === least ? count(least, "argument") : `at least ${count(least, "argument")}`}, not ${found}`,
    hint:
      name === "sum" || name === "prod"
        ? `write \`${name}(expr, i = 1..N)\``
        : `write \`${name}(${["x", "y", "z"].slice(0, Math.min(least, 3)).join(", ")})\``,
  }),
  piecewiseCount: (found: number): Message => ({
    code: "arguments",
    message: `\`piecewise\` takes conditions with values and a last value for all other cases, not ${count(found, "argument")}`,
    hint: "write `piecewise(x < 0, a, x < 1, b, otherwise)`",
  }),
  noArguments: (name: string): Message => ({
    code: "arguments",
    message: `\`${name}()\` has no argument`,
    hint: `write \`${name}\` for a parameter, \`${name}(q)\` for a function`,
  }),
  longArgument: (length: number): Message => ({
    code: "arguments",
    message: `an unknown function of ${length} numbers is too wide`,
    hint: "call it element by element: `sum(V(q[i]), i = 1..N)`",
  }),
  unsupportedFunction: (name: string): Message => ({
    code: "unknown-function",
    message: `\`${name}\` is not a function of the language`,
    hint: "a Hamiltonian must be differentiable; write cases with `if(c, a, b)`, derivatives with `D(expr, name)`",
  }),
  derivativeTarget: (text: string): Message => ({
    code: "derivative",
    message: `\`${short(text)}\` is not a name to differentiate by`,
    hint: "write `D(expr, x)` with a coordinate, a momentum or a parameter `x`",
  }),
  primeOrders: (name: string, arity: number): Message => ({
    code: "derivative",
    message: `a derivative of \`${name}\` with ${count(arity, "argument")} needs the order for each of them`,
    hint: `write \`${name}'[${Array.from({ length: arity }, (_, k) => (k === 0 ? 1 : 0)).join(",")}](…)\` for the derivative by the first`,
  }),
  primedUser: (name: string): Message => ({
    code: "derivative",
    message: `\`${name}\` is defined in this text; primes are for unknown functions`,
    hint: `write \`D(${name}(x), x)\``,
  }),
  expansion: (name: string): Message => ({
    kind: "limit",
    code: "too-large",
    message: `writing out the calls of \`${name}\` does not come to an end`,
    hint: "functions cannot call themselves; write sums with `sum(expr, i = 1..N)`",
  }),

  // ── indices and sums ────────────────────────────────────────────────────────────────────────────────────────────
  badIndex: (text: string): Message => ({
    code: "bad-index",
    message: `\`${short(text)}\` is not an index`,
    hint: "indices are whole numbers, bound indices, and sums and multiples of them: `q[i+1]`, `q[2*i]`",
  }),
  notWhole: (text: string): Message => ({
    code: "bad-index",
    message: `\`${short(text)}\` is not a whole number`,
    hint: "indices and lengths are whole numbers",
  }),
  notConstant: (text: string): Message => ({
    code: "not-constant",
    message: `\`${short(text)}\` is not known when the formula is compiled`,
    hint: `indices and ranges need whole numbers: add \`${/^\w+$/.test(text) ? text : "N"} = 10\``,
  }),
  badRange: (text: string): Message => ({
    code: "bad-range",
    message: `\`${short(text)}\` is not the range of an index`,
    hint: "write `sum(expr, i = 1..N)`, `sum(expr, i < j)`, `sum(expr, 1 <= i < j <= N)` or `i != j`",
  }),
  rangeFirst: (name: string): Message => ({
    code: "bad-range",
    message: `the expression stands first in \`${name}\``,
    hint: `write \`${name}(expr, i = 1..N)\``,
  }),
  openRange: (text: string): Message => ({
    code: "bad-range",
    message: `\`${short(text)}\` does not say where the index ends`,
    hint: "write `i = 1..N`, or declare the length of the array: `q: [N]`",
  }),
  severalBounds: (name: string): Message => ({
    code: "bad-range",
    message: `of the bounds of \`${name}\` none implies the others`,
    hint: "write one range for each index: `i = 1..N, j = i+1..N`",
  }),
  outOfRange: (array: string, reached: number, length: number): Message => ({
    code: "out-of-range",
    message: `the index of \`${short(array)}\` reaches ${reached}, but there are ${count(length, "element")}`,
    hint: `shorten the range, or say what lies past the ends: \`boundary ${/^\w+/.exec(array)?.[0] ?? "q"} = 0\` or \`ring ${/^\w+/.exec(array)?.[0] ?? "q"}\``,
  }),
  indexFromOne: (name: string, index: number): Message => ({
    code: "out-of-range",
    message: `indices begin at 1: \`${name}[${index}]\` stands before the first`,
    hint: `write \`${name}[1]\` for the first`,
  }),
  badLength: (text: string): Message => ({
    code: "shape",
    message: `\`${short(text)}\` is not a length`,
    hint: "lengths are whole numbers from 1 to 1e7",
  }),

  // ── statements ──────────────────────────────────────────────────────────────────────────────────────────────────
  notYet: (word: string): Message => ({
    code: "not-yet",
    message: `\`${word}\` is reserved for statements that this version does not know: not yet`,
    hint: word === "table" ? "an unknown function can be a network: `V = nn(32, 32, tanh)`" : "leave the statement out",
  }),
  noHamiltonian: (names: readonly string[]): Message => ({
    code: "no-hamiltonian",
    message: "there is no Hamiltonian in this text",
    ...(names.length > 0 && { notes: [`definitions: ${listed(names)}`] }),
    hint: "add `H = …`, or the bare expression",
  }),
  twoHamiltonians: (): Message => ({
    code: "two-hamiltonians",
    message: "this is a second Hamiltonian",
    hint: "keep one; give parts of it names: `V = k x^2/2`, `H = p^2/2 + V`",
  }),
  oddArguments: (text: string): Message => ({
    code: "unpaired",
    message: `\`${short(text)}\` does not name as many momenta as coordinates`,
    hint: "write `H(q, p) = …`, or `H(x, y, px, py, t) = …`",
  }),
  reversedArguments: (text: string): Message => ({
    code: "reversed-pairs",
    message: `\`${short(text)}\` names the momenta first: they would be the coordinates`,
    hint: "write the coordinates first: `H(q, p) = …`; or `H = …` with `pairs (p, q)` if that is meant",
  }),
  unpaired: (
    name: string,
    isMomentum: boolean,
    others: readonly string[],
    shape: readonly number[],
    other: string | undefined,
  ): Message => {
    const partner = isMomentum ? guessCoordinate(name) : `p_${name}`;
    const pair = isMomentum ? `pairs (${partner}, ${name})` : `pairs (${name}, ${partner.replace("p_q", "p")})`;
    return {
      code: "unpaired",
      message: `\`${name}\` has no ${isMomentum ? "coordinate" : "momentum"}`,
      ...(others.length > 0 && { notes: [`also undeclared: ${listed(others)}`] }),
      hint:
        shape.length > 0
          ? `write \`${pair}\` with the other array of length ${shape.join(" × ")}`
          : `${other === undefined ? "" : `${other}; or `}write \`${pair}\`${isMomentum ? "" : `, or add \`${name} = 1\` to make it a parameter`}`,
    };
  },
  noPairs: (names: readonly string[]): Message => ({
    code: "unpaired",
    message:
      names.length === 0
        ? "the formula has no coordinates"
        : `no coordinate and momentum can be told among ${quoted(names)}`,
    hint:
      names.length > 2
        ? `name them, \`pairs (x, px), (y, py)\`, and give the other names values, \`${names[0]} = 1\``
        : `write \`pairs (${names[0] ?? "q"}, ${names[1] ?? "p"})\``,
  }),
  badPair: (text: string): Message => ({
    code: "syntax",
    message: `\`${short(text)}\` is not a pair of names`,
    hint: "write `pairs (x, px), (y, py)`",
  }),
  pairShapes: (q: string, a: readonly number[], p: string, b: readonly number[]): Message => ({
    code: "shape",
    message: `\`${q}\` is ${shapeText(a)} and \`${p}\` is ${shapeText(b)}`,
    hint: `declare both: \`${q}: [N]\`, \`${p}: [N]\``,
  }),
  badDeclaration: (text: string): Message => ({
    code: "syntax",
    message: `\`${short(text)}\` cannot be declared`,
    hint: "declare `m = 1`, `f(x) = …`, `q [rad]`, `q: [N]` or `q(0) = 1`",
  }),
  ownLine: (word: string): Message => ({
    code: "syntax",
    message: `a \`${word}\` statement stands on its own`,
    hint: `write \`;\` or a new line before \`${word}\``,
  }),
  badTarget: (text: string): Message => ({
    code: "syntax",
    message: `\`${short(text)}\` is not a momentum`,
    hint: "write `damping p = k`, `force p[i] = …`",
  }),
  notMomentum: (keyword: string, name: string, known: readonly string[]): Message => ({
    code: "unknown-symbol",
    message: `\`${keyword}\` acts on momenta, and \`${name}\` is none`,
    notes: [`momenta: ${listed(known)}`],
    hint: `write \`${keyword} ${known[0] ?? "p"} = …\``,
  }),
  sideOfArray: (word: string, text: string): Message => ({
    code: "not-an-array",
    message: `\`${word}\` is about arrays, and \`${short(text)}\` is none`,
    hint: `declare one: \`${/^\w+/.exec(text)?.[0] ?? "q"}: [N]\``,
  }),
  ringAndBoundary: (name: string): Message => ({
    code: "duplicate",
    message: `\`${name}\` cannot be a ring and have a boundary`,
    hint: "delete one of the two statements",
  }),
  learnWhat: (): Message => ({
    code: "syntax",
    message: "only a parameter can be learnt",
    hint: "give it a value to start from: `k = 0.1 learn`",
  }),
  learnBounds: (text: string): Message => ({
    code: "syntax",
    message: `\`${short(text)}\` is not a range for learning`,
    hint: "write `k = 0.1 learn in [0, 10]`",
  }),
  badNetwork: (text: string): Message => ({
    code: "syntax",
    message: `\`${short(text)}\` does not describe a network`,
    hint: "write the widths of its layers, then the activation: `V = nn(32, 32, tanh)`",
  }),
  networkInFormula: (text: string): Message => ({
    code: "syntax",
    message: `\`${short(text)}\` describes a network and is not a value`,
    hint: `name the network, \`V = ${short(text)}\`, and call it: \`V(q)\``,
  }),
  initialOf: (name: string, known: readonly string[]): Message => ({
    code: "unknown-symbol",
    message: `\`${name}(0)\` gives an initial value, but \`${name}\` is not a coordinate or a momentum`,
    notes: [`coordinates and momenta: ${listed(known)}`],
    hint: "initial values are given as `q(0) = 1`",
  }),
  initialCount: (name: string, due: number, found: number): Message => ({
    code: "shape",
    message: `\`${name}(0)\` needs ${count(due, "number")}, not ${found}`,
    hint: due === 1 ? `write \`${name}(0) = 1\`` : `write \`${name}(0) = [1, …]\``,
  }),
  partialInitial: (name: string, due: number): Message => ({
    code: "shape",
    message: `\`${name}\` has ${count(due, "element")}, but not all have initial values`,
    hint: `give them together: \`${name}(0) = [1, …]\``,
  }),
  initialNotNumber: (text: string): Message => ({
    code: "syntax",
    message: `\`${short(text)}\` is not a number`,
    hint: "initial values are numbers: `q(0) = pi/4`",
  }),
  initialUnit: (given: string, declared: string | undefined): Message => ({
    code: "unit",
    message: `the initial value is in \`${given}\`, the declaration ${declared === undefined ? "has no unit" : `in \`${declared}\``}`,
    hint: declared === undefined ? "declare the unit first: `q [m]`" : `give the value in \`${declared}\``,
  }),

  // ── units ───────────────────────────────────────────────────────────────────────────────────────────────────────
  unitOrShape: (owner: string, text: string): Message => ({
    code: "unit",
    message: `\`${text}\` is not a unit`,
    hint: `a length is written \`${short(owner)}: [${text || "N"}]\`, a unit \`${short(owner)} [m]\``,
  }),
  unknownUnit: (name: string, owner: string, text: string): Message => ({
    code: "unit",
    message: `\`${name}\` is not a unit`,
    hint: /^\d/.test(owner)
      ? "write a unit such as `[kg m^2/s]`"
      : `a length is written \`${short(owner)}: [${text}]\`, a unit \`${short(owner)} [m]\``,
  }),
  unitOfDefinition: (): Message => ({
    code: "unit",
    message: "a unit stands behind a number, not behind an expression",
    hint: "write `l = 0.5 [m]`",
  }),
  unitOfVector: (): Message => ({
    code: "unit",
    message: "a vector with a unit can only be the value of a parameter",
    hint: "write `m = [1, 2, 3] kg` on a line of its own",
  }),
  unitInExpression: (value: number, unit: string): Message => ({
    code: "unit",
    message: `\`${value} [${unit}]\`: units belong to models, and this is a bare expression`,
    hint: "parse it as a model, or leave the unit out",
  }),

  // ── LaTeX ───────────────────────────────────────────────────────────────────────────────────────────────────────
  latexUnsupported: (text: string): Message => ({
    code: "latex",
    message: `\`${short(text)}\` is not understood`,
    hint: "delimiters are `\\left(`, `\\left[`, `\\left|` and their right counterparts",
  }),
  latexUnknown: (word: string): Message => ({
    code: "latex",
    message: `the command \`\\${word}\` is not understood`,
    hint: "write this part in plain text",
  }),
  latexDot: (word: string): Message => ({
    code: "latex",
    message: `\`\\${word}\` is a velocity; a Hamiltonian is a function of coordinates and momenta`,
    hint: "write it with momenta: `\\frac{p^2}{2m}`",
  }),
  latexArgument: (): Message => ({
    code: "latex",
    message: "a command lacks its argument",
    hint: "write `\\frac{a}{b}`, `\\sqrt{x}`",
  }),
  latexRoot: (): Message => ({
    code: "latex",
    message: "only square and cube roots have a command",
    hint: "write `x^{1/n}`",
  }),
  latexSum: (): Message => ({
    code: "latex",
    message: "a sum needs its range",
    hint: "write `\\sum_{i=1}^{N}` or `\\sum_{i<j}`",
  }),
  latexExponent: (digits: string): Message => ({
    code: "ambiguous-exponent",
    message: `TeX takes one digit of \`^${digits}\` for the exponent`,
    hint: `write \`^{${digits}}\`, or \`^{${digits[0]}} ${digits.slice(1)}\``,
  }),
  latexBareFunction: (name: string): Message => ({
    code: "bare-function",
    message: `it cannot be told where the argument of \`\\${name}\` ends`,
    hint: `write \`\\${name}(…)\` with parentheses`,
  }),

  // ── readings and warnings ───────────────────────────────────────────────────────────────────────────────────────
  pairReading: (pairs: readonly (readonly [string, string])[]): string =>
    `coordinates and momenta: ${pairs.map(([q, p]) => `(${q}, ${p})`).join(", ")}`,
  quantityReading: (text: string, quantity: boolean): string =>
    quantity
      ? `\`${text}\` is read as a quantity (write \`${text.replace(/^(\S+?)\s*(?=[^\d.eE\s])/, "$1*")}\` for the product)`
      : `\`${text}\` is read as a product (write \`${text.replace(/^([\d.eE+-]+)\s*(.*)$/, "$1 [$2]")}\` for the quantity)`,
  unknownFunctionReading: (name: string, arity: number, product: string | undefined): string =>
    `\`${name}\` is an unknown function of ${count(arity, "argument")} (${product === undefined ? `add \`${name} = 1\`` : `write \`${product}*(…)\``} if a product was meant, \`${name} = nn(32, 32, tanh)\` if a network)`,
  quantityName: (name: string, value: number, unit: string): string =>
    `\`${value} [${unit}]\` is the parameter \`${name}\``,
  constantReading: (name: string): string => `\`${name}\` bounds a range: it is a constant of the compiled formula`,
  unused: (name: string): string => `\`${name}\` is declared and not used`,
  unusedNetwork: (name: string): string => `\`${name}\` is a network that the formula does not call`,
};

function closing(open: string): string {
  const last = open.slice(-1);
  const pairs: Record<string, string> = { "(": "`)`", "[": "`]`", "{": "`}`", _: "`}`" };
  return pairs[last] ?? "`|`";
}

function stripped(argument: string): string {
  return argument.startsWith("(") && argument.endsWith(")") ? argument.slice(1, -1) : argument;
}

/** `x` for `p_x` and `px`, `q2` for `p2`. */
function guessCoordinate(momentum: string): string {
  const rest = momentum.slice(1).replace(/^_/, "");
  return rest === "" || /^\d/.test(rest) ? `q${rest}` : rest;
}
