import type { UnitName } from "../expr/unit-names.ts";

/** The base units in which quantities are computed, in mathjs's order of dimensions. */
export const baseUnits = ["kg", "m", "s", "A", "K", "cd", "mol"] as const;

/** What one unit is worth: `factor` times a product of base units and of units above it, e.g. `[3600, "s"]`. */
export type UnitDefinition = readonly [factor: number, product: string];

// CODATA 2022 (doi:10.1063/5.0279860); eV and the SI derived units are exact since 2019.
const electronVolt = 1.602176634e-19;
const dalton = 1.66053906892e-27;
const bohr = 5.29177210544e-11;
const hartree = 4.359744722206e-18;
// IAU 2012 resolution B2 (au), IAU 2015 resolution B2 (pc = 648000/π au), IAU style manual (Julian year).
const astronomicalUnit = 149597870700;
const julianYear = 365.25 * 86400;
const lightSpeed = 299792458;
// IAU 2015 resolution B3: (GM)sun = 1.3271244e20 m^3/s^2, divided by the CODATA 2022 G = 6.67430e-11.
const solarMass = 1.3271244e20 / 6.6743e-11;

/** Every unit of the allow-list in terms of base units. */
export const unitTable: { readonly [K in UnitName]: UnitDefinition } = {
  m: [1, "m"],
  g: [1e-3, "kg"],
  s: [1, "s"],
  A: [1, "A"],
  K: [1, "K"],
  mol: [1, "mol"],
  cd: [1, "cd"],
  rad: [1, "1"],
  sr: [1, "1"],
  deg: [Math.PI / 180, "1"],
  "°": [Math.PI / 180, "1"],
  arcmin: [Math.PI / 10800, "1"],
  arcsec: [Math.PI / 648000, "1"],
  Hz: [1, "1/s"],
  N: [1, "kg m/s^2"],
  Pa: [1, "kg/(m s^2)"],
  J: [1, "kg m^2/s^2"],
  W: [1, "kg m^2/s^3"],
  C: [1, "A s"],
  V: [1, "kg m^2/(s^3 A)"],
  F: [1, "s^4 A^2/(kg m^2)"],
  Ω: [1, "kg m^2/(s^3 A^2)"],
  ohm: [1, "kg m^2/(s^3 A^2)"],
  S: [1, "s^3 A^2/(kg m^2)"],
  Wb: [1, "kg m^2/(s^2 A)"],
  T: [1, "kg/(s^2 A)"],
  H: [1, "kg m^2/(s^2 A^2)"],
  lm: [1, "cd"],
  lx: [1, "cd/m^2"],
  min: [60, "s"],
  h: [3600, "s"],
  d: [86400, "s"],
  day: [86400, "s"],
  yr: [julianYear, "s"],
  year: [julianYear, "s"],
  L: [1e-3, "m^3"],
  l: [1e-3, "m^3"],
  tonne: [1000, "kg"],
  bar: [1e5, "kg/(m s^2)"],
  atm: [101325, "kg/(m s^2)"],
  Torr: [101325 / 760, "kg/(m s^2)"],
  mmHg: [133.322387415, "kg/(m s^2)"],
  eV: [electronVolt, "kg m^2/s^2"],
  u: [dalton, "kg"],
  amu: [dalton, "kg"],
  Da: [dalton, "kg"],
  Å: [1e-10, "m"],
  angstrom: [1e-10, "m"],
  au: [astronomicalUnit, "m"],
  AU: [astronomicalUnit, "m"],
  pc: [(648000 / Math.PI) * astronomicalUnit, "m"],
  ly: [lightSpeed * julianYear, "m"],
  Msun: [solarMass, "kg"],
  bohr: [bohr, "m"],
  hartree: [hartree, "kg m^2/s^2"],
  erg: [1e-7, "kg m^2/s^2"],
  dyn: [1e-5, "kg m/s^2"],
  dyne: [1e-5, "kg m/s^2"],
  G: [1e-4, "kg/(s^2 A)"],
  gauss: [1e-4, "kg/(s^2 A)"],
  cal: [4.184, "kg m^2/s^2"],
};
