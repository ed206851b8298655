import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { describe, expect, test } from "vitest";
import { hnnc, mainFile, shell } from "../support/hnnc-process.ts";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const escapes = new RegExp(`${String.fromCharCode(27)}\\[`);

describe("help", () => {
  test.each([["--help"], ["-h"], ["help"]])("hnnc %s leads with examples, on standard output", async (word) => {
    const { code, stdout, stderr } = await hnnc([word]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.indexOf("Examples")).toBeLessThan(stdout.indexOf("Commands"));
    expect(stdout).toContain('hnnc compile "p^2/2 - cos(q)"');
  });

  test("hnnc alone shows it as a message, and is a usage error", async () => {
    const { code, stdout, stderr } = await hnnc([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Examples");
  });

  test.each([["compile"], ["systems"], ["targets"], ["doctor"]])("hnnc %s --help leads with examples", async (name) => {
    const { code, stdout } = await hnnc([name, "--help"]);
    expect(code).toBe(0);
    expect(stdout.startsWith("Examples\n")).toBe(true);
    expect(stdout).toContain(`Usage: hnnc ${name}`);
    expect(await hnnc(["help", name])).toMatchObject({ code: 0, stdout });
  });

  test("--version is the package's", async () => {
    expect(await hnnc(["--version"])).toMatchObject({ code: 0, stdout: `${manifest.version}\n` });
  });
});

describe("wrong command lines end with 2 and the fix", () => {
  test.each([
    [
      ["compil"],
      "error[unknown-command]: `compil` is not a command\n  commands: compile, simulate, generate, merge, convert, plot, train, eval, reproduce, section, lyapunov, check, systems, integrators, targets, doctor\n  hint: did you mean `hnnc compile`?\n",
    ],
    [
      ["p^2/2"],
      'error[unknown-command]: `p^2/2` is not a command\n  commands: compile, simulate, generate, merge, convert, plot, train, eval, reproduce, section, lyapunov, check, systems, integrators, targets, doctor\n  hint: hnnc compile "p^2/2"\n',
    ],
    [
      ["--verison"],
      "error[unknown-command]: `hnnc --verison` names no command\n  commands: compile, simulate, generate, merge, convert, plot, train, eval, reproduce, section, lyapunov, check, systems, integrators, targets, doctor\n  hint: hnnc --help shows examples\n",
    ],
    [["doctor", "--jsno"], "error[unknown-option]: unknown option `--jsno`\n  hint: did you mean `--json`?\n"],
    [
      ["doctor", "now"],
      "error[excess-arguments]: too many arguments. Expected 0 arguments but got 1: now.\n  hint: `hnnc doctor --help` shows examples\n",
    ],
    [
      ["compile"],
      "error[missing-argument]: missing required argument `model`\n  hint: `hnnc compile --help` shows examples\n",
    ],
  ])("hnnc %j", async (words, stderr) => {
    expect(await hnnc(words)).toMatchObject({ code: 2, stdout: "", stderr });
  });

  test("with --json also one document on standard output", async () => {
    const { code, stdout, stderr } = await hnnc(["doctr", "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: "unknown-command", kind: "usage", hint: "did you mean `hnnc doctor`?" },
    });
    expect(stderr).toContain("error[unknown-command]");
  });

  test("a stack trace only with --debug", async () => {
    expect((await hnnc(["doctr"])).stderr).not.toMatch(/^\s+at /m);
    expect((await hnnc(["doctr", "--debug"])).stderr).toMatch(/^\s+at /m);
  });
});

describe("terminals", () => {
  test("no ANSI escapes when piped", async () => {
    const { stdout } = await hnnc(["--help"]);
    const { stderr } = await hnnc(["nothing"]);
    expect(stdout + stderr).not.toMatch(escapes);
  });

  test("styles on a terminal, none there with NO_COLOR", async () => {
    // `script` gives the process a terminal of its own.
    const line = `script -qec "$hnnc --help" /dev/null`;
    const env = { TERM: "xterm-256color", FORCE_COLOR: undefined, NO_COLOR: undefined, CI: undefined };
    const { stdout, code } = await shell(line, { env });
    if (code === 127) return;
    expect(stdout).toMatch(escapes);
    expect((await shell(line, { env: { ...env, NO_COLOR: "1" } })).stdout).not.toMatch(escapes);
  });

  test("a reader that goes away is no error", async () => {
    const { stdout, stderr } = await shell("set -o pipefail; $hnnc --help | head -n 1; echo code: $?");
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^hnnc compiles.*\ncode: 0\n$/);
    const closed = await shell("set -o pipefail; $hnnc --help | true; echo code: $?");
    expect(closed).toMatchObject({ stdout: "code: 0\n", stderr: "" });
  });

  test("a full disk behind standard output ends with 9", async () => {
    const { stdout, stderr } = await shell("$hnnc --help >/dev/full; echo code: $?");
    expect(stdout).toBe("code: 9\n");
    expect(stderr).toMatch(/^error\[cannot-write\]: cannot write to standard output: .*ENOSPC.*\n$/);
  });
});

describe("signals, while hnnc waits for its input", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends with %i, at once, and says nothing", async (signal, code) => {
    const outcome = await interrupted(["compile", "-"], signal);
    expect(outcome).toEqual({ code, stderr: "" });
  });
});

/** Runs hnnc with an input that stays open and sends it a signal when it is up. The exit code is as shells tell it. */
function interrupted(
  words: readonly string[],
  signal: "SIGINT" | "SIGTERM",
): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [mainFile, ...words]);
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    // Before it is up the system's own handling of the signal gives the same code: the delay is not critical.
    setTimeout(() => child.kill(signal), 1000);
    child.on("close", (code, by) => resolve({ code: code ?? 128 + constants.signals[by!], stderr }));
  });
}

describe("doctor", () => {
  test("tells what works, and exits by whether all that is needed does", async () => {
    const { code, stdout, stderr } = await hnnc(["doctor", "--json"]);
    const { hnnc: version, checks } = JSON.parse(stdout) as {
      hnnc: string;
      checks: { name: string; works: boolean; needed: boolean }[];
    };
    expect(version).toBe(manifest.version);
    expect(checks.map(({ name }) => name)).toEqual([
      "Node",
      "WebAssembly SIMD",
      "WebAssembly relaxed SIMD",
      "WebAssembly threads",
      "ONNX Runtime",
      "TensorFlow.js cpu",
      "TensorFlow.js wasm",
      "TensorFlow native",
      "C compiler",
      "Python",
    ]);
    expect(checks.filter(({ needed, works }) => needed && !works)).toEqual([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("names the script that builds the native binding where it does not load", async () => {
    const { stdout } = await hnnc(["doctor"]);
    expect(stdout).toMatch(
      /TensorFlow native +(@tensorflow\/tfjs-node 4.*\n|.*\n +node scripts\/build-tfjs-node\.mjs builds it)/,
    );
  });
});
