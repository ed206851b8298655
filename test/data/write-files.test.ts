import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFiles } from "../../src/data/write-files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hnnc-write-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);

test("writes text and bytes, and leaves nothing else", async () => {
  await writeFiles([
    { path: at("a.mjs"), content: "export const é = 1;\n" },
    { path: at("a.wasm"), content: new Uint8Array([0, 97, 115, 109]) },
  ]);
  expect(readFileSync(at("a.mjs"), "utf8")).toBe("export const é = 1;\n");
  expect([...readFileSync(at("a.wasm"))]).toEqual([0, 97, 115, 109]);
  expect(readdirSync(folder).sort()).toEqual(["a.mjs", "a.wasm"]);
});

test("replaces a file, keeps its mode, and follows a symbolic link", async () => {
  writeFileSync(at("old.mjs"), "old");
  chmodSync(at("old.mjs"), 0o640);
  symlinkSync("old.mjs", at("link.mjs"));
  await writeFiles([{ path: at("link.mjs"), content: "new" }]);
  expect(readFileSync(at("old.mjs"), "utf8")).toBe("new");
  expect(statSync(at("old.mjs")).mode & 0o777).toBe(0o640);
  expect(lstatSync(at("link.mjs")).isSymbolicLink()).toBe(true);
});

test("a reader of the old file keeps the old file: the new one is another", async () => {
  writeFileSync(at("x.mjs"), "old");
  const before = statSync(at("x.mjs")).ino;
  await writeFiles([{ path: at("x.mjs"), content: "new" }]);
  expect(statSync(at("x.mjs")).ino).not.toBe(before);
});

test("a directory in the way is refused, and the other file of the pair is not written", async () => {
  mkdirSync(at("x.mjs"));
  const writing = writeFiles([
    { path: at("x.wasm"), content: "bytes" },
    { path: at("x.mjs"), content: "loader" },
  ]);
  await expect(writing).rejects.toMatchObject({
    kind: "io",
    code: "cannot-write",
    message: `cannot write \`${at("x.mjs")}\`: it is a directory`,
  });
  expect(readdirSync(folder)).toEqual(["x.mjs"]);
});

test("a missing directory is refused with its name", async () => {
  await expect(writeFiles([{ path: at("no/x.mjs"), content: "" }])).rejects.toMatchObject({
    kind: "io",
    message: `cannot write \`${at("no/x.mjs")}\`: there is no directory \`${at("no")}\``,
    hint: "make the directory first",
  });
});

test("a write-protected file is kept", async () => {
  writeFileSync(at("kept.mjs"), "old");
  chmodSync(at("kept.mjs"), 0o444);
  await expect(writeFiles([{ path: at("kept.mjs"), content: "new" }])).rejects.toMatchObject({
    message: `cannot write \`${at("kept.mjs")}\`: permission is denied`,
  });
  expect(readFileSync(at("kept.mjs"), "utf8")).toBe("old");
});

test.runIf(existsSync("/dev/full"))("a full device is refused, and the device is still one", async () => {
  await expect(writeFiles([{ path: "/dev/full", content: "x".repeat(1e5) }])).rejects.toMatchObject({
    kind: "io",
    message: "cannot write `/dev/full`: the disk is full",
  });
  expect(statSync("/dev/full").isCharacterDevice()).toBe(true);
});

test("a failing write leaves the old file and nothing beside it", async () => {
  writeFileSync(at("x.mjs"), "old");
  // Not bytes, though it has a length: fails in the middle, when the file beside is open already.
  const content = { length: 1 } as unknown as Uint8Array;
  await expect(writeFiles([{ path: at("x.mjs"), content }])).rejects.toMatchObject({ kind: "io" });
  expect(readFileSync(at("x.mjs"), "utf8")).toBe("old");
  expect(readdirSync(folder)).toEqual(["x.mjs"]);
});

test("a link that is to be replaced is, and what it points to stays", async () => {
  writeFileSync(at("far.json"), "far");
  symlinkSync("far.json", at("near.json"));
  await writeFiles([{ path: at("near.json"), content: "near" }], { links: "replace" });
  expect(readFileSync(at("far.json"), "utf8")).toBe("far");
  expect(lstatSync(at("near.json")).isFile()).toBe(true);
  expect(readFileSync(at("near.json"), "utf8")).toBe("near");
});
