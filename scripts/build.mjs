// Compiles src to dist.
//
//   node scripts/build.mjs              always; type errors fail it (npm run build)
//   node scripts/build.mjs --if-needed  where dist is older than the sources, and not without a compiler (npm's prepare step)

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
const stamp = join(root, "dist", ".built");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--if-needed")) build();
  else process.exitCode = compile();
}

/** Compiles unless dist is newer than every source. Type errors are shown, but what was emitted can be used. */
export function build() {
  if (!isStale()) return;
  if (existsSync(compiler)) compile();
  else if (!existsSync(stamp)) console.error("hnnc is not built: run `npm ci` without --omit=dev to have the compiler");
}

function isStale() {
  const sources = join(root, "src");
  if (!existsSync(sources)) return false;
  if (!existsSync(stamp)) return true;
  const built = statSync(stamp).mtimeMs;
  const files = readdirSync(sources, { recursive: true }).map((file) => join(sources, file));
  return [...files, join(root, "package.json"), join(root, "tsconfig.build.json")].some(
    (file) => statSync(file).mtimeMs > built,
  );
}

/** Returns the compiler's exit code. */
function compile() {
  rmSync(join(root, "dist"), { recursive: true, force: true });
  const parameters = [compiler, "-p", join(root, "tsconfig.build.json")];
  const { status } = spawnSync(process.execPath, parameters, { stdio: ["ignore", 2, 2] });
  if (status === 0) writeFileSync(stamp, "");
  return status ?? 1;
}
