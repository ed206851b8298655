import { createHash } from "node:crypto";
import type { Dataset } from "./dataset.ts";

/** The SHA-256 of all that training sees of a dataset: names, numbers and runs, not where they come from. */
export function fingerprintOf({ coordinates, momenta, states, times, derivatives, test, runs }: Dataset): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([coordinates, momenta, runs.map(({ start, end }) => [start, end])]));
  for (const [name, values] of Object.entries({ states, times, derivatives, test })) {
    hash.update(`${name} ${values?.length ?? "none"}\n`);
    if (values) hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest("hex");
}
