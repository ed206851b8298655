import { Option } from "commander";
import type { Artifact, EmitOptions, Target } from "../../codegen/target.ts";
import { targets } from "../../codegen/targets.ts";
import { type Compiled, compile } from "../../compile.ts";
import { HnncError } from "../../errors.ts";
import type { CliCommand } from "../command.ts";
import { looksLikeName, readModelArgument } from "../model-argument.ts";
import { readParameter } from "../parameter.ts";
import { interruptible } from "../signals.ts";
import { nearest } from "../suggest.ts";
import { summaryOf } from "../summary.ts";
import type { Terminal } from "../terminal.ts";
import { type FileContent, writeFiles } from "../write-files.ts";

interface Flags extends EmitOptions {
  readonly target?: string;
  readonly output?: string;
  readonly explain?: boolean;
  readonly param: Readonly<Record<string, number | readonly number[]>>;
  readonly json?: boolean;
}

const allTargets: Readonly<Record<string, Target>> = targets;

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
        `what to compile to: ${Object.keys(allTargets).join(", ")} (default: by the file's extension, else tfjs)`,
      )
      .option("-o, --output <file>", "write there instead of to standard output; whole or not at all")
      .addOption(new Option("--explain", "print what was understood instead of code").conflicts("target"))
      .option("--param <name=value>", "a parameter's default; may be repeated, arrays as a=1,2,3", readParameter, {})
      .option("--import <module>", "tfjs: the module to import as TensorFlow.js")
      .option("--portable", "js: the same bits on every machine, some speed less")
      .option("--fma", "wasm: fused multiply-add; faster, bits differ between machines");
  },
  run: async (command, terminal) => {
    const flags = command.opts<Flags>();
    const target = chooseTarget(flags);
    const options = emitOptions(flags, target);
    const compiled = await compileArgument(command.args[0]!, flags);
    const artifact = interruptible(() => produce(compiled, target, options, flags));
    refuseBytesOnTerminal(artifact, target, flags, terminal);
    const files = filesOf(artifact, flags.output);
    await writeFiles(files);
    if (!flags.json) sayWhatHappened(compiled, artifact, files, terminal);
    if (flags.json && (target.name !== "json" || files.length > 0))
      await terminal.json(documentOf(compiled, target, artifact, files));
    else if (files.length === 0) await terminal.data(artifact.kind === "text" ? artifact.text : artifact.bytes);
    return 0;
  },
};

function chooseTarget({ target, output, explain }: Flags): Target {
  if (explain) return allTargets.json!;
  if (target !== undefined && Object.hasOwn(allTargets, target)) return allTargets[target]!;
  const names = Object.keys(allTargets);
  if (target !== undefined) {
    const close = nearest(target, names);
    throw new HnncError({
      kind: "usage",
      code: "unknown-target",
      message: `\`${target}\` is not a target`,
      notes: [`targets: ${names.join(", ")}`],
      hint: close ? `did you mean \`--target ${close}\`?` : "`hnnc targets` says what each is",
    });
  }
  const extension = output?.match(/\.(\w+)$/)?.[1];
  const byExtension = Object.values(allTargets).filter((candidate) => candidate.extension === extension);
  return byExtension.length === 1 ? byExtension[0]! : allTargets.tfjs!;
}

const optionNames = ["import", "portable", "fma"] as const satisfies readonly (keyof EmitOptions)[];

function emitOptions(flags: Flags, target: Target): EmitOptions {
  const given = optionNames.filter((name) => flags[name] !== undefined);
  for (const name of given) {
    if (target.options.includes(name) && !flags.explain) continue;
    const others = Object.values(allTargets).filter(({ options }) => options.includes(name));
    throw new HnncError({
      kind: "usage",
      code: "option-not-for-target",
      message: `\`--${name}\` says nothing to ${flags.explain ? "`--explain`" : `the target \`${target.name}\``}`,
      hint: `it goes with ${others.map((other) => `\`--target ${other.name}\``).join(", ")}`,
    });
  }
  return Object.fromEntries(given.map((name) => [name, flags[name]]));
}

function refuseBytesOnTerminal(
  artifact: Artifact,
  { name, extension }: Target,
  { output, json }: Flags,
  terminal: Terminal,
): void {
  if (artifact.kind === "text" || output !== undefined || json || !terminal.dataIsShown) return;
  throw new HnncError({
    kind: "usage",
    code: "binary-to-terminal",
    message: `\`--target ${name}\` gives bytes, which a terminal cannot show`,
    hint: `write them to a file: -o model.${extension}`,
  });
}

async function compileArgument(argument: string, { param }: Flags): Promise<Compiled> {
  const model = await readModelArgument(argument);
  try {
    return interruptible(() => compile(model.kind === "system" ? model.system : model.text, { parameters: param }));
  } catch (error) {
    throw (await meantSystem(argument, error)) ?? error;
  }
}

/** A name that is no formula, such as `double-pendlum`, was meant for the catalogue. */
async function meantSystem(argument: string, error: unknown): Promise<HnncError | undefined> {
  if (!(error instanceof HnncError) || error.kind !== "formula" || !looksLikeName(argument)) return undefined;
  const { nearestSystems } = await import("../../systems/systems.ts");
  const [close] = nearestSystems(argument);
  if (close === undefined) return undefined;
  return new HnncError({
    kind: "usage",
    code: "unknown-system",
    message: `\`${argument}\` is neither a formula nor a system of the catalogue`,
    hint: `did you mean \`hnnc compile ${close}\`?`,
    cause: error,
  });
}

function produce(compiled: Compiled, target: Target, options: EmitOptions, { explain, json }: Flags): Artifact {
  if (explain && !json) return { kind: "text", text: `${compiled.explain()}\n` };
  return compiled.emit(target.name, options);
}

/** What `-o` writes; a binary module goes with its loader beside it, under the same name. */
function filesOf(artifact: Artifact, output: string | undefined): readonly FileContent[] {
  if (output === undefined) return [];
  if (artifact.kind === "text") return [{ path: output, content: artifact.text }];
  return [
    { path: output, content: artifact.bytes },
    { path: `${output.replace(/\.\w+$/, "")}.mjs`, content: artifact.loader },
  ];
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
  if (artifact.kind === "bytes" && files.length === 0)
    terminal.message("the loader module is written beside the bytes with -o FILE");
}

/** The document of `hnnc compile --json`. */
function documentOf(compiled: Compiled, target: Target, artifact: Artifact, files: readonly FileContent[]): unknown {
  const { meta, model } = compiled;
  const content =
    files.length > 0
      ? { files: files.map(({ path }) => path) }
      : artifact.kind === "text"
        ? { text: artifact.text }
        : { base64: Buffer.from(artifact.bytes).toString("base64"), loader: artifact.loader };
  return { target: target.name, ...content, meta, readings: model.readings, warnings: model.warnings };
}
