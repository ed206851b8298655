import { HnncError } from "../errors.ts";
import type { Range, Region } from "../systems/system.ts";
import { numberIn } from "./number-option.ts";

/**
 * Reads `--region`: a range for each variable, `q=-2:2,p=-1:1`, or distances from the origin, `radius=0.1:1`.
 *
 * @throws HnncError `bad-region` (usage)
 */
export function readRegion(text: string): Region {
  const ranges: [string, Range][] = text.split(",").map((part) => {
    const [name = "", range = ""] = part.split("=").map((side) => side.trim());
    const read = rangeIn(range);
    if (name === "" || !read) throw badRegion(`\`${part.trim()}\` is no range of a variable`);
    return [name, read];
  });
  const names = ranges.map(([name]) => name);
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined) throw badRegion(`\`${twice}\` has two ranges`);
  const [[name, radius]] = ranges as [[string, Range]];
  if (ranges.length > 1 || name !== "radius") return { kind: "box", ranges: Object.fromEntries(ranges) };
  if (radius[0] < 0 || radius[1] === 0) throw badRegion(`radii from ${radius[0]} to ${radius[1]} are none`);
  return { kind: "shell", radius };
}

/**
 * Reads `--energy 0.5` or `--energy 0.1:2`.
 *
 * @throws HnncError `bad-energy` (usage)
 */
export function readEnergy(text: string): number | Range {
  const energy = numberIn(text) ?? rangeIn(text);
  if (energy !== undefined) return energy;
  throw new HnncError({
    kind: "usage",
    code: "bad-energy",
    message: `\`--energy ${text}\` is neither an energy nor a range of them`,
    hint: "write --energy 0.5, or --energy 0.1:2",
  });
}

/**
 * Reads `--noise 0.1` or `--noise q=0.1,p=0.02`.
 *
 * @throws HnncError `bad-noise` (usage)
 */
export function readNoise(text: string): number | Readonly<Record<string, number>> {
  const one = numberIn(text);
  if (one !== undefined && one >= 0) return one;
  // A comma inside brackets belongs to a name, as in q[1,2].
  const entries = text.split(/,(?![^[\]]*\])/).map((part): [string, number | undefined] => {
    const at = part.lastIndexOf("=");
    return [part.slice(0, Math.max(at, 0)).replace(/\s/g, ""), numberIn(part.slice(at + 1))];
  });
  if (entries.every(([name, sigma]) => name !== "" && sigma !== undefined && sigma >= 0)) {
    return Object.fromEntries(entries as [string, number][]);
  }
  throw new HnncError({
    kind: "usage",
    code: "bad-noise",
    message: `\`--noise ${text}\` is no standard deviation`,
    hint: "write --noise 0.1, or --noise q=0.1,p=0.02",
  });
}

/** `-2:2` */
function rangeIn(text: string): Range | undefined {
  const [low, high, ...more] = text.split(":").map(numberIn);
  return low !== undefined && high !== undefined && low <= high && more.length === 0 ? [low, high] : undefined;
}

function badRegion(message: string): HnncError {
  return new HnncError({
    kind: "usage",
    code: "bad-region",
    message,
    hint: "write --region q=-2:2,p=-1:1, or --region radius=0.1:1",
  });
}
