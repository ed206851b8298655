import type { CommandEntry } from "./command.ts";

/** Every command by name, loaded when it is used. */
export const commands = {
  compile: {
    summary: "compile a Hamiltonian to a module, LaTeX or JSON",
    load: async () => (await import("./commands/compile.ts")).compileCommand,
  },
  systems: {
    summary: "list the catalogue of systems, or show one",
    load: async () => (await import("./commands/systems.ts")).systemsCommand,
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
