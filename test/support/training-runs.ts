import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hnnc, type Outcome } from "./hnnc-process.ts";

/** A tiny model on few rows: some half a second, most of it Node's own. */
export const tiny: readonly string[] = ["--hidden", "4", "--steps", "200"];
/** Few rows of a system. */
export const few: readonly string[] = ["--trajectories", "5", "--points", "12", "--t", "3", "--split", "0.2"];

/** Every file under a folder, by its path from there, sorted. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** The first line of what is told, and the hint. */
export function told({ code, stdout, stderr }: Outcome): { code: number | null; stdout: string; stderr: string } {
  return { code, stdout, stderr };
}

/** Trains into `folder` without pictures; throws what was told where that fails. */
export async function trained(words: readonly string[], cwd: string, folder: string): Promise<void> {
  const { code, stderr } = await hnnc(["train", ...words, "-o", folder, "--no-report"], { cwd });
  if (code !== 0) throw new Error(stderr);
}

/** Rows of a pendulum H = p²/2 − 9 cos q as lines `t,q,p`, by leapfrog in steps of a tenth of `dt`. */
export function swing(q: number, p: number, rows: number, { dt = 0.02, t = 0 } = {}): string[] {
  const lines: string[] = [];
  const h = dt / 10;
  for (let row = 0; row < rows; row++) {
    lines.push(`${t + row * dt},${q},${p}`);
    for (let k = 0; k < 10; k++) {
      p -= (h / 2) * 9 * Math.sin(q);
      q += h * p;
      p -= (h / 2) * 9 * Math.sin(q);
    }
  }
  return lines;
}

/** A run's file as JSON. */
export function json<T>(folder: string, name: string): T {
  return JSON.parse(readFileSync(join(folder, name), "utf8")) as T;
}
