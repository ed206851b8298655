// Compiles src to dist. As a module: only where dist is missing or older than the sources.
//
//   node scripts/build.mjs              always (npm run build)
//   node scripts/build.mjs --if-needed  quietly, and not at all where there is no compiler (npm's prepare step in a production install)

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
const stamp = join(root, "dist", ".built");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes("--if-needed")) compile();
  else build();
}

/** Compiles unless dist is newer than every source. */
export function build() {
  if (!isStale()) return;
  if (existsSync(compiler)) compile();
  else if (!existsSync(stamp))
    console.error(
      "hnnc is not built, and there is no TypeScript here to build it with: run `npm ci` with development dependencies",
    );
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

function compile() {
  rmSync(join(root, "dist"), { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [compiler, "-p", join(root, "tsconfig.build.json")], {
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, "");
}
