import { Command, CommanderError } from "commander";
import { HnncError } from "../errors.ts";
import type { CliCommand } from "./command.ts";
import { exampleLines } from "./help-layout.ts";
import type { Terminal } from "./terminal.ts";

/** Reads the words after the command's name and runs the command. Returns the exit code. */
export async function runCommand(
  name: string,
  summary: string,
  definition: CliCommand,
  words: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const command = declareCommand(name, summary, definition, terminal);
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text), writeErr: () => {} });
  let exitCode = 0;
  command.action(async () => {
    exitCode = await definition.run(command, terminal);
  });
  try {
    await command.parseAsync(shelterFormulas(words, command), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(name, error);
    await terminal.data(help);
  }
  return exitCode;
}

function declareCommand(name: string, summary: string, definition: CliCommand, terminal: Terminal): Command {
  const heading = (text: string) => terminal.styleData("bold", text);
  const examples = [heading("Examples"), exampleLines(definition.examples, terminal.styleData), ""];
  const command = new Command(`hnnc ${name}`)
    .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`)
    .exitOverride()
    .allowExcessArguments(false)
    .configureHelp({ styleTitle: heading })
    .addHelpText("beforeAll", [...examples, ""].join("\n"));
  definition.declare(command);
  return command
    .option("--json", "print one JSON document instead of text")
    .option("--debug", "print a stack trace with an error")
    .helpOption("-h, --help", "print this page");
}

/**
 * Moves formulas that begin with a minus behind `--`, where they cannot be taken for options: `-cos(q) + p^2/2`.
 * An option has no space, bracket or operator before its `=`; what stands behind an option that takes a value is that
 * value: `--x0 -1e+3,0`.
 */
function shelterFormulas(words: readonly string[], command: Command): readonly string[] {
  if (words.includes("--")) return words;
  const formulas: string[] = [];
  const others: string[] = [];
  for (let k = 0; k < words.length; k++) {
    const word = words[k]!;
    if (/^-[^-]/.test(word) && /[\s()^*+/|]/.test(word.split("=", 1)[0]!)) formulas.push(word);
    else others.push(word);
    const takesValue = command.options.some(({ required, long, short }) => required && [long, short].includes(word));
    if (takesValue && k + 1 < words.length) others.push(words[++k]!);
  }
  return formulas.length === 0 ? words : [...others, "--", ...formulas];
}

/** commander's message in the form of our own errors. */
function usageError(name: string, error: CommanderError): HnncError {
  const [headline = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const meant = suggestion?.match(/^\(Did you mean (?:one of )?(.*)\?\)$/)?.[1];
  return new HnncError({
    kind: "usage",
    code: error.code.replace(/^commander\./, "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    message: headline.replace(/'([^']*)'/g, "`$1`"),
    hint: meant ? `did you mean \`${meant}\`?` : `\`hnnc ${name} --help\` shows examples`,
    cause: error,
  });
}
