import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Peer, PeerName } from "./benchmark.ts";

const peers = fileURLToPath(new URL("./peers/", import.meta.url));
const cache = fileURLToPath(new URL("../.cache/", import.meta.url));

interface PeerCommand {
  readonly title: string;
  /** The command line, or undefined where something is missing. */
  readonly command: () => readonly string[] | undefined;
  /** What to do about it. */
  readonly missing: string;
}

const commands: { readonly [K in PeerName]: PeerCommand } = {
  python: {
    title: "Python",
    command: () => {
      const python = `${cache}peers/bin/python`;
      return existsSync(python) ? [python, "-u", `${peers}symbolic.py`] : undefined;
    },
    missing: "SymPy and CasADi are left out: run bench/peers/setup.sh",
  },
  heyoka: {
    title: "heyoka",
    command: () => {
      const python = `${cache}peers/bin/python`;
      return existsSync(python) ? [python, "-u", `${peers}heyoka_taylor.py`] : undefined;
    },
    missing: "heyoka is left out: run bench/peers/setup.sh",
  },
  "paper-data": {
    title: "SciPy",
    command: () => {
      const python = `${cache}peers/bin/python`;
      return existsSync(python) ? [python, "-u", `${peers}paper_data.py`] : undefined;
    },
    missing: "SciPy and autograd are left out: run bench/peers/setup.sh",
  },
  jax: withJax("JAX, jit", "integrate.py"),
  "jax-avx2": withJax("JAX, jit, at most AVX2", "integrate.py", ["--xla_cpu_max_isa=AVX2"]),
  "many-jax": withJax("JAX, jit", "many.py"),
  precision: withJax("SciPy, diffrax, heyoka", "precision.py"),
  "jax-training": training("JAX, jit", "jax", "train_step.py", "run bench/peers/setup.sh"),
  "jax-roll-out": training("JAX, jit", "jax", "roll_out.py", "run bench/peers/setup.sh"),
  "reference-training": training("PyTorch", "torch", "reference_training.py", "run .cache/peers/bin/pip install torch"),
  "torch-training": training("PyTorch, eager", "torch", "train_step.py", "run .cache/peers/bin/pip install torch"),
  "torch-network-roll-out": training(
    "PyTorch, eager",
    "torch",
    "network_roll_out.py",
    "run .cache/peers/bin/pip install torch",
  ),
  "c-o3": c("gcc -O3", "pendulum", ["-O3"]),
  "c-ofast": c("gcc -Ofast -march=native", "pendulum", ["-Ofast", "-march=native"]),
  "leapfrog-o3": c("gcc -O3", "leapfrog", ["-O3"]),
  "leapfrog-ofast-avx2": c("gcc -Ofast -march=haswell", "leapfrog", ["-Ofast", "-march=haswell"]),
  "leapfrog-ofast": c("gcc -Ofast -march=native", "leapfrog", ["-Ofast", "-march=native"]),
  "dop853-o3": c("gcc -O3", "dop853", ["-O3"]),
  "many-o3": c("gcc -O3", "many", ["-O3"]),
  "many-ofast": c("gcc -Ofast -march=native", "many", ["-Ofast", "-march=native"]),
};

/** A Python package that trains, on as many threads as it likes. */
function training(title: string, name: string, program: string, hint: string): PeerCommand {
  const python = `${cache}peers/bin/python`;
  return {
    title,
    command: () => {
      try {
        execFileSync(python, ["-c", `import importlib.util as u; raise SystemExit(u.find_spec("${name}") is None)`]);
        return [python, "-u", `${peers}${program}`];
      } catch {
        return undefined;
      }
    },
    missing: `${title.split(",", 1)[0]} is left out: ${hint}`,
  };
}

/** A Python program with JAX on one thread. */
function withJax(title: string, program: string, flags: readonly string[] = []): PeerCommand {
  return {
    title,
    command: () => {
      const python = `${cache}peers/bin/python`;
      if (!existsSync(python)) return undefined;
      const xla = ["--xla_cpu_multi_thread_eigen=false", ...flags].join(" ");
      return ["env", `XLA_FLAGS=${xla}`, python, "-u", `${peers}${program}`];
    },
    missing: "JAX, SciPy and diffrax are left out: run bench/peers/setup.sh",
  };
}

function c(title: string, name: string, flags: readonly string[]): PeerCommand {
  return {
    title,
    command: () => {
      const binary = `${cache}bench/${name}${flags.join("")}`;
      try {
        mkdirSync(`${cache}bench`, { recursive: true });
        execFileSync("gcc", [...flags, "-o", binary, `${peers}${name}.c`, "-lm"], { stdio: "pipe" });
        return [binary];
      } catch {
        return undefined;
      }
    },
    missing: "no gcc: the C loop is left out",
  };
}

/** Starts a peer: it reads lines `task repetitions` and answers each with the nanoseconds that it took. */
export async function startPeer(name: PeerName): Promise<Peer | undefined> {
  const { title, command, missing } = commands[name];
  const [program, ...args] = command() ?? [];
  if (program === undefined) {
    console.error(missing);
    return undefined;
  }
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    title,
    time: (task, repetitions) => ask(child, answers, `${task} ${repetitions}\n`),
    stop: () => child.stdin.end(),
  };
}

async function ask(child: ChildProcess, answers: AsyncIterator<string>, line: string): Promise<number> {
  child.stdin!.write(line);
  const answer = await answers.next();
  const nanoseconds = Number(answer.value);
  if (answer.done || !Number.isFinite(nanoseconds)) throw new Error(`the peer answered ${answer.value} to ${line}`);
  return nanoseconds;
}
