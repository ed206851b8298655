/**
 * The allow-list of unit names: which names are units, and which SI prefixes each takes. Plain data, so that the parser
 * can tell a quantity (`l = 0.5 m`) from a product without loading anything; what a unit is worth stands in
 * mechanics/unit-table.ts.
 *
 * Left out on purpose: degree Celsius and Fahrenheit (an offset is not a factor), `a` for year, `t` for tonne (`t` is
 * the time), `hbar` (a constant, not a hectobar), and everything imperial.
 */

/** SI prefixes and their factors; micro has both Unicode spellings and `u`. */
export const PREFIXES = {
  y: 1e-24,
  z: 1e-21,
  a: 1e-18,
  f: 1e-15,
  p: 1e-12,
  n: 1e-9,
  u: 1e-6,
  µ: 1e-6, // U+00B5 micro sign
  μ: 1e-6, // U+03BC Greek mu
  m: 1e-3,
  c: 1e-2,
  d: 1e-1,
  da: 1e1,
  h: 1e2,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
} as const satisfies Record<string, number>;

export type Prefix = keyof typeof PREFIXES;

const EVERY = Object.keys(PREFIXES) as readonly Prefix[];
const NONE: readonly Prefix[] = [];
const LARGE: readonly Prefix[] = ["k", "M", "G"];

/** Every unit name with the prefixes that it takes. */
export const UNITS = {
  // SI base units (the gram stands for the kilogram, which carries its prefix)
  m: EVERY,
  g: EVERY,
  s: EVERY,
  A: EVERY,
  K: EVERY,
  mol: EVERY,
  cd: NONE,
  // angles: dimensionless
  rad: ["m", "u", "µ", "μ", "n"],
  sr: NONE,
  deg: NONE,
  "°": NONE,
  arcmin: NONE,
  arcsec: ["m", "u", "µ", "μ"],
  // SI derived units
  Hz: EVERY,
  N: EVERY,
  Pa: EVERY,
  J: EVERY,
  W: EVERY,
  C: EVERY,
  V: EVERY,
  F: EVERY,
  Ω: EVERY, // U+03A9 Greek capital omega; U+2126 is normalised to it
  ohm: EVERY,
  S: EVERY,
  Wb: EVERY,
  T: EVERY,
  H: EVERY,
  lm: NONE,
  lx: NONE,
  // used with the SI
  min: NONE,
  h: NONE,
  d: NONE,
  day: NONE,
  yr: LARGE,
  year: NONE,
  L: EVERY,
  l: ["m", "c", "d", "u", "µ", "μ", "n"],
  tonne: NONE,
  bar: ["m", "u", "µ", "μ", "k", "M", "G"], // not `hbar`
  atm: NONE,
  Torr: ["m"],
  mmHg: NONE,
  eV: EVERY,
  u: NONE,
  amu: NONE,
  Da: LARGE,
  Å: NONE,
  angstrom: NONE,
  au: NONE,
  AU: NONE,
  pc: LARGE,
  ly: LARGE,
  Msun: NONE,
  // atomic units and cgs
  bohr: NONE,
  hartree: ["m"],
  erg: NONE,
  dyn: NONE,
  dyne: NONE,
  G: ["m", "u", "µ", "μ", "k", "M"],
  gauss: NONE,
  cal: ["k"],
} as const satisfies Record<string, readonly Prefix[]>;

export type UnitName = keyof typeof UNITS;

/** A unit symbol taken apart: `km` is `{ prefix: "k", name: "m" }`, `min` has no prefix. */
export interface UnitSymbol {
  readonly prefix: Prefix | "";
  readonly name: UnitName;
}

/**
 * Takes a unit symbol apart, or answers undefined if it is none. A whole name wins over a prefixed one (`min`, `cd`,
 * `Pa`); otherwise at most one reading remains, which a test checks for every pair.
 */
export function splitUnitSymbol(symbol: string): UnitSymbol | undefined {
  const text = symbol.normalize("NFC");
  if (isName(text)) return { prefix: "", name: text };
  for (const prefix of EVERY) {
    const name = text.slice(prefix.length);
    if (text.startsWith(prefix) && isName(name) && takes(name, prefix)) return { prefix, name };
  }
  return undefined;
}

/** Whether `symbol` (one name, prefix included: `kg`, `µm`, `eV`) is a unit. */
export function isUnitSymbol(symbol: string): boolean {
  return splitUnitSymbol(symbol) !== undefined;
}

function isName(text: string): text is UnitName {
  return Object.hasOwn(UNITS, text);
}

function takes(name: UnitName, prefix: Prefix): boolean {
  return (UNITS[name] as readonly Prefix[]).includes(prefix);
}
