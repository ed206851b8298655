import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PREFIXES, type Prefix } from "../expr/unit-names.ts";
import { baseUnits, unitTable } from "./unit-table.ts";
import { parseUnitText, type UnitFactor } from "./unit-text.ts";

/** What a unit is worth: one of it is `factor` times the product of `baseUnits` raised to the `exponents`. */
export interface Unit {
  readonly factor: number;
  /** One exponent for each of kg, m, s, A, K, cd, mol. */
  readonly exponents: readonly number[];
}

/** The part of a mathjs Unit that is used here. */
interface MathUnit {
  readonly value: number;
  readonly dimensions: readonly number[];
  multiply(other: MathUnit): MathUnit;
  divide(other: MathUnit): MathUnit;
  pow(exponent: number): MathUnit;
}
type MathUnitClass = new (value: number, unit?: string) => MathUnit;

const require = createRequire(import.meta.url);
const known = new Map<string, MathUnit>();
let loaded: MathUnitClass | undefined;

/**
 * Reads a unit, e.g. `J/(kg K)`, `m²`, `µm`, `eV`.
 *
 * The grammar and the names are ours (mathjs reads `J/kg K` as J·K/kg, `u` not at all and takes `hbar` for a
 * hectobar); factors and dimensions are multiplied and raised by mathjs's Unit class, which is loaded at the first call.
 *
 * @throws HnncError code `unit`
 * @example parseUnit("km/h") // { factor: 0.2777…, exponents: [0, 1, -1, 0, 0, 0, 0] }
 */
export function parseUnit(text: string): Unit {
  const { value, dimensions } = evaluate(parseUnitText(text));
  return { factor: value, exponents: dimensions.slice(0, baseUnits.length) };
}

/** `value` of a unit worth `factor`, in base units; a factor such as 1/100 divides, so that 35 cm is exactly 0.35. */
export function toBase(value: number, factor: number): number {
  const inverse = Math.round(1 / factor);
  const divides = inverse > 1 && Number.isSafeInteger(inverse) && Math.abs(inverse * factor - 1) <= 4e-16;
  return divides ? value / inverse : value * factor;
}

function evaluate(factors: readonly UnitFactor[]): MathUnit {
  loaded ??= loadUnitClass();
  let product = new loaded(1);
  for (const { prefix, name, exponent } of factors) {
    const size = Math.abs(exponent);
    const power = size === 1 ? symbol(prefix, name) : symbol(prefix, name).pow(size);
    product = exponent < 0 ? product.divide(power) : product.multiply(power);
  }
  return product;
}

/** One unit symbol, from the table; each is worked out once. */
function symbol(prefix: Prefix | "", name: UnitFactor["name"]): MathUnit {
  const text = prefix + name;
  const found = known.get(text);
  if (found) return found;
  loaded ??= loadUnitClass();
  let made: MathUnit;
  if ((baseUnits as readonly string[]).includes(text)) {
    made = new loaded(1, text);
  } else {
    const [factor, product] = unitTable[name];
    made = evaluate(parseUnitText(product)).multiply(new loaded(prefix === "" ? factor : PREFIXES[prefix] * factor));
  }
  known.set(text, made);
  return made;
}

/**
 * mathjs's Unit class over plain numbers. The whole of mathjs takes a second to load and its single-file build 80 ms;
 * the class alone, 14 ms. Its file is no entry point of the package, so where it should have moved the single-file
 * build, which is one, takes its place.
 */
export function loadUnitClass(file = "lib/cjs/type/unit/Unit.js"): MathUnitClass {
  let module: { createUnitClass(dependencies: object): MathUnitClass };
  try {
    module = require(join(dirname(require.resolve("mathjs/package.json")), file));
  } catch {
    const { create, all } = require("mathjs/lib/browser/math.js");
    const math = create(all);
    math.config({ predictable: true });
    return math.Unit;
  }
  return module.createUnitClass({
    config: { number: "number", predictable: true },
    addScalar: (a: number, b: number) => a + b,
    subtractScalar: (a: number, b: number) => a - b,
    multiplyScalar: (a: number, b: number) => a * b,
    divideScalar: (a: number, b: number) => a / b,
    pow: (a: number, b: number) => a ** b,
    abs: Math.abs,
    fix: Math.trunc,
    round: Math.round,
    equal: (a: number, b: number) => a === b,
    isNumeric: (value: unknown) => typeof value === "number",
    format: String,
    number: Number,
    Complex: class {},
    BigNumber: class {},
    Fraction: class {},
  });
}
