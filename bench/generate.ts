import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generate } from "../src/simulation/generate.ts";
import { pendulum } from "../src/systems/pendulum.ts";
import type { Benchmark, Row, Tools } from "./benchmark.ts";
import type { Sample } from "./measure.ts";

/**
 * The pendulum task of arXiv:1906.01563: 50 trajectories of 45 rows with derivatives, noise and a split. In a running
 * process, from the system to the arrays; and as a process of its own, from the command line to a file.
 */
export const trainingSet: Benchmark = {
  title: "Training set of the paper's pendulum task, 50 trajectories × 45 rows",
  async run(tools) {
    const python = await tools.peer("paper-data");
    if (!python) return [];
    const tasks = Object.keys(others) as Task[];
    await warm(20);
    const [ours, ...theirs] = await tools.compare([
      warm,
      ...tasks.map(
        (task): Sample =>
          (repetitions) =>
            python.time(task, repetitions),
      ),
    ]);
    const rows = tasks.map((task, k): Row => {
      const target = task === "paper" ? 2000 : undefined;
      return { work: "warm", ours: ours!, against: others[task], theirs: theirs[k]!, target };
    });
    return [...rows, ...(await coldRows(tools))];
  },
};

const others = {
  paper: "the paper's code, RK45, autograd",
  hand: "RK45, equations by hand",
  "hand-exact": "DOP853, atol 1e-13, by hand",
} as const;
type Task = keyof typeof others;

/** Sets made in a row: after a pause as long as Python's turn, the first one waits for caches and clocks. */
const inARow = 20;

const warm: Sample = async (repetitions) => {
  const start = performance.now();
  for (let k = 0; k < inARow * repetitions; k++) await generate(pendulum, { seed: k });
  return ((performance.now() - start) / inARow) * 1e6;
};

/** Node's own start is some 25 ms, a hundredth of what the paper's code takes. */
async function coldRows({ compare }: Tools): Promise<Row[]> {
  const commandLine = here("../dist/cli/main.js");
  if (!existsSync(commandLine)) throw new Error("the command line is not built: npm run build");
  const python = here("../.cache/peers/bin/python");
  const folder = mkdtempSync(join(tmpdir(), "hnnc-bench-"));
  const peer = (task: Task) =>
    freshProcess(python, [here("peers/paper_data.py"), "--cold", task, join(folder, "theirs.npz")]);
  try {
    const [ours, node, paper, hand, bare] = (await compare([
      freshProcess(process.execPath, [commandLine, "generate", "pendulum", "-o", join(folder, "ours.npz")]),
      freshProcess(process.execPath, ["-e", "0"]),
      peer("paper"),
      peer("hand"),
      freshProcess(python, ["-c", "0"]),
    ])) as [number, number, number, number, number];
    return [
      { work: "cold, whole process", ours, against: others.paper, theirs: paper, target: 100 },
      { work: "cold, whole process", ours, against: others.hand, theirs: hand },
      {
        work: "cold, beyond `node -e 0`",
        ours: ours - node,
        against: `${others.paper}, beyond Python`,
        theirs: paper - bare,
      },
      { work: "`node -e 0` alone", ours: node, against: others.paper, theirs: paper },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const here = (path: string): string => fileURLToPath(new URL(`./${path}`, import.meta.url));

function freshProcess(program: string, args: readonly string[]): Sample {
  return (repetitions) => {
    const start = performance.now();
    for (let k = 0; k < repetitions; k++) {
      const { status, stderr } = spawnSync(program, args);
      if (status !== 0) throw new Error(String(stderr));
    }
    return (performance.now() - start) * 1e6;
  };
}
