import type { Command } from "commander";
import type { Terminal } from "./terminal.ts";

/** One line of a help page: a command line that works as it stands, and what it gives. */
export interface Example {
  readonly run: string;
  readonly gives: string;
}

/**
 * A command of `hnnc`: one file in `commands/`, one line in the registry `commands.ts`.
 *
 * `declare` adds the arguments and options to a commander command; `run` reads them back from it, writes data to standard
 * output and messages to standard error through the terminal, and throws an HnncError for everything that is the user's to mend.
 * `--json`, `--debug` and `--help` are there for every command; `run` obeys `--json` by giving one JSON document.
 */
export interface CliCommand {
  readonly examples: readonly Example[];
  readonly declare: (command: Command) => void;
  /** Returns the exit code, which is 0 but where the data that were printed tell of a failure. */
  readonly run: (command: Command, terminal: Terminal) => Promise<number>;
}

/** A line of the registry: what the general help needs, and how to get the rest when the command is used. */
export interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<CliCommand>;
}
