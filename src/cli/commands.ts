import type { CommandEntry } from "./command.ts";

/** Every command by name, loaded when it is used. */
export const commands = {
  compile: {
    summary: "compile a Hamiltonian to a module, LaTeX or JSON",
    load: async () => (await import("./commands/compile.ts")).compileCommand,
  },
  simulate: {
    summary: "integrate the motion: method chosen and told, table, energy, picture, files",
    load: async () => (await import("./commands/simulate.ts")).simulateCommand,
  },
  generate: {
    summary: "make a training set: trajectories with derivatives, noise and a split",
    load: async () => (await import("./commands/generate.ts")).generateCommand,
  },
  merge: {
    summary: "join the shards of `hnnc generate --shard k/n`",
    load: async () => (await import("./commands/merge.ts")).mergeCommand,
  },
  convert: {
    summary: "read measured or other data: columns, gaps, derivatives, any format",
    load: async () => (await import("./commands/convert.ts")).convertCommand,
  },
  plot: {
    summary: "draw trajectories: phase plane, energy, time, sections, orbits; SVG, PNG, terminal",
    load: async () => (await import("./commands/plot.ts")).plotCommand,
  },
  train: {
    summary: "learn from data: networks alone, or what a formula leaves open",
    load: async () => (await import("./commands/train.ts")).trainCommand,
  },
  eval: {
    summary: "judge a trained model: losses, energies, valid time, drift",
    load: async () => (await import("./commands/eval.ts")).evalCommand,
  },
  reproduce: {
    summary: "do published work again: their figures, ours, and those of hybrid models",
    load: async () => (await import("./commands/reproduce.ts")).reproduceCommand,
  },
  section: {
    summary: "compute a Poincaré section or closest approaches, to round-off",
    load: async () => (await import("./commands/section.ts")).sectionCommand,
  },
  lyapunov: {
    summary: "measure the maximal Lyapunov exponent and MEGNO of a trajectory",
    load: async () => (await import("./commands/lyapunov.ts")).lyapunovCommand,
  },
  check: {
    summary: "check every number of a formula by two independent roads",
    load: async () => (await import("./commands/check.ts")).checkCommand,
  },
  systems: {
    summary: "list the catalogue of systems, or show one",
    load: async () => (await import("./commands/systems.ts")).systemsCommand,
  },
  integrators: {
    summary: "list the methods of integration, or show one",
    load: async () => (await import("./commands/integrators.ts")).integratorsCommand,
  },
  targets: {
    summary: "list what a Hamiltonian can be compiled to",
    load: async () => (await import("./commands/targets.ts")).targetsCommand,
  },
  doctor: {
    summary: "show what is installed and which engines work here",
    load: async () => (await import("./commands/doctor.ts")).doctorCommand,
  },
} as const satisfies Record<string, CommandEntry>;

export type CommandName = keyof typeof commands;

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}
