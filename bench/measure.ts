/** Does some work `repetitions` times and answers the nanoseconds that all of them took. */
export type Sample = (repetitions: number) => number | Promise<number>;

const sampleTime = 4e6; // nanoseconds that one sample lasts at least
const warmUp = 1e8;
const mostRepetitions = 1e8;
const rounds = 15;

/**
 * Times several ways of doing one thing. Each side warms up and is repeated until a sample lasts 4 ms (slow work runs once), then
 * all sides take turns for 15 rounds, so that a change in the machine's pace meets all of them; the median round
 * counts.
 *
 * @returns nanoseconds a repetition, one for each side
 */
export async function compare(sides: readonly Sample[]): Promise<number[]> {
  const repetitions: number[] = [];
  for (const side of sides) repetitions.push(await calibrate(side));
  const times: number[][] = sides.map(() => []);
  let spent = 0;
  for (let round = 0; round < rounds && (round < 3 || spent < 2e10); round++) {
    for (const [k, side] of sides.entries()) {
      const time = await side(repetitions[k]!);
      times[k]!.push(time / repetitions[k]!);
      spent += time;
    }
  }
  return times.map(median);
}

/** A sample of a plain function. */
export function repeat(work: () => unknown): Sample {
  return (repetitions) => {
    const start = performance.now();
    for (let k = 0; k < repetitions; k++) work();
    return (performance.now() - start) * 1e6;
  };
}

/** Warms a side up for 100 ms, so that compiled code is measured; answers how often a sample repeats it. */
async function calibrate(side: Sample): Promise<number> {
  let repetitions = 1;
  let spent = await side(1);
  while (spent < warmUp) {
    const time = await side(repetitions);
    spent += time;
    if (time >= sampleTime || repetitions >= mostRepetitions) continue;
    const wanted = time > 0 ? Math.ceil((repetitions * 1.2 * sampleTime) / time) : repetitions * 10;
    repetitions = Math.min(wanted, repetitions * 10, mostRepetitions);
  }
  return repetitions;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
