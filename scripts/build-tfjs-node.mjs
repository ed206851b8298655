// Builds the native binding of @tensorflow/tfjs-node where only package registries are reachable:
//
//   node scripts/build-tfjs-node.mjs [--force]
//
// Its own installer downloads libtensorflow from a file host. Here the sources of the binding come from the npm package, the
// native libraries and headers of TensorFlow from the `tensorflow-cpu` wheel on PyPI, and Node's headers from beside the running
// Node or from the npm package of its binary. The result stays in .cache/tfjs-node; the test-suite and `hnnc doctor` find it there.
// Needs: Linux on x64 or arm64, python3 with pip, make and a C++ compiler, 1.2 GB of disk. Takes about a minute.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "./build.mjs";

const tfjsNodeVersion = "4.22.0";
const tensorflowVersion = "2.21.0";
const nodeGypVersion = "11.5.0";
const wheelPlatforms = { x64: "manylinux_2_27_x86_64", arm64: "manylinux_2_27_aarch64" };

const unpackScript = `
import glob, os, shutil, sys, zipfile
wheels, deps = sys.argv[1:]
with zipfile.ZipFile(glob.glob(os.path.join(wheels, "*.whl"))[0]) as wheel:
    for name in wheel.namelist():
        if name.startswith("tensorflow/include/"):
            target = os.path.join(deps, "include", name[len("tensorflow/include/"):])
        elif name in ("tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2"):
            target = os.path.join(deps, "lib", os.path.basename(name))
        else:
            continue
        if not name.endswith("/"):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with wheel.open(name) as source, open(target, "wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
`;

await build();
const { tfjsNodeFolder } = await import("../dist/engine/tfjs-node.js");
const packageFolder = join(tfjsNodeFolder, "node_modules", "@tensorflow", "tfjs-node");

if (!process.argv.includes("--force") && works()) {
  console.log(`already built: ${packageFolder}`);
} else {
  refuseOtherPlatforms();
  rmSync(tfjsNodeFolder, { recursive: true, force: true });
  mkdirSync(tfjsNodeFolder, { recursive: true });
  installSources();
  unpackTensorflow();
  compileBinding(nodeHeaders());
  if (!works()) fail("the binding was built, but a matrix product with it failed; run `hnnc doctor` for the reason");
  console.log(`built: ${packageFolder}`);
}

function refuseOtherPlatforms() {
  if (process.platform === "linux" && process.arch in wheelPlatforms) return;
  fail(
    `only Linux on x64 and arm64 is supported, this is ${process.platform} on ${process.arch}; use \`npm install @tensorflow/tfjs-node\``,
  );
}

/** The npm package and what it needs, without its install script. */
function installSources() {
  const manifest = {
    private: true,
    dependencies: { "@tensorflow/tfjs-node": tfjsNodeVersion, "node-gyp": nodeGypVersion },
    // tfjs-node asks for tar@6, which has known holes (CVE-2026-24842).
    overrides: { tar: "^7.5.23" },
  };
  writeFileSync(join(tfjsNodeFolder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"], tfjsNodeFolder);
}

/** deps/include: the wheel's whole include tree (the C headers alone do not compile); deps/lib: its two libraries, under both names. */
function unpackTensorflow() {
  const wheels = join(tfjsNodeFolder, "wheel");
  const choice = ["--only-binary=:all:", "--python-version", "3.11", "--platform", wheelPlatforms[process.arch]];
  const [pip, ...words] = findPip();
  run(
    pip,
    [...words, "download", "--quiet", "--no-deps", ...choice, "-d", wheels, `tensorflow-cpu==${tensorflowVersion}`],
    tfjsNodeFolder,
  );
  const deps = join(packageFolder, "deps");
  run("python3", ["-c", unpackScript, wheels, deps], tfjsNodeFolder);
  const library = (name) => join(deps, "lib", name);
  symlinkSync("libtensorflow_cc.so.2", library("libtensorflow.so"));
  symlinkSync("libtensorflow_framework.so.2", library("libtensorflow_framework.so"));
  rmSync(wheels, { recursive: true });
}

function findPip() {
  const ways = [["python3", "-m", "pip"], ["pip3"], ["pip"]];
  const works = ([command, ...words]) => spawnSync(command, [...words, "--version"], { stdio: "ignore" }).status === 0;
  return ways.find(works) ?? fail("there is no pip, which fetches TensorFlow's wheel");
}

/** A folder with include/node/node_api.h: beside the running Node, or from the npm package that carries this Node's binary. */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  const platformPackage = `node-${process.platform}-${process.arch}`;
  const fetched = join(tfjsNodeFolder, "node_modules", platformPackage);
  const candidates = [process.env.npm_config_nodedir, prefix, join(prefix, "node_modules", platformPackage), fetched];
  const found = () => candidates.find((folder) => folder && existsSync(join(folder, "include", "node", "node_api.h")));
  if (!found()) {
    const wanted = `${platformPackage}@${process.versions.node}`;
    run("npm", ["install", "--ignore-scripts", "--no-save", "--no-audit", "--no-fund", wanted], tfjsNodeFolder);
  }
  return found() ?? fail(`no Node headers: ${platformPackage} holds none; give their folder as npm_config_nodedir`);
}

function compileBinding(nodedir) {
  const at = createRequire(join(tfjsNodeFolder, "package.json"));
  const preGyp = join(dirname(at.resolve("@mapbox/node-pre-gyp/package.json")), "bin", "node-pre-gyp");
  const nodeGyp = join(dirname(at.resolve("node-gyp/package.json")), "bin", "node-gyp.js");
  const environment = { npm_config_node_gyp: nodeGyp, npm_config_nodedir: nodedir, npm_config_loglevel: "warn" };
  run(process.execPath, [preGyp, "install", "--build-from-source", `--nodedir=${nodedir}`], packageFolder, environment);
  rmSync(join(packageFolder, "build"), { recursive: true, force: true });
}

/** Whether a fresh process can load the binding and multiply two matrices with it. */
function works() {
  const location = new URL("../dist/engine/tfjs-node.js", import.meta.url);
  const program = `
    const { loadTfjsNode } = await import(${JSON.stringify(location.href)});
    const tf = loadTfjsNode();
    const product = await tf.matMul([[1, 2], [3, 4]], [[5, 6], [7, 8]]).data();
    process.exit(tf.getBackend() === "tensorflow" && String(product) === "19,22,43,50" ? 0 : 1);`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", program], { stdio: "ignore" }).status === 0;
}

function run(command, parameters, cwd, environment = {}) {
  console.log(`> ${[command, ...parameters].map((word) => (word.includes("\n") ? "…" : word)).join(" ")}`);
  const { status, error } = spawnSync(command, parameters, {
    cwd,
    stdio: "inherit",
    env: { ...process.env, ...environment },
  });
  if (error) fail(`${command} could not be started: ${error.message}`);
  if (status !== 0) fail(`${command} ended with ${status}`);
}

function fail(message) {
  console.error(`build-tfjs-node: ${message}`);
  process.exit(7);
}
