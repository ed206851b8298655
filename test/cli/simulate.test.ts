import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { readDataset } from "../../src/data/read.ts";
import { simulate } from "../../src/simulate.ts";
import { systems } from "../../src/systems/systems.ts";
import { version } from "../../src/version.ts";
import { hnnc, shell } from "../support/hnnc-process.ts";

const folder = mkdtempSync(join(tmpdir(), "hnnc-simulate-"));
afterAll(() => rmSync(folder, { recursive: true }));
const cwd = folder;

const escapes = new RegExp(`${String.fromCharCode(27)}\\[`);
const pendulum = "p^2/2 - cos(q)";

/** Runs `hnnc simulate` without a picture; fails unless it ends well. */
async function run(...words: string[]): Promise<{ stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await hnnc(["simulate", ...words, "--no-picture"], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.anything() });
  return { stdout, stderr };
}

/** The lines of a CSV that hold numbers. */
function rowsOf(csv: string): number[][] {
  const [, ...rows] = csv
    .trimEnd()
    .split("\n")
    .filter((line) => !line.startsWith("#"));
  return rows.map((line) => line.split(",").map(Number));
}

function contentOf({ coordinates, momenta, times, states, energies, derivatives, runs, provenance }: Dataset) {
  return { coordinates, momenta, times, states, energies, derivatives, runs, provenance };
}

describe.concurrent("rows on standard output", () => {
  test("are a CSV with its origin in comments, in the bits of the library; what was done is told beside them", async () => {
    const { stdout, stderr } = await run(pendulum, "--x0", "1,0", "--t", "10", "--samples", "3");
    const { times, states, energies } = await simulate(compile(pendulum), { x0: [1, 0], t: 10, samples: 3 });
    const rows = Array.from(times, (t, k) => [t, states[2 * k], states[2 * k + 1], energies![k]].join(","));
    expect(stdout.split("\n")).toEqual([
      "# hnnc dataset: 1",
      '# coordinates: ["q"]',
      '# momenta: ["p"]',
      `# hnnc: "${version}"`,
      '# formula: "p^2/2 - cos(q)"',
      "# parameters: {}",
      '# method: "taylor"',
      "# rtol: 2.220446049250313e-16",
      '# bits: "portable"',
      "t,q,p,H",
      ...rows,
      "",
    ]);
    expect(stderr.split("\n")).toEqual([
      "  method  taylor: neither step nor tolerance was given: Taylor series, exact to round-off",
      expect.stringMatching(/^ {2}work {4}33 steps, [\d.]+ m?s$/),
      expect.stringMatching(
        /^ {2}energy {2}H = -0\.540302, relative error at most \S+, drift \S+ ± \S+ a unit of time$/,
      ),
      "",
    ]);
  });

  test("with derivatives, and `-o -`", async () => {
    const { stdout } = await run(pendulum, "--x0", "1,0", "--t", "1", "--samples", "2", "--derivatives", "-o", "-");
    expect(stdout).toContain("\nt,q,p,H,dq/dt,dp/dt\n0,1,0,-0.5403023058681398,0,-0.8414709848078965\n");
    expect(stdout).toContain('# derivatives: "field"\n');
  });

  test("a picture goes where messages go, without colours", async () => {
    const { code, stdout, stderr } = await hnnc(["simulate", pendulum, "--x0", "1,0", "--t", "10"]);
    expect([code, rowsOf(stdout).length]).toEqual([0, 1001]);
    expect(stderr).toMatch(/[⠁-⣿]/);
    expect(stdout + stderr).not.toMatch(escapes);
  });

  test("fixed steps, tolerances and their reasons", async () => {
    const [fixed, loose] = await Promise.all([
      run("kepler", "--t", "10", "--dt", "0.01"),
      run("kepler", "--t", "10", "--method", "dop853", "--rtol", "1e-8", "--atol", "1e-9"),
    ]);
    expect(fixed.stderr).toMatch(
      /^ {2}method {2}kahan-li8: H = T\(p\) \+ V\(q\) and 1000 steps: explicit, symplectic, of order 8\n {2}work {4}1000 steps of 0\.01, \d+ evaluations, /,
    );
    expect(fixed.stdout).toContain('\n# method: "kahan-li8"\n# dt: 0.01\n');
    expect(loose.stderr).toMatch(
      /^ {2}method {2}dop853: as was asked for\n {2}work {4}\d+ steps, \d+ evaluations, \d+ rejected, /,
    );
    expect(loose.stdout).toContain('\n# method: "dop853"\n# rtol: 1e-8\n# atol: 1e-9\n');
  });

  test("where H is not conserved, it is said so", async () => {
    const { stderr } = await run("damped-pendulum", "--t", "10", "--samples", "11");
    expect(stderr).toMatch(/energy {2}H goes from 2\.08\d* to \S+; it is not conserved here\n/);
  });
});

describe.concurrent("starts", () => {
  test("of the catalogue's own, and of the model's", async () => {
    const [system, text] = await Promise.all([
      run("figure-eight", "--t", "1", "--samples", "2"),
      run("p^2/2 + q^2/2; q(0) = 3, p(0) = -2", "--t", "-1:2", "--samples", "2"),
    ]);
    expect(rowsOf(system.stdout)[0]!.slice(1, 3)).toEqual([0.97000436, -0.24308753]);
    expect(rowsOf(text.stdout).map(([t]) => t)).toEqual([-1, 2]);
    expect(rowsOf(text.stdout)[0]!.slice(1, 3)).toEqual([3, -2]);
  });

  test("several, with semicolons: a column tells the run", async () => {
    const { stdout } = await run("kepler", "--x0", "circular; 1,0,0,-1;eccentric;", "--t", "1", "--samples", "2");
    expect(stdout).toContain("\nt,x,y,p_x,p_y,H,run\n");
    expect(rowsOf(stdout).map((row) => row.at(-1))).toEqual([0, 0, 1, 1, 2, 2]);
  });

  test("formulas and values that begin with a minus", async () => {
    const words = ["--x0", "-1,0", "--t", "-2", "--event", "-q*2:up", "--samples", "3", "--json"];
    const { stdout } = await run("-cos(q) + p^2/2", ...words);
    const document = JSON.parse(stdout) as { provenance: object; data: { t: number[] } };
    expect(document.provenance).toMatchObject({ formula: "-cos(q) + p^2/2" });
    expect(document.data.t).toEqual([0, -1, -2]);
  });
});

describe("--param", () => {
  test("numbers and arrays reach the motion and the file", async () => {
    const { stdout } = await run("pythagorean", "--param", "m=3,4,6", "--param", "G=2", "--t", "0.1", "--samples", "2");
    expect(stdout).toContain('# parameters: {"G":2,"m":[3,4,6]}\n');
    const model = compile(systems.pythagorean, { parameters: { G: 2, m: [3, 4, 6] } });
    const { x0 } = systems.pythagorean.initialStates.default!;
    expect(rowsOf(stdout)[0]!.at(-1)).toBeCloseTo(model.hamiltonian([...x0]), 12);
  });
});

describe("files", () => {
  test.each(["csv", "json", "npz", "parquet", "safetensors"])("-o rows.%s is read back to the bit", async (format) => {
    const file = join(folder, `rows.${format}`);
    const words = ["--ensemble", "3", "--seed", "5", "--t", "7", "--samples", "40", "--derivatives", "-o", file];
    const { stdout, stderr } = await run("henon-heiles", ...words);
    expect(stdout).toBe("");
    expect(stderr).toMatch(new RegExp(`\\nwrote ${file}: 120 rows in 3 runs\\n$`));
    const read = await readDataset(file);
    const x0 = [0, 1, 2].flatMap((k) => [...read.states.subarray(160 * k, 160 * k + 4)]);
    const { report, ...own } = await simulate(compile(systems["henon-heiles"]), {
      x0,
      t: 7,
      samples: 40,
      derivatives: true,
    });
    expect(report.diverged).toEqual([]);
    const provenance = {
      ...own.provenance,
      seed: 5,
      sampling: { starts: { drawn: 3 } },
      derivatives: "field",
    };
    expect(contentOf(read)).toEqual({ ...contentOf(own), provenance });
  });

  test("the same seed gives the same bytes, on one worker and on two; another seed others", async () => {
    const made = async (name: string, ...words: string[]) => {
      await run("kepler", "--t", "30", "--samples", "50", "--ensemble", "8", "-o", name, ...words);
      return (await shell(`sha256sum < ${name}`, { cwd })).stdout;
    };
    const [one, two, other] = await Promise.all([
      made("one.npz", "--seed", "1", "--workers", "1"),
      made("two.npz", "--seed", "1", "--workers", "2"),
      made("other.npz", "--seed", "2"),
    ]);
    expect(two).toBe(one);
    expect(other).not.toBe(one);
    const [fixed, again] = await Promise.all([
      made("fixed.csv", "--dt", "0.01", "--workers", "1"),
      made("again.csv", "--dt", "0.01", "--workers", "2", "--seed", "0"),
    ]);
    expect(again).toBe(fixed);
  });

  test("an ensemble about a start stays about it, as its seed says", async () => {
    const about = (seed: string) =>
      run(pendulum, "--x0", "1,0", "--ensemble", "50", "--seed", seed, "--t", "0", "--samples", "2");
    const [{ stdout }, again, other] = await Promise.all([about("3"), about("3"), about("4")]);
    const rows = rowsOf(stdout);
    expect(rows.length).toBe(50);
    expect(rowsOf(again.stdout)).toEqual(rows);
    expect(rowsOf(other.stdout)[0]).not.toEqual(rows[0]);
    const spread = Math.sqrt(rows.reduce((sum, row) => sum + (row[1]! - 1) ** 2, 0) / 50);
    expect(spread).toBeGreaterThan(0.006);
    expect(spread).toBeLessThan(0.014);
    expect(stdout).toContain('# seed: 3\n# sampling: {"starts":{"drawn":50,"around":"1,0"}}\n');
  });
});

describe.concurrent("--event", () => {
  test("lists where a formula passes 0, and extrema; :stop ends the run there", async () => {
    const words = ["--t", "20", "--event", "y", "--event", "x p_x + y p_y:up", "--event", "y:down:stop"];
    const { stdout, stderr } = await run("kepler", "--x0", "1,0,0,1.2", ...words, "--samples", "5");
    const lines = stderr.split("\n").filter((line) => line.startsWith("  event") || line.startsWith("          "));
    const [, , , ...rest] = lines;
    expect(lines.slice(0, 3)).toEqual([
      "  event   y = 0: 1 times".replace("1 times", "once"),
      "  event   x p_x + y p_y = 0: 0 times",
      "  event   y = 0: once",
    ]);
    expect(rest).toHaveLength(2);
    // Half of the orbit with a = 1/(2 − 1.44) from the pericentre on.
    const half = Math.PI * (1 / (2 - 1.44)) ** 1.5;
    const [, time] = /t = ([\d.]+): y ↓, x = \[-2\.5714286, /.exec(rest[0]!)!;
    expect(Number(time)).toBeCloseTo(half, 12);
    expect(rowsOf(stdout).at(-1)![0]).toBeCloseTo(half, 12);
  });

  test("maxima, in JSON with time, state and run", async () => {
    const words = ["--x0", "1,0;0.5,0", "--t", "10", "--event", "p:max", "--samples", "2", "--json"];
    const { stdout } = await run(pendulum, ...words);
    const { events } = JSON.parse(stdout) as { events: { run: number; t: number; state: number[]; event: number }[] };
    expect(events.map(({ run: id, event }) => [id, event])).toEqual([
      [0, 0],
      [1, 0],
    ]);
    for (const { state } of events) expect(state[0]).toBeCloseTo(0, 12);
    expect(events[1]!.state[1]).toBeCloseTo(2 * Math.sin(0.25), 12);
  });
});

describe("--json", () => {
  test("one document with the report and all rows", async () => {
    const { stdout, stderr } = await run(pendulum, "--x0", "1,0;2,0", "--t", "4", "--samples", "3", "--json");
    expect(stderr).toBe("");
    const { seconds, ...document } = JSON.parse(stdout);
    expect(seconds).toBeGreaterThan(0);
    const own = await simulate(compile(pendulum), { x0: [1, 0, 2, 0], t: 4, samples: 3 });
    const column = (k: number) => Array.from({ length: 6 }, (_, row) => own.states[2 * row + k]);
    expect(document).toEqual({
      method: "taylor",
      reason: "neither step nor tolerance was given: Taylor series, exact to round-off",
      trajectories: 2,
      steps: own.report.steps,
      rejected: 0,
      evaluations: own.report.steps,
      iterations: 0,
      files: [],
      rows: 6,
      provenance: JSON.parse(JSON.stringify(own.provenance)),
      energy: expect.objectContaining({ initial: own.energies![0], final: own.energies![2], relative: true }),
      events: [],
      diverged: [],
      state: ["q", "p"],
      final: [[...own.states.subarray(4, 6)], [...own.states.subarray(10, 12)]],
      runs: [
        { id: 0, start: 0, end: 3 },
        { id: 1, start: 3, end: 6 },
      ],
      data: { t: [...own.times], q: column(0), p: column(1), H: [...own.energies!] },
    });
  });

  test("with a file it tells about the file; the final states are those of long runs too", async () => {
    const words = ["--t", "500", "--samples", "90000", "-o", "long.npz", "--json"];
    const { stdout } = await run("kepler", "--x0", "circular;eccentric;default", ...words);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ files: ["long.npz"], rows: 270_000 });
    expect(document.data).toBeUndefined();
    const { states } = await readDataset(join(folder, "long.npz"));
    expect(document.final).toEqual([1, 2, 3].map((k) => [...states.subarray(360_000 * k - 4, 360_000 * k)]));
  });
});

describe("on a terminal", () => {
  // `script` gives the process a terminal of its own.
  const env = { TERM: "xterm-256color", FORCE_COLOR: undefined, NO_COLOR: undefined, CI: undefined };
  const terminal = (line: string, more = {}) =>
    shell(`script -qec "${line}" /dev/null`, { env: { ...env, ...more }, cwd });

  test("a table and a picture instead of rows; no colours with NO_COLOR", async ({ skip }) => {
    const line = "$hnnc simulate kepler --x0 circular --t 10";
    const [styled, plain, bare] = await Promise.all([
      terminal(line),
      terminal(line, { NO_COLOR: "1" }),
      terminal(`${line} --no-picture --samples 3`),
    ]);
    if (styled.code === 127) skip("there is no `script`");
    expect(styled.stdout).toMatch(escapes);
    expect(plain.stdout).not.toMatch(escapes);
    expect(plain.stdout).toMatch(/[⠁-⣿]/);
    expect(plain.stdout).not.toContain("# hnnc dataset");
    expect(bare.stdout.replaceAll("\r", "").split("\n").slice(0, 6)).toEqual([
      " t           x           y        p_x         p_y     H",
      " 0           1           0          0           1  -0.5",
      " 5   0.2836622  -0.9589243  0.9589243   0.2836622  -0.5",
      "10  -0.8390715  -0.5440211  0.5440211  -0.8390715  -0.5",
      "",
      "  method  taylor: neither step nor tolerance was given: Taylor series, exact to round-off",
    ]);
  });

  test("progress on one line, wiped at the end", async ({ skip }) => {
    const { stdout, code } = await terminal(`$hnnc simulate '${pendulum}' --x0 1,0 --t 4e6 --no-picture --samples 3`);
    if (code === 127) skip("there is no `script`");
    expect(stdout).toMatch(/\rsimulating [━─]+ \d+ %/);
    expect(stdout).toContain("\r\u001b[K");
  });
});

test("nothing but the asked-for files is left behind", () => {
  const left = readdirSync(folder).sort();
  expect(left.filter((name) => !/^(rows|one|two|other|fixed|again|long)\.\w+$/.test(name))).toEqual([]);
});
