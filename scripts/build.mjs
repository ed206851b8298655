// Compiles src to dist, and the command line into few files, since finding a hundred modules takes longer than running them
// (start of `hnnc compile` beyond Node itself, measured: 104 ms from separate modules, 49 ms bundled).
//
//   node scripts/build.mjs              always; type errors fail it (npm run build)
//   node scripts/build.mjs --if-needed  where dist is older than the sources, and not without a compiler (npm's prepare step)

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
const stamp = join(root, "dist", ".built");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--if-needed")) await build();
  else process.exitCode = await compile();
}

/** Compiles unless dist is newer than every source. Type errors are shown, but what was emitted can be used. */
export async function build() {
  if (!isStale()) return;
  if (existsSync(compiler)) await compile();
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
async function compile() {
  rmSync(join(root, "dist"), { recursive: true, force: true });
  const parameters = [compiler, "-p", join(root, "tsconfig.build.json")];
  const { status } = spawnSync(process.execPath, parameters, { stdio: ["ignore", 2, 2] });
  await bundleCommandLine();
  if (status === 0) writeFileSync(stamp, "");
  return status ?? 1;
}

/** dist/cli: one file a command and what commands share, with the packages they parse text and words with. */
async function bundleCommandLine() {
  const { rolldown } = await import("rolldown");
  const folder = join(root, "dist", "cli");
  rmSync(folder, { recursive: true, force: true });
  const bundle = await rolldown({
    input: {
      main: join(root, "src", "cli", "main.ts"),
      // A script of its own: threads start with it, and look for it beside what starts them.
      "taylor-worker": join(root, "src", "simulation", "taylor-worker.ts"),
    },
    platform: "node",
    external: [/^@tensorflow\//, /^mathjs/],
  });
  await bundle.write({ dir: folder, entryFileNames: "[name].js", chunkFileNames: "[name].js" });
  await bundle.close();
  writeFileSync(join(folder, "LICENSES.txt"), bundledLicences());
}

function bundledLicences() {
  const files = { commander: "commander/LICENSE", "chevrotain and @chevrotain": "chevrotain/LICENSE.txt" };
  const text = (file) => readFileSync(join(root, "node_modules", file), "utf8");
  return Object.entries(files)
    .map(([name, file]) => `${name}\n\n${text(file)}`)
    .join("\n\n");
}
