import { HnncError } from "../../errors.ts";
import { type Lyapunov, lyapunov } from "../../simulation/lyapunov.ts";
import type { CliCommand } from "../command.ts";
import { compileArgument } from "../compile-argument.ts";
import { numberReader } from "../number-option.ts";
import { type ParameterValues, readParameter } from "../parameter.ts";
import { startProgress } from "../progress.ts";
import { readStarts, readTimeSpan } from "../simulation-options.ts";

interface Flags {
  readonly t: readonly [number, number];
  readonly x0?: string;
  readonly seed?: number;
  readonly rtol?: number;
  readonly param?: ParameterValues;
  readonly json?: boolean;
}

export const lyapunovCommand: CliCommand = {
  examples: [
    {
      run: "hnnc lyapunov henon-heiles --x0 0,-0.25,0.42,0 --t 1e5",
      gives: "the exponent with its error, MEGNO, whether the motion is chaotic, and how all of it converged",
    },
    { run: "hnnc lyapunov double-pendulum --t 1000 --json", gives: "the same as JSON" },
    { run: 'hnnc lyapunov "p^2/2 - cos(q)" --x0 1,0 --t 1e4', gives: "regular motion: the exponent falls as ln(t)/t" },
  ],
  declare: (command) => {
    const whole = { wanted: "a seed", least: 0, most: Number.MAX_SAFE_INTEGER, whole: true };
    command
      .argument("<model>", "a formula, a system of the catalogue, a file, or - for standard input")
      .requiredOption("--t <time>", "the end of the run, or its start and end as 10:100", readTimeSpan)
      .option("--x0 <state>", "the start: 1,0 or q=1,p=0 or a name of the catalogue (default: the model's own)")
      .option(
        "--seed <number>",
        "of the first displacement, which should not matter (default: 0)",
        numberReader("--seed", whole),
      )
      .option(
        "--rtol <error>",
        "error of a step (default: round-off)",
        numberReader("--rtol", { wanted: "an error of a step", least: 1e-17, most: 0.1 }),
      )
      .option("--param <name=value>", "a parameter of the model; may be repeated, arrays as a=1,2,3", readParameter);
  },
  run: async (command, terminal) => {
    const { t, x0, seed, rtol, param, json } = command.opts<Flags>();
    const { compiled, system } = await compileArgument("lyapunov", command.args[0]!, param);
    const [usual] = Object.values(system?.initialStates ?? {});
    const start = x0 === undefined ? usual?.x0 : readStarts(x0, compiled.model, system);
    if (start && start.length > compiled.meta.dimension) throw severalStarts();
    const progress = startProgress("following", terminal);
    const found = await lyapunov(compiled, { t, x0: start, seed, rtol, progress: progress.at }).finally(progress.end);
    const duration = Math.abs(t[1] - t[0]);
    if (json) await terminal.json(documentOf(found, duration));
    else await terminal.data(textOf(found, duration, compiled.model.inUnits, terminal.styleData));
    return 0;
  },
};

function severalStarts(): HnncError {
  return new HnncError({
    kind: "usage",
    code: "bad-start",
    message: "an exponent is that of one start, and `--x0` gives several",
    hint: "run the command for each",
  });
}

/** Running values at powers of ten of the time, and at its end. */
function milestones({ history }: Lyapunov, duration: number) {
  const { times, exponents, megno } = history;
  const rows: { readonly t: number; readonly exponent: number; readonly megno: number }[] = [];
  const at = (time: number) => {
    const k = times.findIndex((each) => each >= time);
    if (k >= 0) rows.push({ t: times[k]!, exponent: exponents[k]!, megno: megno[k]! });
  };
  for (let power = Math.floor(Math.log10(duration)) - 3; 10 ** power < 0.99 * duration; power++) at(10 ** power);
  at(times.at(-1)!);
  return rows;
}

function documentOf(found: Lyapunov, duration: number) {
  const { exponent, error, lyapunovTime = null, megno, verdict, state, steps, seed } = found;
  const convergence = milestones(found, duration);
  return { exponent, error, lyapunovTime, megno, verdict, t: duration, seed, steps, state: [...state], convergence };
}

const meanings = {
  chaotic: "chaotic: neighbours part exponentially",
  regular: "regular over this time: neighbours part no faster than linearly",
  undecided: "undecided: follow it longer",
} as const;

type Style = (style: "bold" | "dim", text: string) => string;

function textOf(found: Lyapunov, duration: number, inUnits: boolean, style: Style): string {
  const { exponent, error, lyapunovTime, megno, verdict, steps, seed } = found;
  const per = inUnits ? " 1/s" : " per unit of time";
  const time = inUnits ? " s" : "";
  // Rounding leaves no more than ten digits.
  const digits = Math.min(10, Math.max(0, 1 - Math.floor(Math.log10(error || 1e-10))));
  const small = Math.max(Math.abs(exponent), error) < 1e-3;
  const number = (value: number) => (small ? value.toExponential(1) : value.toFixed(digits));
  const lines = [
    `maximal Lyapunov exponent  ${style("bold", `${number(exponent)} ± ${error.toExponential(1)}`)}${per}`,
    ...(lyapunovTime === undefined ? [] : [`Lyapunov time              ${lyapunovTime.toPrecision(4)}${time}`]),
    `MEGNO                      ${megno.toFixed(2)} (2: quasi-periodic; growing: exponential)`,
    `                           ${style("bold", meanings[verdict])}`,
    "",
    style("dim", "         t   ln(growth)/t      MEGNO"),
    ...milestones(found, duration).map(
      (row) =>
        `${row.t.toPrecision(4).padStart(10)}${row.exponent.toPrecision(5).padStart(15)}${row.megno.toFixed(3).padStart(11)}`,
    ),
    "",
    style("dim", `${steps} steps of Taylor series, first displacement by seed ${seed}`),
  ];
  return `${lines.join("\n")}\n`;
}
