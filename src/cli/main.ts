#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// The floor is that of commander and chevrotain; below it they fail with messages that do not name the cause.
const [major, minor] = process.versions.node.split(".").map(Number) as [number, number];
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(`error[node-version]: hnnc needs Node 22.12 or newer, this is Node ${process.versions.node}\n`);
  process.exitCode = 2;
} else {
  enableCompileCache();
  const { runCli } = await import("./run.ts");
  process.exitCode = await runCli(process.argv.slice(2));
}
