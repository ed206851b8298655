// Declarations of all of src go to dist; the library and the command line become few files each, since finding a hundred
// modules takes longer than running them (measured beyond Node itself: `hnnc compile` 104 ms from separate modules, 49 ms
// bundled; `import "hnnc"` and a first field 182 ms and 60 ms).
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
const source = (...path) => join(root, "src", ...path);
/** A script of its own: threads start with it, and look for it beside what starts them. */
const worker = source("simulation", "taylor-worker.ts");
/** Comments and blanks go, names stay: the machine reads less, and what is thrown still says where. */
const minify = { compress: false, mangle: false, codegen: true };

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
  await bundleLibrary();
  await bundleCommandLine();
  if (status === 0) writeFileSync(stamp, "");
  return status ?? 1;
}

/** dist/index.js and dist/learn.js, and in dist/library what it loads; dist/engine/tfjs-node.js is asked by scripts and by `hnnc doctor`. */
async function bundleLibrary() {
  await bundle(join(root, "dist"), "library/[name].js", {
    index: source("index.ts"),
    learn: source("learn.ts"),
    "engine/tfjs-node": source("engine", "tfjs-node.ts"),
    "library/taylor-worker": worker,
  });
  writeFileSync(join(root, "dist", "library", "LICENSES.txt"), licences(["chevrotain"]));
}

/** dist/cli: one file a command and what commands share, with the packages they parse text and words with. */
async function bundleCommandLine() {
  const folder = join(root, "dist", "cli");
  await bundle(folder, "[name].js", { main: source("cli", "main.ts"), "taylor-worker": worker });
  writeFileSync(join(folder, "LICENSES.txt"), licences(["commander", "chevrotain"]));
}

async function bundle(folder, chunkFileNames, input) {
  const { rolldown } = await import("rolldown");
  const made = await rolldown({
    input,
    platform: "node",
    external: [/^@tensorflow\//, /^mathjs/, /^onnxruntime/, /^@resvg\//],
  });
  await made.write({ dir: folder, entryFileNames: "[name].js", chunkFileNames, minify });
  await made.close();
}

/** The licences of packages that are bundled. */
function licences(names) {
  const files = {
    commander: { title: "commander", file: "commander/LICENSE" },
    chevrotain: { title: "chevrotain and @chevrotain", file: "chevrotain/LICENSE.txt" },
  };
  return names
    .map((name) => `${files[name].title}\n\n${readFileSync(join(root, "node_modules", files[name].file), "utf8")}`)
    .join("\n\n");
}
