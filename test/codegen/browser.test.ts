import { execFile } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { systems } from "../../src/systems/systems.ts";

/** The emitted modules in a real browser, fetched from a server as a page does. */

const browser = ["chromium", "chromium-browser", "google-chrome"]
  .flatMap((name) => (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name)))
  .find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--virtual-time-budget=20000",
  "--dump-dom",
];

const page = `<!doctype html><title>modules</title><pre id="out">waiting</pre><script type="module">
const out = document.querySelector("#out");
try {
  const js = await import("./dp.mjs");
  const { load } = await import("./dp-wasm.mjs");
  const wasm = await load(new URL("./dp-wasm.wasm", location.href));
  const x = new Float64Array([1, 0.5, -0.2, 0.7]);
  const a = js.field(x), b = wasm.field(x), many = wasm.batch.field(new Float64Array([...x, ...x, ...x]));
  const near = a.every((value, k) => Math.abs(value - b[k]) <= 1e-14 * Math.abs(value));
  out.textContent = JSON.stringify({ near, same: many.subarray(8).every((value, k) => value === b[k]), field: [...b] });
} catch (error) { out.textContent = String(error); }
</script>`;

const compiled = compile(systems["double-pendulum"]);
const wasm = compiled.artifact("wasm");
if (wasm.kind !== "bytes") throw new Error("the wasm target gives bytes");
const files: Readonly<Record<string, readonly [type: string, body: string | Uint8Array]>> = {
  "/": ["text/html", page],
  "/dp.mjs": ["text/javascript", compiled.emit("js")],
  "/dp-wasm.mjs": ["text/javascript", wasm.loader!],
  "/dp-wasm.wasm": ["application/wasm", wasm.bytes],
};

let server: Server;
let profile: string;
beforeAll(async () => {
  profile = mkdtempSync(join(tmpdir(), "hnnc-browser-"));
  server = createServer((request, response) => {
    const found = files[request.url ?? ""];
    response.writeHead(found ? 200 : 404, { "content-type": found?.[0] ?? "text/plain" }).end(found?.[1]);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});

test.skipIf(!browser)("the js and wasm modules of the double pendulum run in a browser", async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { stdout } = await promisify(execFile)(browser!, [...flags, `--user-data-dir=${profile}`, url]);
  const shown = JSON.parse(/<pre id="out">(.*?)<\/pre>/.exec(stdout)![1]!.replaceAll("&quot;", '"'));
  expect(shown).toEqual({
    near: true,
    same: true,
    field: [...compiled.field([1, 0.5, -0.2, 0.7])].map((v) => expect.closeTo(v, 12)),
  });
});
