import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hnnc, shell } from "../support/hnnc-process.ts";

const pendulum = "p^2/2 - cos(q)";
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hnnc-compile-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);

describe("the model", () => {
  test("as a formula: a TensorFlow.js module on standard output, nothing else", async () => {
    const { code, stdout, stderr } = await hnnc(["compile", pendulum]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain('from "@tensorflow/tfjs"');
    for (const name of ["hamiltonian", "gradient", "field"]) expect(stdout).toContain(`export function ${name}(`);
  });

  test("as a formula that begins with a minus", async () => {
    for (const formula of ["-cos(q) + p^2/2", "-omega^2 cos(q) + p^2/2; omega = 2", "-q p"]) {
      expect(await hnnc(["compile", formula, "--target", "js"])).toMatchObject({ code: 0, stderr: "" });
    }
  });

  test("as a system, a file, standard input: the same module as for its text", async () => {
    const { stdout } = await hnnc(["systems", "pendulum", "--json"]);
    const { model } = JSON.parse(stdout) as { model: string };
    writeFileSync(at("model.ham"), `\ufeff${model.replaceAll("\n", "\r\n")}`);
    const byName = await hnnc(["compile", "pendulum", "-t", "js"]);
    expect(byName).toMatchObject({ code: 0, stderr: "" });
    expect(await hnnc(["compile", "model.ham", "-t", "js"], { cwd: folder })).toEqual(byName);
    expect(await hnnc(["compile", "-", "-t", "js"], { input: model })).toEqual(byName);
  });

  test("with parameters of the command line", async () => {
    await hnnc([
      "compile",
      "p^2/(2m) + k q^2/2; m = 1; k = 1",
      "--param",
      "m=4",
      "--param",
      "k=9",
      "-o",
      at("x.mjs"),
      "-t",
      "js",
    ]);
    const { hamiltonian, meta } = (await import(pathToFileURL(at("x.mjs")).href)) as {
      hamiltonian: (x: readonly number[]) => number;
      meta: { parameters: object };
    };
    expect(meta.parameters).toEqual({ m: 4, k: 9 });
    expect(hamiltonian([2, 4])).toBe(2 + 18);
  });
});

describe("errors", () => {
  test("an unknown name: the message, a caret under it, code 3, and nothing on standard output", async () => {
    expect(await hnnc(["compile", "p^2/2 - cos(q) + r"])).toEqual({
      code: 3,
      signal: null,
      stdout: "",
      stderr: [
        "error[unknown-symbol]: `r` is not a coordinate, a momentum or a parameter",
        "  p^2/2 - cos(q) + r",
        "                   ^",
        "  coordinates: q   momenta: p   parameters: none",
        "  hint: add `r = 1` to make it a parameter",
        "",
      ].join("\n"),
    });
  });

  test("the same as JSON", async () => {
    const { code, stdout } = await hnnc(["compile", "p^2/2 - cos(q) + r", "--json"]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: "unknown-symbol",
        kind: "formula",
        message: "`r` is not a coordinate, a momentum or a parameter",
        span: { start: 17, end: 18 },
        notes: ["coordinates: q   momenta: p   parameters: none"],
        hint: "add `r = 1` to make it a parameter",
      },
    });
  });

  test.each([
    [
      ["double-pendlum"],
      2,
      "error[unknown-system]: `double-pendlum` is neither a formula nor a system of the catalogue\n  hint: did you mean `hnnc compile double-pendulum`?\n",
    ],
    [
      [pendulum, "-t", "jss"],
      2,
      /^error\[unknown-target\]: `jss` is not a target\n {2}targets: .*\n {2}hint: did you mean `--target js`\?\n$/,
    ],
    [
      [pendulum, "-t", "js", "--fma"],
      2,
      "error[option-not-for-target]: `--fma` means nothing to the target `js`\n  hint: it goes with `--target wasm`\n",
    ],
    [
      [pendulum, "--explain", "-t", "js"],
      2,
      /^error\[conflicting-option\]: option `--explain` cannot be used with option `-t, --target <target>`\n/,
    ],
    [[pendulum, "q^2"], 2, /^error\[excess-arguments\]/],
    [[pendulum, "-o"], 2, /^error\[option-missing-argument\]/],
    [[pendulum, "--param", "m"], 2, /^error\[invalid-parameter\]/],
    [["missing.ham"], 9, "error[cannot-read]: cannot read `missing.ham`: there is no such file or directory\n"],
  ])("hnnc compile %j ends with %i", async (words, code, stderr) => {
    const outcome = await hnnc(["compile", ...words], { cwd: folder });
    expect(outcome).toMatchObject({ code, stdout: "" });
    if (typeof stderr === "string") expect(outcome.stderr).toBe(stderr);
    else expect(outcome.stderr).toMatch(stderr);
  });

  test("a file that is not text, and a folder", async () => {
    writeFileSync(at("bytes.ham"), new Uint8Array([0x70, 0xff, 0xfe]));
    mkdirSync(at("folder.ham"));
    const options = { cwd: folder };
    expect(await hnnc(["compile", "bytes.ham"], options)).toMatchObject({
      code: 4,
      stderr: "error[not-utf8]: `bytes.ham` is not UTF-8 text\n  hint: save it as UTF-8\n",
    });
    expect(await hnnc(["compile", "folder.ham"], options)).toMatchObject({
      code: 9,
      stderr: "error[cannot-read]: cannot read `folder.ham`: it is a directory\n",
    });
  });
});

describe("-o", () => {
  test("writes the file and nothing to standard output", async () => {
    const toFile = await hnnc(["compile", pendulum, "-o", "x.mjs"], { cwd: folder });
    expect(toFile).toMatchObject({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(at("x.mjs"), "utf8")).toBe((await hnnc(["compile", pendulum])).stdout);
    expect(readdirSync(folder)).toEqual(["x.mjs"]);
  });

  test("takes any custom of giving it, and a pipe", async () => {
    for (const words of [["-o", "a.mjs"], ["-oa.mjs"], ["-o=a.mjs"], ["--output=a.mjs"], ["--output", "a.mjs"]]) {
      expect(await hnnc(["compile", pendulum, ...words], { cwd: folder })).toMatchObject({ code: 0, stdout: "" });
      expect(readdirSync(folder)).toEqual(["a.mjs"]);
      rmSync(at("a.mjs"));
    }
    const { stdout } = await shell(`$hnnc compile "${pendulum}" -o /dev/stdout | cat`);
    expect(stdout).toBe((await hnnc(["compile", pendulum])).stdout);
  });

  test("is standard output for `-`", async () => {
    const plain = await hnnc(["compile", pendulum, "-t", "js"]);
    expect(await hnnc(["compile", pendulum, "-t", "js", "-o", "-"], { cwd: folder })).toEqual(plain);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each(["--output", "--import"])(
    "%s with an empty word, as of a variable that is not set, is refused",
    async (option) => {
      const { code, stderr } = await hnnc(["compile", pendulum, option, ""], { cwd: folder });
      expect({ code, line: stderr.split("\n")[0] }).toEqual({
        code: 2,
        line: `error[option-missing-argument]: \`${option}\` is given nothing`,
      });
    },
  );

  test("leaves no file after an error in the formula, and the old one as it was", async () => {
    writeFileSync(at("old.mjs"), "old");
    expect(await hnnc(["compile", "p^2/2 + ", "-o", at("new.mjs")])).toMatchObject({ code: 3 });
    expect(await hnnc(["compile", "p^2/2 + ", "-o", at("old.mjs")])).toMatchObject({ code: 3 });
    expect(existsSync(at("new.mjs"))).toBe(false);
    expect(readFileSync(at("old.mjs"), "utf8")).toBe("old");
  });

  test("ends with 9 where a directory is in the way", async () => {
    mkdirSync(at("x.mjs"));
    expect(await hnnc(["compile", pendulum, "-o", "x.mjs"], { cwd: folder })).toMatchObject({
      code: 9,
      stdout: "",
      stderr: "error[cannot-write]: cannot write `x.mjs`: it is a directory\n",
    });
  });

  test("writes a wasm module with its loader beside it; both run", async () => {
    expect(await hnnc(["compile", pendulum, "-o", "dp.wasm"], { cwd: folder })).toMatchObject({ code: 0, stdout: "" });
    expect(readdirSync(folder).sort()).toEqual(["dp.mjs", "dp.wasm"]);
    expect(WebAssembly.validate(readFileSync(at("dp.wasm")))).toBe(true);
  });

  test("tells with --json what it wrote", async () => {
    const { code, stdout } = await hnnc(["compile", pendulum, "-t", "js", "-o", "x.mjs", "--json"], { cwd: folder });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      target: "js",
      files: ["x.mjs"],
      meta: { coordinates: ["q"], momenta: ["p"] },
    });
  });
});

describe("on a terminal", () => {
  const env = { TERM: "xterm-256color", FORCE_COLOR: undefined, NO_COLOR: "1" };

  test("what was understood is told on standard error", async () => {
    const line = `script -qec "$hnnc compile 'p^2/2m + k q^2/2; m = 2; k = 3' -t js -o ${at("x.mjs")}" /dev/null`;
    const { code, stdout } = await shell(line, { env });
    if (code === 127) return;
    for (const part of [
      "pairs        (q, p)",
      "parameters   m = 2, k = 3",
      "T(p) + V(q)  yes",
      `wrote ${at("x.mjs")}`,
    ]) {
      expect(stdout).toContain(part);
    }
  });

  test("bytes are refused, with the fix", async () => {
    const { code, stdout } = await shell(`script -qec "$hnnc compile 'p^2/2 - cos(q)' -t wasm" /dev/null`, { env });
    if (code === 127) return;
    expect(code).toBe(2);
    expect(stdout.replaceAll("\r", "")).toContain("hint: write them to a file: -o model.wasm");
  });
});

test("--json gives the module in one document; --explain --json gives the analysis", async () => {
  const text = (await hnnc(["compile", pendulum])).stdout;
  expect(JSON.parse((await hnnc(["compile", pendulum, "--json"])).stdout)).toMatchObject({
    target: "tfjs",
    text,
    warnings: [],
  });
  const analysis = (await hnnc(["compile", pendulum, "-t", "json"])).stdout;
  expect((await hnnc(["compile", pendulum, "--explain", "--json"])).stdout).toBe(analysis);
  expect(JSON.parse(analysis)).toMatchObject({ schema: "hnnc/analysis@1", separable: true });
});

test("--explain tells the reading, the equations, the separation and the operations", async () => {
  const { code, stdout } = await hnnc(["compile", "p^2/2m + k q^2/2; m = 2; k = 3", "--explain"]);
  expect(code).toBe(0);
  for (const heading of ["Reading", "Equations of motion", "T(p) + V(q)", "Integrators", "Operations"]) {
    expect(stdout).toMatch(new RegExp(`^${heading.replace(/[()+]/g, "\\$&")}$`, "m"));
  }
  expect(stdout).toContain("dq/dt = p/m");
  expect(stdout).toContain("dp/dt = -k*q");
});

test("--explain says whether declared invariants are conserved", async () => {
  const model = "(px^2+py^2)/2 - 1/sqrt(x^2+y^2); invariant Lz = x py - y px; invariant W = x px";
  const { code, stdout } = await hnnc(["compile", model, "--explain"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Lz {2}x\*py - y\*px\n {6}conserved: its rate of change multiplies out to 0\n/);
  expect(stdout).toMatch(/W {3}x\*px\n {6}NOT conserved: its rate is \S+ at x = \S+, y = \S+, px = \S+, py = \S+\n/);
  const { invariants } = JSON.parse((await hnnc(["compile", model, "-t", "json"])).stdout);
  expect(invariants).toMatchObject([{ verdict: "symbolic" }, { verdict: "violated" }]);
});
