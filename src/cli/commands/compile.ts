import { Option } from "commander";
import type { Artifact, EmitOptions } from "../../codegen/target.ts";
import { type TargetName, targetNames, targets } from "../../codegen/targets.ts";
import type { Compiled } from "../../compile.ts";
import { type FileContent, writeFiles } from "../../data/write-files.ts";
import { HnncError } from "../../errors.ts";
import type { CliCommand } from "../command.ts";
import { compileArgument } from "../compile-argument.ts";
import { explain } from "../explain.ts";
import { type ParameterValues, readParameter } from "../parameter.ts";
import { interruptible } from "../signals.ts";
import { summaryOf } from "../summary.ts";
import { chooseTarget, targetOptions } from "../target-choice.ts";
import type { Terminal } from "../terminal.ts";

interface Flags extends EmitOptions {
  readonly target?: string;
  readonly output?: string | undefined;
  readonly explain?: boolean;
  readonly param?: ParameterValues;
  readonly json?: boolean;
}

export const compileCommand: CliCommand = {
  examples: [
    { run: 'hnnc compile "p^2/2 - cos(q)"', gives: "a TensorFlow.js module on standard output" },
    {
      run: 'hnnc compile "p^2/(2 m l^2) + m g l (1 - cos(theta)); m = 1 kg; l = 0.5 m; g = 9.81 m/s^2" -t js -o pendulum.mjs',
      gives: "plain JavaScript in a file; the pairing is inferred, the units are checked",
    },
    {
      run: "hnnc compile double-pendulum -t wasm -o dp.wasm",
      gives: "WebAssembly and its loader dp.mjs, from a system of the catalogue",
    },
    { run: "hnnc compile model.ham -t latex", gives: 'a file; "-" reads standard input' },
    {
      run: 'hnnc compile "p^2/2m + k q^2/2; m = 2; k = 3" --explain',
      gives: "the reading, the equations of motion, T(p) + V(q)",
    },
  ],
  declare: (command) => {
    command
      .argument("<model>", "a formula, a system of the catalogue, a file, or - for standard input")
      .option(
        "-t, --target <target>",
        `what to compile to: ${targetNames.join(", ")} (default: by the file's extension, else tfjs)`,
      )
      .option("-o, --output <file>", "write there instead of to standard output; whole or not at all", readOutput)
      .addOption(new Option("--explain", "print what was understood instead of code").conflicts("target"))
      .option("--param <name=value>", "a parameter's default; may be repeated, arrays as a=1,2,3", readParameter)
      .option("--import <module>", "tfjs: the module to import as TensorFlow.js", readImport)
      .option("--portable", "js: the same bits on every machine, some speed less")
      .option("--fma", "wasm: fused multiply-add; faster, bits differ between machines")
      .addOption(new Option("--dtype <type>", "onnx: the type of its numbers (default: f64)").choices(["f32", "f64"]));
  },
  run: async (command, terminal) => {
    const given = command.opts<Flags>();
    // As an argument `-` is standard input, as an output standard output.
    const flags = given.output === "-" ? { ...given, output: undefined } : given;
    const target = flags.explain ? "json" : chooseTarget(flags.target, flags.output);
    const options = targetOptions(flags, target);
    const { compiled } = await compileArgument("compile", command.args[0]!, flags.param);
    const artifact = interruptible(() => produce(compiled, target, options, flags, terminal));
    refuseBytesOnTerminal(artifact, target, flags, terminal);
    const files = filesOf(artifact, flags.output);
    await writeFiles(files);
    if (flags.json) await terminal.data(documentOf(compiled, target, artifact, files));
    else {
      sayWhatHappened(compiled, artifact, files, terminal);
      if (files.length === 0) await terminal.data(artifact.kind === "text" ? artifact.text : artifact.bytes);
    }
    return 0;
  },
};

/** `-o=x.mjs` is meant as `--output=x.mjs` is, though by custom a short option has no equals sign. */
function readOutput(text: string): string {
  return nonEmpty("--output", text.replace(/^=/, ""), "a file, or `-` for standard output");
}

function readImport(text: string): string {
  return nonEmpty("--import", text, "a module, such as `@tensorflow/tfjs-node`");
}

/** A shell gives an empty word where a variable was not set. */
function nonEmpty(option: string, text: string, wanted: string): string {
  if (text !== "") return text;
  throw new HnncError({
    kind: "usage",
    code: "option-missing-argument",
    message: `\`${option}\` is given nothing`,
    hint: `name ${wanted}`,
  });
}

function produce(
  compiled: Compiled,
  target: TargetName,
  options: EmitOptions,
  flags: Flags,
  terminal: Terminal,
): Artifact {
  if (!flags.explain || flags.json) return compiled.artifact(target, options);
  const plain: Terminal["styleData"] = (_style, text) => text;
  return { kind: "text", text: explain(compiled, flags.output === undefined ? terminal.styleData : plain) };
}

function refuseBytesOnTerminal(
  artifact: Artifact,
  target: TargetName,
  { output, json }: Flags,
  terminal: Terminal,
): void {
  if (artifact.kind === "text" || output !== undefined || json || !terminal.dataIsShown) return;
  throw new HnncError({
    kind: "usage",
    code: "binary-to-terminal",
    message: `\`--target ${target}\` gives bytes, which a terminal cannot show`,
    hint: `write them to a file: -o model.${targets[target].extension}`,
  });
}

/** What `-o` writes. A wasm module goes with its loader, which looks for `NAME.wasm` beside itself. */
function filesOf(artifact: Artifact, output: string | undefined): readonly FileContent[] {
  if (output === undefined) return [];
  if (artifact.kind === "text") return [{ path: output, content: artifact.text }];
  const module = { path: output, content: artifact.bytes };
  return artifact.loader !== undefined && output.endsWith(".wasm")
    ? [module, { path: output.replace(/wasm$/, "mjs"), content: artifact.loader }]
    : [module];
}

function sayWhatHappened(
  compiled: Compiled,
  artifact: Artifact,
  files: readonly FileContent[],
  terminal: Terminal,
): void {
  for (const warning of compiled.model.warnings)
    terminal.message(`${terminal.styleMessage("yellow", "warning:")} ${warning}`);
  if (terminal.messagesAreShown) terminal.message(terminal.styleMessage("dim", summaryOf(compiled)));
  for (const { path, content } of files) {
    if (terminal.messagesAreShown) terminal.message(`wrote ${path} (${Buffer.byteLength(content)} bytes)`);
  }
  if (artifact.kind === "bytes" && artifact.loader !== undefined && files.length < 2) {
    terminal.message("the bytes alone: `-o NAME.wasm` writes the loader module NAME.mjs beside them");
  }
}

/** The document of `hnnc compile --json`; the json target's is one already. */
function documentOf(
  { meta, model }: Compiled,
  target: TargetName,
  artifact: Artifact,
  files: readonly FileContent[],
): string {
  if (target === "json" && artifact.kind === "text" && files.length === 0) return artifact.text;
  const { readings, warnings } = model;
  return `${JSON.stringify({ target, ...contentOf(artifact, files), meta, readings, warnings }, null, 2)}\n`;
}

function contentOf(artifact: Artifact, files: readonly FileContent[]): Readonly<Record<string, unknown>> {
  if (files.length > 0) return { files: files.map(({ path }) => path) };
  if (artifact.kind === "text") return { text: artifact.text };
  return {
    base64: Buffer.from(artifact.bytes).toString("base64"),
    ...(artifact.loader !== undefined && { loader: artifact.loader }),
  };
}
