import type { Example } from "./command.ts";
import { commands } from "./commands.ts";
import { columns, exampleLines } from "./help-layout.ts";
import type { Terminal } from "./terminal.ts";

const examples: readonly Example[] = [
  { run: 'hnnc compile "p^2/2 - cos(q)"', gives: "a TensorFlow.js module on standard output" },
  { run: 'hnnc compile "p^2/2 - cos(q)" --explain', gives: "the reading, the equations of motion, T(p) + V(q)" },
  { run: "hnnc compile double-pendulum --target js -o dp.mjs", gives: "a system of the catalogue as plain JavaScript" },
  { run: "hnnc compile model.ham --target latex", gives: 'a model in a file ("-" reads standard input)' },
  { run: 'hnnc simulate "p^2/2 - cos(q)" --x0 1,0 --t 100', gives: "the motion: table, energy, picture" },
  { run: "hnnc generate pendulum --noise 0.1 -o pend.npz", gives: "a training set with derivatives and a split" },
  { run: "hnnc check double-pendulum", gives: "two independent roads to every number of a formula" },
];

/** The page of `hnnc --help`. */
export function generalHelp(style: Terminal["styleData"]): string {
  const heading = (text: string) => style("bold", text);
  return [
    "hnnc compiles a Hamiltonian, written as text, to TensorFlow.js, JavaScript, WebAssembly, LaTeX or JSON, and simulates it.",
    "",
    heading("Examples"),
    exampleLines(examples, style),
    "",
    heading("Commands"),
    columns(Object.entries(commands).map(([name, { summary }]) => [name, summary])),
    "",
    heading("Options"),
    columns([
      ["-h, --help", "this page; after a command, its page"],
      ["-V, --version", "the version"],
      ["--json", "one JSON document instead of text"],
      ["--debug", "a stack trace with an error"],
    ]),
    "",
    "",
  ].join("\n");
}
