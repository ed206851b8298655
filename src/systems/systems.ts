import { editDistance } from "../edit-distance.ts";
import { HnncError } from "../errors.ts";
import { anisotropicOscillator } from "./anisotropic-oscillator.ts";
import { argonCrystal } from "./argon-crystal.ts";
import { bosonicJosephson } from "./bosonic-josephson.ts";
import { caldirolaKanai } from "./caldirola-kanai.ts";
import { calogeroMoser } from "./calogero-moser.ts";
import { cartPendulum } from "./cart-pendulum.ts";
import { chargedParticle } from "./charged-particle.ts";
import { coupledOscillators } from "./coupled-oscillators.ts";
import { coupledQuartic } from "./coupled-quartic.ts";
import { dampedPendulum } from "./damped-pendulum.ts";
import { diamagneticKepler } from "./diamagnetic-kepler.ts";
import { dnls } from "./dnls.ts";
import { doublePendulum } from "./double-pendulum.ts";
import { doubleWell } from "./double-well.ts";
import { drivenPendulum } from "./driven-pendulum.ts";
import { duffing } from "./duffing.ts";
import { elasticPendulum } from "./elastic-pendulum.ts";
import { figureEight } from "./figure-eight.ts";
import { fputAlpha } from "./fput-alpha.ts";
import { fputBeta } from "./fput-beta.ts";
import { gradedIndexFibre } from "./graded-index-fibre.ts";
import { harmonicOscillator } from "./harmonic-oscillator.ts";
import { heavyTop } from "./heavy-top.ts";
import { henonHeiles } from "./henon-heiles.ts";
import { hillProblem } from "./hill-problem.ts";
import { kapitzaPendulum } from "./kapitza-pendulum.ts";
import { kepler } from "./kepler.ts";
import { lennardJones } from "./lennard-jones.ts";
import { logarithmicPotential } from "./logarithmic-potential.ts";
import { lotkaVolterra } from "./lotka-volterra.ts";
import { meanField } from "./mean-field.ts";
import { morse } from "./morse.ts";
import { mullerBrown } from "./muller-brown.ts";
import { nBody } from "./n-body.ts";
import { outerSolarSystem } from "./outer-solar-system.ts";
import { paulTrap } from "./paul-trap.ts";
import { pendulum } from "./pendulum.ts";
import { pendulumSi } from "./pendulum-si.ts";
import { penningTrap } from "./penning-trap.ts";
import { phi4Lattice } from "./phi4-lattice.ts";
import { pleiades } from "./pleiades.ts";
import { pointVortices } from "./point-vortices.ts";
import { poschlTeller } from "./poschl-teller.ts";
import { pythagorean } from "./pythagorean.ts";
import { quarticOscillator } from "./quartic-oscillator.ts";
import { relativisticOscillator } from "./relativistic-oscillator.ts";
import { restrictedThreeBody } from "./restricted-three-body.ts";
import { rigidBody } from "./rigid-body.ts";
import { rotatingHoop } from "./rotating-hoop.ts";
import { ruijsenaarsSchneider } from "./ruijsenaars-schneider.ts";
import { schwarzschild } from "./schwarzschild.ts";
import { sineGordon } from "./sine-gordon.ts";
import { sphericalPendulum } from "./spherical-pendulum.ts";
import { spring } from "./spring.ts";
import { stormer } from "./stormer.ts";
import { swingingAtwood } from "./swinging-atwood.ts";
import type { System } from "./system.ts";
import { threeBody } from "./three-body.ts";
import { toda } from "./toda.ts";
import { todaOpen } from "./toda-open.ts";
import { trappedIons } from "./trapped-ions.ts";
import { twoBody } from "./two-body.ts";
import { twoFixedCentres } from "./two-fixed-centres.ts";
import { wilberforcePendulum } from "./wilberforce-pendulum.ts";

/** The catalogue, by name. A new system is a file beside this one and a line here. */
export const systems = {
  "harmonic-oscillator": harmonicOscillator,
  spring: spring,
  "anisotropic-oscillator": anisotropicOscillator,
  "coupled-oscillators": coupledOscillators,
  "quartic-oscillator": quarticOscillator,
  "coupled-quartic": coupledQuartic,
  duffing: duffing,
  "double-well": doubleWell,
  morse: morse,
  "poschl-teller": poschlTeller,
  "relativistic-oscillator": relativisticOscillator,
  "caldirola-kanai": caldirolaKanai,
  "muller-brown": mullerBrown,
  pendulum: pendulum,
  "pendulum-si": pendulumSi,
  "damped-pendulum": dampedPendulum,
  "driven-pendulum": drivenPendulum,
  "kapitza-pendulum": kapitzaPendulum,
  "rotating-hoop": rotatingHoop,
  "double-pendulum": doublePendulum,
  "spherical-pendulum": sphericalPendulum,
  "elastic-pendulum": elasticPendulum,
  "swinging-atwood": swingingAtwood,
  "cart-pendulum": cartPendulum,
  "wilberforce-pendulum": wilberforcePendulum,
  "henon-heiles": henonHeiles,
  kepler: kepler,
  "two-body": twoBody,
  "three-body": threeBody,
  "figure-eight": figureEight,
  pythagorean: pythagorean,
  "n-body": nBody,
  "outer-solar-system": outerSolarSystem,
  pleiades: pleiades,
  "restricted-three-body": restrictedThreeBody,
  "hill-problem": hillProblem,
  "two-fixed-centres": twoFixedCentres,
  "logarithmic-potential": logarithmicPotential,
  schwarzschild: schwarzschild,
  toda: toda,
  "toda-open": todaOpen,
  "fput-alpha": fputAlpha,
  "fput-beta": fputBeta,
  "phi4-lattice": phi4Lattice,
  "sine-gordon": sineGordon,
  dnls: dnls,
  "calogero-moser": calogeroMoser,
  "ruijsenaars-schneider": ruijsenaarsSchneider,
  "mean-field": meanField,
  "lennard-jones": lennardJones,
  "argon-crystal": argonCrystal,
  "trapped-ions": trappedIons,
  "charged-particle": chargedParticle,
  stormer: stormer,
  "penning-trap": penningTrap,
  "paul-trap": paulTrap,
  "diamagnetic-kepler": diamagneticKepler,
  "heavy-top": heavyTop,
  "rigid-body": rigidBody,
  "lotka-volterra": lotkaVolterra,
  "point-vortices": pointVortices,
  "bosonic-josephson": bosonicJosephson,
  "graded-index-fibre": gradedIndexFibre,
} as const satisfies Record<string, System>;

export type SystemName = keyof typeof systems;

/** The names of the catalogue in the order of the registry. */
export const systemNames = Object.keys(systems) as readonly SystemName[];

/** Whether `name` is the name of a system. */
export function isSystemName(name: string): name is SystemName {
  return Object.hasOwn(systems, name);
}

/**
 * The system called `name`.
 *
 * @throws HnncError `unknown-system` with the nearest names
 * @example findSystem("henon-heiles").model
 */
export function findSystem(name: string): System {
  if (isSystemName(name)) return systems[name];
  const near = nearestSystems(name);
  throw new HnncError({
    kind: "usage",
    code: "unknown-system",
    message: `\`${name}\` is not a system of the catalogue`,
    ...(near.length > 0 && { notes: [`nearest: ${near.join(", ")}`] }),
    hint: near.length > 0 ? `\`hnnc systems ${near[0]}\`` : "`hnnc systems` lists the names",
  });
}

/** Up to three names that `name` may have been meant to be: those that contain it, then those a few letters away. */
export function nearestSystems(name: string): readonly SystemName[] {
  const wanted = name.toLowerCase().replace(/[\s_]+/g, "-");
  const ranked = systemNames
    .map((candidate) => ({ candidate, distance: distanceTo(wanted, candidate) }))
    .filter(({ distance }) => distance <= Math.max(2, wanted.length / 3));
  ranked.sort((a, b) => a.distance - b.distance);
  return ranked.slice(0, 3).map(({ candidate }) => candidate);
}

function distanceTo(wanted: string, candidate: string): number {
  if (wanted.length > 2 && candidate.includes(wanted)) return 0.5;
  return editDistance(wanted, candidate);
}
