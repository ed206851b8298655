import { describe, expect, it } from "vitest";
import { HnncError } from "../../src/errors.ts";
import { PREFIXES, splitUnitSymbol, UNITS } from "../../src/expr/unit-names.ts";
import { formatDimension, knownDimension } from "../../src/mechanics/dimension.ts";
import { loadUnitClass, parseUnit, toBase } from "../../src/mechanics/unit.ts";

const dimensionOf = (text: string): string => formatDimension(knownDimension(parseUnit(text).exponents));

function refusal(text: string): string {
  try {
    parseUnit(text);
  } catch (error) {
    if (error instanceof HnncError) return error.format();
    throw error;
  }
  return "accepted";
}

describe("unit names", () => {
  it("has one reading for every prefixed name", () => {
    const readings = new Map<string, string>();
    for (const [name, prefixes] of Object.entries(UNITS)) {
      for (const prefix of ["", ...prefixes]) {
        const symbol = prefix + name;
        expect(readings.get(symbol), symbol).toBeUndefined();
        readings.set(symbol, name);
        expect(splitUnitSymbol(symbol), symbol).toEqual({ prefix, name });
      }
    }
    expect(Object.keys(PREFIXES)).toHaveLength(20);
  });

  it.each(["hbar", "kmin", "constructor", "__proto__", "", "toString", "x"])("does not know %j", (symbol) => {
    expect(splitUnitSymbol(symbol)).toBeUndefined();
  });
});

describe("parseUnit", () => {
  it.each([
    ["kg m^2/s", 1, "kg m^2/s"],
    ["m/s^2", 1, "m/s^2"],
    ["J/(kg K)", 1, "m^2/(s^2 K)"],
    ["J/kg/K", 1, "m^2/(s^2 K)"],
    ["N·m", 1, "kg m^2/s^2"],
    ["N*m", 1, "kg m^2/s^2"],
    ["m²", 1, "m^2"],
    ["m·s⁻²", 1, "m/s^2"],
    ["m**3", 1, "m^3"],
    ["m^-2", 1, "1/m^2"],
    ["m^(3/2)", 1, "m^(3/2)"],
    ["(m/s)^2", 1, "m^2/s^2"],
    ["µm", 1e-6, "m"],
    ["μm", 1e-6, "m"],
    ["um", 1e-6, "m"],
    ["Å", 1e-10, "m"],
    ["A\u030a", 1e-10, "m"],
    ["Ω", 1, "kg m^2/(s^3 A^2)"],
    ["\u2126", 1, "kg m^2/(s^3 A^2)"],
    ["eV", 1.602176634e-19, "kg m^2/s^2"],
    ["MeV", 1.602176634e-13, "kg m^2/s^2"],
    ["u", 1.66053906892e-27, "kg"],
    ["kDa", 1.66053906892e-24, "kg"],
    ["au", 149597870700, "m"],
    ["yr", 31557600, "s"],
    ["deg", Math.PI / 180, "dimensionless"],
    ["°", Math.PI / 180, "dimensionless"],
    ["rad", 1, "dimensionless"],
    ["km/h", 1 / 3.6, "m/s"],
    ["kJ/mol", 1000, "kg m^2/(s^2 mol)"],
    ["lx", 1, "cd/m^2"],
    ["G", 1e-4, "kg/(s^2 A)"],
    ["min", 60, "s"],
    ["1", 1, "dimensionless"],
    ["1/s", 1, "1/s"],
  ])("reads %s", (text, factor, dimension) => {
    const unit = parseUnit(text);
    // One rounding each for the prefix and the definition: 4 ulp.
    expect(Math.abs(unit.factor / factor - 1)).toBeLessThan(1e-15);
    expect(dimensionOf(text)).toBe(dimension);
  });

  it.each([
    ["V", "J/C"],
    ["V", "W/A"],
    ["Ω", "V/A"],
    ["S", "A/V"],
    ["F", "C/V"],
    ["Wb", "V s"],
    ["T", "Wb/m^2"],
    ["H", "Wb/A"],
    ["Pa", "N/m^2"],
    ["W", "J/s"],
    ["lx", "lm/m^2"],
  ])("%s is %s", (one, other) => {
    expect(parseUnit(one)).toEqual(parseUnit(other));
  });

  it.each([
    [
      "J/kg K",
      "error[unit]: a factor behind a quotient can be read in two ways\n  J/kg K\n       ^\n  hint: write `J/(kg K)` or `J K/kg`",
    ],
    ["degC", "error[unit]: `degC` is not a unit\n  degC\n  ^^^^\n  hint: temperatures are given in K"],
    ["°C", "error[unit]: `°C` is not a unit\n  °C\n  ^^\n  hint: temperatures are given in K"],
    ["kgm", "error[unit]: `kgm` is not a unit\n  kgm\n  ^^^\n  hint: write `kg m` for a product"],
    ["2 m", "error[unit]: a number cannot be part of a unit\n  2 m\n  ^\n  hint: multiply the value instead"],
    ["m^x", "error[unit]: the exponent of a unit must be a number up to 100\n  m^x\n    ^"],
    ["m/", "error[unit]: a unit is missing\n  m/\n    ^"],
    ["", "error[unit]: a unit is missing\n  \n  ^"],
    ["(m", "error[unit]: `(` is not closed\n  (m\n    ^"],
    ["m)", "error[unit]: `)` closes nothing\n  m)\n   ^"],
    ["m+s", "error[unit]: `+` is not expected in a unit\n  m+s\n   ^"],
    ["m$", "error[unit]: `$` is not expected in a unit\n  m$\n   ^"],
  ])("refuses %j", (text, message) => {
    expect(refusal(text)).toBe(message);
  });

  it("refuses long nonsense at once", () => {
    const start = performance.now();
    expect(refusal("(".repeat(1e5))).toContain("over 200 characters");
    expect(refusal(`${"(".repeat(100)}m`)).toContain("`(` is not closed");
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe("toBase", () => {
  it("rounds decimal prefixes correctly", () => {
    for (let n = 1; n <= 1000; n++) {
      expect(toBase(n, parseUnit("cm").factor)).toBe(Number(`${n}e-2`));
      expect(toBase(n, parseUnit("µm").factor)).toBe(Number(`${n}e-6`));
      expect(toBase(n, parseUnit("km").factor)).toBe(Number(`${n}e3`));
    }
    expect(toBase(Number.POSITIVE_INFINITY, 0.01)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("the Unit class of mathjs", () => {
  it.each(["lib/cjs/type/unit/Unit.js", "moved.js"])("multiplies, divides and raises from %s", (file) => {
    const MathUnit = loadUnitClass(file);
    const joule = new MathUnit(2, "kg").multiply(new MathUnit(3, "m").pow(2)).divide(new MathUnit(4, "s").pow(2));
    expect(joule.value).toBe(18 / 16);
    expect(joule.dimensions.slice(0, 3)).toEqual([1, 2, -2]);
    expect(joule.divide(joule).dimensions.every((exponent) => exponent === 0)).toBe(true);
  });
});
