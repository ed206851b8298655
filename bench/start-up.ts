import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Benchmark, Limit } from "./benchmark.ts";

const commandLine = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const library = new URL("../dist/index.js", import.meta.url).href;

const commands = [["--help"], ["compile", "--help"], ["compile", "p^2/2 - cos(q)"], ["compile", "toda", "-t", "js"]];

const firstField = `import { compile } from ${JSON.stringify(library)}; compile("p^2/2 - cos(q)").field([0, 1]);`;

/** How long the built command line and the built library take beyond the start of Node itself. */
export const startUp: Benchmark = {
  title: "Start of the command line and the library, beyond `node -e 0` (built by `npm run build`)",
  async run(tools) {
    const run = (args: readonly string[]) => (repetitions: number) => {
      const start = performance.now();
      for (let k = 0; k < repetitions; k++) spawnSync(process.execPath, args, { stdio: "ignore" });
      return (performance.now() - start) * 1e6;
    };
    const works = [
      ...commands.map((words) => ({ work: `hnnc ${words.join(" ")}`, args: [commandLine, ...words] })),
      { work: 'import "hnnc", text to a first field', args: ["--input-type=module", "-e", firstField] },
    ];
    const [base, ...times] = await tools.compare([run(["-e", "0"]), ...works.map(({ args }) => run(args))]);
    return works.map(({ work }, k): Limit => ({ work, ours: times[k]! - base!, limit: 1.5e8 }));
  },
};
