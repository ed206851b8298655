import { describe, expect, test } from "vitest";
import { simulateCommand } from "../../src/cli/commands/simulate.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { HnncError } from "../../src/errors.ts";
import { systems } from "../../src/systems/systems.ts";
import { hnnc } from "../support/hnnc-process.ts";

/** Runs the command in this process: what it wrote to standard output, or the error that ended it. */
async function outcomeOf(words: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const said = { stdout: "", stderr: "" };
  const terminal: Terminal = {
    dataIsShown: false,
    messagesAreShown: false,
    data: async (content) => {
      said.stdout += typeof content === "string" ? content : new TextDecoder().decode(content);
    },
    json: async (document) => {
      said.stdout += JSON.stringify(document);
    },
    message: (text) => {
      said.stderr += `${text}\n`;
    },
    line: () => {},
    size: { columns: 80, rows: 24 },
    styleData: (_, text) => text,
    styleMessage: (_, text) => text,
  };
  try {
    const code = await runCommand("simulate", "simulate", simulateCommand, words, terminal);
    return { code, ...said };
  } catch (error) {
    if (!(error instanceof HnncError)) throw error;
    return { code: error.exitCode, stdout: said.stdout, stderr: `${said.stderr}${error.format()}\n` };
  }
}

const pendulum = "p^2/2 - cos(q)";
const help = "\n  hint: `hnnc simulate --help` shows examples";

describe("what is wrong is told, with its code", () => {
  test.each<[words: string[], code: number, stderr: string]>([
    [["kepler"], 2, `error[missing-mandatory-option-value]: required option \`--t <time>\` not specified${help}`],
    [["--t", "1"], 2, `error[missing-argument]: missing required argument \`model\`${help}`],
    [["kepler", "--t", "1", "--tolerance", "3"], 2, `error[unknown-option]: unknown option \`--tolerance\`${help}`],
    [
      ["kepler", "--t", "forever"],
      2,
      "error[bad-time]: `--t forever` is no time\n  hint: write --t 100, or --t 10:100 for a start and an end",
    ],
    [
      ["kepler", "--t", "Infinity"],
      2,
      "error[bad-time]: `--t Infinity` is no time\n  hint: write --t 100, or --t 10:100 for a start and an end",
    ],
    [
      ["kepler", "--t", "1", "--dt", "0"],
      2,
      "error[bad-step]: dt = 0 is no step\n  hint: give a positive dt; a run backwards ends before it starts",
    ],
    [["kepler", "--t", "1", "--dt", "small"], 2, "error[bad-number]: `--dt small` is not a step"],
    [
      ["kepler", "--t", "1", "--dt", "0.1", "--rtol", "1e-6"],
      2,
      "error[step-and-tolerance]: dt and a tolerance exclude each other\n  hint: give dt, or rtol and atol",
    ],
    [
      ["kepler", "--t", "1", "--method", "leapfrgo"],
      2,
      "error[unknown-method]: there is no method `leapfrgo`\n  methods: auto taylor symplectic-euler leapfrog blanes-moan4 yoshida4 yoshida6 yoshida8 kahan-li8 implicit-midpoint gauss4 gauss6 tao2 tao4 rk4 dormand-prince5 dop853\n  hint: did you mean `--method leapfrog`?",
    ],
    [
      ["kepler", "--t", "1", "--method", "leapfrog"],
      2,
      "error[missing-step]: `leapfrog` needs a step\n  hint: give dt",
    ],
    [
      ["double-pendulum", "--t", "1", "--method", "leapfrog", "--dt", "0.1"],
      2,
      "error[needs-separable]: `leapfrog` needs H = T(p) + V(q), and this H mixes coordinates and momenta\n  hint: gauss4, gauss6, implicit-midpoint and tao4 are symplectic for any H; dop853 is adaptive",
    ],
    [
      ["kepler", "--t", "1", "--event", "y", "--method", "dop853"],
      2,
      "error[events-need-taylor]: events are found on the polynomials of `taylor`, with steps of its own and one tolerance\n  hint: leave out method, dt and atol",
    ],
    [
      ["kepler", "--t", "1", "--event", "y:sideways"],
      2,
      'error[bad-event]: `:sideways` says nothing about an event\n  hint: write --event "FORMULA", behind it :up :down :both :min :max :stop',
    ],
    [
      ["kepler", "--t", "1", "--event", "z - 1"],
      3,
      "error[unknown-symbol]: `z` is not a coordinate, a momentum or a parameter\n  z - 1\n  ^\n  coordinates: x, y   momenta: p_x, p_y   parameters: m, k\n  hint: add `z = 1` to make it a parameter",
    ],
    [["kepler", "--t", "1", "--samples", "1"], 2, "error[bad-number]: `--samples 1` is not a number of rows from 2"],
    [
      ["kepler", "--t", "1", "--samples", "1e300"],
      5,
      "error[too-many-samples]: 1e+300 samples of one run are more than 1000000000\n  hint: cut the time into several runs, each from where the one before ended",
    ],
    [["kepler", "--t", "1", "--workers", "0"], 2, "error[bad-number]: `--workers 0` is not a number of threads from 1"],
    [
      ["kepler", "--t", "1", "--workers", "257"],
      2,
      "error[bad-workers]: 257 workers are not possible\n  hint: give an integer from 1 to 256",
    ],
    [
      ["kepler", "--t", "1", "--ensemble", "2.5"],
      2,
      "error[bad-number]: `--ensemble 2.5` is not a number of trajectories from 1",
    ],
    [
      ["kepler", "--t", "1", "--ensemble", "1e9"],
      5,
      "error[too-many-trajectories]: 1000000000 starts of 4 numbers are more than 16777216 numbers\n  hint: draw fewer, or make a training set of any size with `hnnc generate`",
    ],
    [
      ["kepler", "--t", "1", "--seed", "4"],
      2,
      "error[unused-seed]: `--seed` draws starts, and none are drawn\n  hint: add --ensemble 64",
    ],
    [
      [pendulum, "--t", "1"],
      2,
      "error[bad-start]: the model gives no start for `q`, `p`\n  hint: give x0, [q, p], or write `q(0) = …` into the model",
    ],
    [
      ["kepler", "--t", "1", "--x0", "circle"],
      2,
      "error[bad-start]: `--x0 circle` is no state\n  hint: write `--x0 1,0,0,0`; starts of the catalogue: default, circular, eccentric",
    ],
    [
      ["kepler", "--t", "1", "--x0", "NaN,0,0,1"],
      2,
      "error[bad-start]: `--x0 NaN,0,0,1` is no state\n  hint: write `--x0 1,0,0,0`; starts of the catalogue: default, circular, eccentric",
    ],
    [
      ["kepler", "--t", "1", "--x0", "1,2"],
      2,
      "error[bad-start]: `--x0` has 2 numbers, a state has 4: x, y, p_x, p_y\n  hint: write `--x0 1,0,0,0`",
    ],
    [
      ["kepler", "--t", "1", "--x0", "x=1,z=2"],
      2,
      "error[bad-start]: `z=2` gives no entry of the state a number\n  hint: entries: x, y, p_x, p_y",
    ],
    [
      ["kepler", "--t", "1", "--param", "M=2"],
      2,
      "error[unknown-parameter]: the model has no parameter `M`\n  parameters: m k",
    ],
    [
      ["kepler", "--t", "1", "--plot", "orbit.gif"],
      2,
      "error[unknown-picture-format]: `orbit.gif` does not end in .svg or .png\n  hint: name the file picture.svg or picture.png",
    ],
    [
      ["kepler", "--t", "1", "-o", ""],
      2,
      "error[option-missing-argument]: `--output` is given nothing\n  hint: name a file, or `-` for standard output",
    ],
    [
      ["p^2/2 +", "--t", "1", "--x0", "1,0"],
      3,
      "error[syntax]: the formula ends where an operand is due, after `+`\n  p^2/2 +\n         ^\n  hint: add a number, a name or a bracket here, or delete the operator",
    ],
    [
      ["kepler", "--t", "1e300", "--dt", "1"],
      5,
      "error[too-many-steps]: 1e+300 units of time take 1e+300 steps of 1; the limit is 1000000000000",
    ],
    [
      ["missing.ham", "--t", "1"],
      9,
      "error[cannot-read]: cannot read `missing.ham`: there is no such file or directory",
    ],
  ])("%j", async (words, code, stderr) => {
    expect(await outcomeOf(words)).toEqual({ code, stdout: "", stderr: `${stderr}\n` });
  });
});

describe.concurrent("as a process: on standard error alone, with the code of its kind", () => {
  test.each<[words: string[], code: number, first: string]>([
    [["kepler"], 2, "error[missing-mandatory-option-value]: required option `--t <time>` not specified"],
    [["kepler", "--t", "1", "--dt", "0"], 2, "error[bad-step]: dt = 0 is no step"],
    [["p^2/2 +", "--t", "1"], 3, "error[syntax]: the formula ends where an operand is due, after `+`"],
    [
      ["kepler", "--t", "1e300", "--dt", "1"],
      5,
      "error[too-many-steps]: 1e+300 units of time take 1e+300 steps of 1; the limit is 1000000000000",
    ],
    [
      ["missing.ham", "--t", "1"],
      9,
      "error[cannot-read]: cannot read `missing.ham`: there is no such file or directory",
    ],
  ])("%j", async (words, code, first) => {
    const { stdout, stderr, ...rest } = await hnnc(["simulate", ...words]);
    expect([rest.code, stdout, stderr.split("\n")[0]]).toEqual([code, "", first]);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe("--x0", () => {
  const pleiades = [...systems.pleiades.initialStates.default!.x0];
  pleiades[13] = -0.25;
  test.each([
    [pendulum, "-1,0", [-1, 0]],
    [pendulum, "-1e+3,0", [-1000, 0]],
    [pendulum, "-1e-3 -.5", [-0.001, -0.5]],
    [pendulum, "+1e0, 2.5E1", [1, 25]],
    [pendulum, "p=-1,q=2", [2, -1]],
    ["kepler", "circular", [1, 0, 0, 1]],
    ["kepler", "y=-0.5", [0.4, -0.5, 0, 2]],
    ["toda", "q[2]=-1, p[6] = 3", [0.3, -1, 0.5, 0, -0.4, 0.1, 0.5, 0, -0.5, 0.2, 0.1, 3]],
    ["pleiades", "q[7,2]=-0.25", pleiades],
    ["p^2/2 + q^2/2; q(0) = 3, p(0) = -2", "q=-1", [-1, -2]],
  ])("%s: %s", async (model, x0, expected) => {
    const { code, stdout } = await outcomeOf([
      model,
      "--x0",
      x0,
      "--t",
      "1",
      "--samples",
      "2",
      "--no-picture",
      "--json",
    ]);
    expect(code).toBe(0);
    const { data, state } = JSON.parse(stdout) as { data: Record<string, number[]>; state: string[] };
    expect(state.map((name) => data[name]![0])).toEqual(expected);
  });
});

describe.concurrent("--json is one document, whatever happens", () => {
  test.each<[words: string[], code: number, kind: string]>([
    [["kepler", "--t", "1", "--dt", "0"], 2, "usage"],
    [["kepler", "--json", "--t"], 2, "usage"],
    [["p^2/2 +", "--t", "1"], 3, "formula"],
    [["kepler", "--t", "1", "--samples", "1e10"], 5, "limit"],
    [["p^2/2 - 1/q", "--t", "10", "--x0", "1,0"], 6, "diverged"],
    [["p^2/2 - 1/q", "--t", "10", "--x0", "1,0;1,3", "--method", "dop853"], 6, "diverged"],
    [["kepler", "--t", "1", "-o", "/nowhere/rows.npz"], 9, "io"],
  ])("%j", async (words, code, kind) => {
    const outcome = await hnnc(["simulate", ...words, "--json"]);
    expect(outcome.code).toBe(code);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ error: { kind } });
    expect(outcome.stderr).toMatch(/^error\[/m);
    expect(outcome.stderr).not.toMatch(/^\s+at /m);
  });

  test("of a run that diverged it holds the rows until then", async () => {
    const { stdout } = await hnnc(["simulate", "p^2/2 - 1/q", "--t", "2", "--x0", "1,0", "--samples", "5", "--json"]);
    const { rows, data, diverged, error } = JSON.parse(stdout);
    expect(rows).toBe(4);
    expect(data.t.slice(0, 3)).toEqual([0, 0.5, 1]);
    expect(diverged).toHaveLength(1);
    expect(diverged[0].time).toBe(data.t[3]);
    expect(error.notes[0]).toContain(`last good state, at t = ${data.t[3]}: [`);
  });
});
