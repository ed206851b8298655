import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dataFile, dataFolder, dataVariable } from "../../src/reproduce/data-folder.ts";

let folder: string;
const [before, named] = [process.cwd(), process.env[dataVariable]];
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "hnnc-data-")));
  mkdirSync(join(folder, "work/deep"), { recursive: true });
  mkdirSync(join(folder, "data/hnn2019"), { recursive: true });
  delete process.env[dataVariable];
  process.chdir(join(folder, "work"));
});
afterEach(() => {
  process.chdir(before);
  if (named !== undefined) process.env[dataVariable] = named;
  rmSync(folder, { recursive: true });
});

describe("the folder of reference data", () => {
  it("is what is named, before the environment, before what lies beside", () => {
    expect(dataFolder()).toBe("../data");
    process.env[dataVariable] = folder;
    expect(dataFolder()).toBe(folder);
    expect(dataFolder(".")).toBe(".");
  });

  it("may be absent, but not where it is named", () => {
    process.chdir("deep");
    expect(dataFolder()).toBeUndefined();
    expect(() => dataFolder("elsewhere")).toThrow("there is no folder `elsewhere`");
  });

  it("holds files or does not", () => {
    writeFileSync(join(folder, "data/hnn2019/pend.npz"), "");
    expect(dataFile("../data", "hnn2019/pend.npz")).toBe("../data/hnn2019/pend.npz");
    expect(dataFile("../data", "hnn2019/spring.npz")).toBeUndefined();
    expect(dataFile(undefined, "hnn2019/pend.npz")).toBeUndefined();
  });
});
