import { HnncError } from "../errors.ts";
import { version } from "../version.ts";
import type { CliCommand } from "./command.ts";
import { type CommandName, commands, isCommandName } from "./commands.ts";
import { generalHelp } from "./general-help.ts";
import { obeySignals } from "./signals.ts";
import { nearest } from "./suggest.ts";
import { ClosedPipe, processTerminal, type Terminal } from "./terminal.ts";

/**
 * Runs one command line.
 *
 * @param words the words after `hnnc`
 * @returns the exit code: 0, or by the kind of error (`exitCodes` in errors.ts)
 */
export async function runCli(words: readonly string[]): Promise<number> {
  const terminal = processTerminal();
  obeySignals();
  try {
    return await dispatch(words, terminal);
  } catch (error) {
    if (error instanceof ClosedPipe) return 0;
    return report(error, words, terminal).catch((second) => (second instanceof ClosedPipe ? 0 : 9));
  }
}

async function dispatch(words: readonly string[], terminal: Terminal): Promise<number> {
  const [first = "", ...rest] = words;
  if (first === "--version" || first === "-V") {
    await terminal.data(`${version}\n`);
    return 0;
  }
  if (first === "" || first === "--help" || first === "-h" || (first === "help" && rest.length === 0)) {
    const help = generalHelp(terminal.styleData);
    if (first !== "" || words.length > 0) await terminal.data(help);
    else terminal.message(help.trimEnd());
    return words.length === 0 ? 2 : 0;
  }
  const [name, parameters] = first === "help" ? [rest[0]!, ["--help"]] : [first, rest];
  if (!isCommandName(name)) throw unknownCommand(name);
  const command: CliCommand = await commands[name].load();
  const { runCommand } = await import("./run-command.ts");
  return runCommand(name, commands[name].summary, command, parameters, terminal);
}

function unknownCommand(word: string): HnncError {
  const names = Object.keys(commands) as CommandName[];
  const close = nearest(word, names);
  // A formula, or options before the command.
  const isModel = !close && (/[\s()^*/+=]/.test(word) || word.includes("."));
  return new HnncError({
    kind: "usage",
    code: "unknown-command",
    message: word.startsWith("-") && !isModel ? `\`hnnc ${word}\` names no command` : `\`${word}\` is not a command`,
    notes: [`commands: ${names.join(", ")}`],
    hint: close ? `did you mean \`hnnc ${close}\`?` : isModel ? `hnnc compile "${word}"` : "hnnc --help shows examples",
  });
}

/** Tells what went wrong: a message to the person, with `--json` also a document on standard output. */
async function report(error: unknown, words: readonly string[], terminal: Terminal): Promise<number> {
  const known = error instanceof HnncError ? error : internalError(error);
  const [headline = "", ...lines] = known.format().split("\n");
  const colon = headline.indexOf(":") + 1;
  const mark = (line: string) => (/^\s*\^+$/.test(line) ? terminal.styleMessage("red", line) : line);
  const head = terminal.styleMessage(["bold", "red"], headline.slice(0, colon)) + headline.slice(colon);
  terminal.message([head, ...lines.map(mark)].join("\n"));
  if (words.includes("--debug")) terminal.message(stackOf(error));
  if (words.includes("--json")) await terminal.json({ error: known });
  return known.exitCode;
}

function internalError(error: unknown): HnncError {
  return new HnncError({
    kind: "internal",
    code: "internal",
    message: error instanceof Error ? error.message : String(error),
    hint: "this is a bug in hnnc; --debug shows where it happened",
    cause: error,
  });
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? `${error.stack}` : `${error.stack}\ncaused by: ${stackOf(error.cause)}`;
}
