import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parseColumns } from "../../src/data/columns.ts";
import { csv } from "../../src/data/csv.ts";
import { column, type Dataset } from "../../src/data/dataset.ts";
import { splitAtGaps } from "../../src/data/gaps.ts";
import { interpret } from "../../src/data/interpret.ts";
import { readDataset } from "../../src/data/read.ts";
import { bytesSource } from "../../src/data/source.ts";
import { HnncError } from "../../src/errors.ts";

async function read(text: string | Uint8Array, columns?: string): Promise<Dataset> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const source = bytesSource(bytes, "user.csv");
  return interpret(source, await csv.read(source, { bytes: 1e9 }), {
    columns: columns ? parseColumns(columns) : undefined,
  });
}

const rowsOf = (dataset: Dataset) =>
  Array.from({ length: dataset.rows }, (_, row) => [
    dataset.times?.[row],
    ...dataset.states.subarray(2 * row, 2 * row + 2),
  ]);

const expected = [
  [0, 1.5, -2],
  [1, 0.25, 1e-7],
];

describe("tables of users that are read", () => {
  test.each<readonly [name: string, text: string, columns?: string | undefined]>([
    ["plain", "t,q,p\n0,1.5,-2\n1,.25,1e-7\n"],
    ["no line end at the end", "t,q,p\n0,1.5,-2\n1,.25,1e-7"],
    ["byte order mark and \\r\\n", "\ufefft,q,p\r\n0,1.5,-2\r\n1,.25,1e-7\r\n"],
    ["\\r alone", "t,q,p\r0,1.5,-2\r1,.25,1e-7\r"],
    ["empty lines and comments", "# by hand\n\nt,q,p\n\n0,1.5,-2\n# gap\n   \n1,.25,1e-7\n\n"],
    ["semicolons and decimal commas", "t;q;p\n0;1,5;-2\n1;,25;1e-7\n"],
    ["tabs and decimal commas", "t\tq\tp\n0\t1,5\t-2\n1\t0,25\t1,0e-7\n"],
    ["quotes around everything", '"t","q","p"\n"0","1.5","-2"\n"1",".25","1e-7"\n'],
    ["quoted decimal commas between commas", 't,q,p\n0,"1,5",-2\n1,"0,25",1e-7\n'],
    ["spaces after commas", "t, q, p\n0, 1.5, -2\n1, .25, 1e-7\n"],
    ["columns of spaces", "  t    q    p\n  0  1.5   -2\n  1  .25 1e-7\n"],
    ["no names, columns by number", "0,1.5,-2\n1,.25,1e-7\n", "t=1,q=2,p=3"],
    ["NumPy's savetxt with names in a comment", "# t q p\n0.0e+00 1.5e+00 -2.0e+00\n1 0.25 1e-07\n"],
    [
      "names in another order, others among them",
      "omega,note,theta,time\n-2,a,1.5,0\n1e-7,b,.25,1\n",
      "q=theta,p=omega,t=time",
    ],
    ["pandas with its index", ",t,q,p\n0,0,1.5,-2\n1,1,.25,1e-7\n"],
  ])("%s", async (_, text, columns) => {
    expect(rowsOf(await read(text!, columns))).toEqual(expected);
  });

  test("nan and inf in every spelling", async () => {
    const dataset = await read("q,p\nnan,inf\nNaN,-Infinity\n-0,+inf\n");
    expect([...dataset.states]).toEqual([Number.NaN, Infinity, Number.NaN, -Infinity, -0, Infinity]);
    expect(dataset.times).toBeUndefined();
  });

  test("runs by a word or a number, put together where rows are mixed, and a split", async () => {
    const mixed = await read("run,split,t,q,p\nb,train,0,1,1\na,test,0,2,2\nb,train,1,3,3\na,test,1,4,4\n");
    expect(mixed.runs).toEqual([
      { id: 0, start: 0, end: 2 },
      { id: 1, start: 2, end: 4 },
    ]);
    expect([[...column(mixed, "q")], [...mixed.test!]]).toEqual([
      [1, 3, 2, 4],
      [0, 0, 1, 1],
    ]);
    expect((await read("trial,q,p\n7,1,1\n9,2,2\n", "q=q,p=p,run=trial")).runs.map(({ id }) => id)).toEqual([7, 9]);
  });
});

describe("tables that are refused, with line and column", () => {
  test.each<readonly [name: string, text: string | Uint8Array, message: RegExp]>([
    ["nothing", "", /it is empty/],
    ["comments alone", "# one\n# two\n", /comments and no rows/],
    ["a short row", "t,q,p\n0,1,2\n1,2\n", /line 3, column 3: this row has 2 fields, and the first line 3/],
    ["a long row", "t,q,p\n0,1,2,3\n", /line 2, column 4: this row has 4 fields/],
    ["an empty field", "t,q,p\n0,,2\n", /line 2, column 2: `q` is empty/],
    ["a row of empty fields", "t,q,p\n0,1,2\n,,\n", /line 3, column 1: `t` is empty/],
    ["a word", "t,q,p\n0,1,2\n1,two,3\n", /line 3, column 2: `q` has `two`, which is not a number/],
    ["hexadecimal", "q,p\n0x10,1\n1,1\n", /column `q` holds text/],
    ["hexadecimal below", "q,p\n1,1\n 0x10,1\n", /line 3, column 1: `q` has `0x10`/],
    ["a number with a separator", "q,p\n1,1_000\n", /holds text|not a number/],
    ["thousands", 'q,p\n1,2\n"1,234",5\n', /line 3, column 1: .* decimal comma or one of thousands/],
    ["points and commas", "q;p\n1,5;2\n1.5;2\n", /line 3, column 1: .* both decimal points and decimal commas/],
    ["thousands and decimals", "q;p\n1;2\n1.234,5;2\n", /line 3, column 1: `q` has `1.234,5`/],
    ["a quote left open", 'q,p\n1,"2\n3,4\n', /line 2, column 2: a quote is not closed/],
    ["text after a quote", 'q,p\n1,"2"x\n', /line 2, column 2: `x` follows a closing quote/],
    ["a name twice", "q,p,q\n1,2,3\n", /line 1, column 3: the name `q` stands twice/],
    ["a split of its own", "q,p,split\n1,2,train\n1,2,dev\n", /row 2 has the split `dev`/],
    ["UTF-16", Uint8Array.from([0xff, 0xfe, 0x71, 0]), /UTF-16/],
    ["Latin-1", Uint8Array.from([0x71, 0x2c, 0x70, 10, 0xe9, 10]), /not UTF-8/],
    ["an Excel file", Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0]), /zip archive/],
    ["binary", Uint8Array.from([1, 0, 2, 0]), /binary/],
    ["one endless line", new Uint8Array(3e6).fill(0x31), /longer than 1048576 characters/],
    ["columns it is not clear about", "time,angle,speed\n0,1,2\n", /not clear which of its columns are coordinates/],
  ])("%s", async (_, text, message) => {
    const error: unknown = await read(text).catch((reason) => reason);
    expect(error).toBeInstanceOf(HnncError);
    expect([(error as HnncError).kind, (error as HnncError).message]).toEqual(["data", expect.stringMatching(message)]);
    expect((error as HnncError).message).toMatch(/^`user.csv`: /);
  });

  test("a file of ours that ends within its last number", async () => {
    const text = '# hnnc dataset: 1\n# coordinates: ["q"]\n# momenta: ["p"]\nq,p\n1,2\n3,4.25\n';
    expect((await read(text)).rows).toBe(2);
    await expect(read(text.slice(0, -2))).rejects.toThrow("its last line is cut off");
  });

  test("a column that a mapping names and the file lacks, with those it has", async () => {
    const error: unknown = await read("a,b\n1,2\n", "q=a,p=c").catch((reason) => reason);
    expect((error as HnncError).format()).toContain("it has no column `c`\n  columns: a b\n  hint: ");
  });

  test("comments do not reach the prototype", async () => {
    await read('# hnnc dataset: 1\n# __proto__: {"polluted": 1}\nq,p\n1,2\n');
    expect("polluted" in {}).toBe(false);
  });
});

test("a mapping is read with its brackets, and refused where it says nothing", () => {
  expect([...parseColumns(" q[1,2] = x , p[1,2]=y,t=time")]).toEqual([
    ["q[1,2]", "x"],
    ["p[1,2]", "y"],
    ["t", "time"],
  ]);
  for (const [text, message] of [
    ["q", "`q` does not say which column is which"],
    ["q=a,q=b", "`q` is given twice"],
  ] as const) {
    expect(() => parseColumns(text)).toThrow(message);
  }
});

/** Reference data beside the checkout, where it is there; these tests are left out otherwise. */
const shared = fileURLToPath(new URL("../../../shared/data", import.meta.url));
const paper = join(shared, "hnn2019");
test.skipIf(!existsSync(paper))("the arrays of the paper's tasks: training rows, then testing rows", async () => {
  const spring = await readDataset(`${paper}/spring.npz`);
  expect([spring.rows, spring.test!.indexOf(1), spring.coordinates, spring.times]).toEqual([
    1500,
    750,
    ["q"],
    undefined,
  ]);
  // H = p² + q²: ẋ = [2p, −2q], noise 0.1 on the states alone.
  let square = 0;
  for (let row = 0; row < spring.rows; row++) {
    square += (spring.derivatives![2 * row]! / 2 - spring.states[2 * row + 1]!) ** 2 / spring.rows;
  }
  expect(Math.sqrt(square)).toBeCloseTo(0.1, 2);
  const names = { coordinates: ["qx1", "qx2", "qy1", "qy2"], momenta: ["px1", "px2", "py1", "py2"] };
  const bodies = await readDataset(`${paper}/2body.npz`, { names });
  expect([bodies.rows, bodies.coordinates, bodies.runs.length]).toEqual([50_000, names.coordinates, 2]);
});

const measured = join(shared, "measured");
test.skipIf(!existsSync(measured))("measured pendulums: names by number, runs, gaps", async () => {
  const real = await readDataset(`${measured}/real_pend_h_1.txt`, { columns: parseColumns("q=3,p=4,t=2,run=1") });
  expect(real.rows).toBe(556);
  const { dataset, gaps } = splitAtGaps(real);
  expect(dataset.runs.length).toBe(gaps.length + real.runs.length);
  expect(dataset.runs.length).toBe(11);
  const arm = await readDataset(`${measured}/single_pendulum_arm.csv`, { columns: parseColumns("q=theta,p=omega") });
  expect([arm.runs.length, arm.test!.at(-1), splitAtGaps(arm).gaps.length]).toEqual([6, 1, 0]);
});
