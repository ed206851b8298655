import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Benchmark, Limit } from "./benchmark.ts";

const commandLine = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

const commands = [["--help"], ["compile", "--help"], ["compile", "p^2/2 - cos(q)"], ["compile", "toda", "-t", "js"]];

/** How long the built command line takes beyond the start of Node itself. */
export const startUp: Benchmark = {
  title: "Start of the command line, beyond `node -e 0` (built by `npm run build`)",
  async run(tools) {
    const run = (args: readonly string[]) => (repetitions: number) => {
      const start = performance.now();
      for (let k = 0; k < repetitions; k++) spawnSync(process.execPath, args, { stdio: "ignore" });
      return (performance.now() - start) * 1e6;
    };
    const sides = [run(["-e", "0"]), ...commands.map((args) => run([commandLine, ...args]))];
    const [base, ...times] = await tools.compare(sides);
    return times.map(
      (time, k): Limit => ({ work: `hnnc ${commands[k]!.join(" ")}`, ours: time - base!, limit: 1.5e8 }),
    );
  },
};
