import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Line, Peer, PeerName, Tools } from "./benchmark.ts";
import { type BenchmarkName, benchmarks } from "./benchmarks.ts";
import { compare } from "./measure.ts";
import { startPeer } from "./peer.ts";
import { formatLines } from "./table.ts";

/**
 * `npm run bench [-- name …] [-- --json]`: runs the benchmarks named, or all, and prints for each a table of ratios.
 * Both sides of a ratio are measured in this run, in turns; nothing is written but the other side's build in .cache/.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean" }, list: { type: "boolean" } },
});
const names = Object.keys(benchmarks) as BenchmarkName[];
const unknown = positionals.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}; there are ${names.join(", ")}`);
  process.exitCode = 2;
} else if (values.list) {
  for (const name of names) console.log(`${name.padEnd(12)} ${benchmarks[name].title}`);
} else {
  await runAll(positionals.length > 0 ? (positionals as BenchmarkName[]) : names);
}

async function runAll(chosen: readonly BenchmarkName[]): Promise<void> {
  const started = new Map<PeerName, Promise<Peer | undefined>>();
  const peer = (name: PeerName): Promise<Peer | undefined> => {
    const known = started.get(name) ?? startPeer(name);
    started.set(name, known);
    return known;
  };
  const tools: Tools = { compare, peer };
  const report: Record<string, readonly Line[]> = {};
  if (!values.json) console.log(`Node ${process.version}, ${cpus()[0]?.model}, ${availableParallelism()} threads\n`);
  for (const name of chosen) {
    const rows = await benchmarks[name].run(tools);
    report[name] = rows;
    if (!values.json) console.log(`${benchmarks[name].title}\n${formatLines(rows)}\n`);
  }
  if (values.json) console.log(JSON.stringify(report, null, 2));
  for (const each of started.values()) (await each)?.stop();
}
