import { cellError, cellsOf, type Dialect, dialectOf, hasDecimalComma, numberOf, type Place } from "./csv-cells.ts";
import { endsWithLine, linesOf } from "./csv-lines.ts";
import type { RawArray, RawData, ReadLimits } from "./format.ts";
import { type Description, readDescription } from "./provenance.ts";
import { dataError, type Source, tooLarge } from "./source.ts";

const mostColumns = 16_384;

/** Reads text with separated columns. */
export async function readCsv(source: Source, limits: ReadLimits): Promise<RawData> {
  if (source.size === 0) throw dataError(source, "empty", "it is empty");
  const reader = new CsvReader(source, limits);
  for await (const lines of linesOf(source)) for (const line of lines) reader.line(line);
  const description = reader.description();
  if (description && !(await endsWithLine(source))) {
    throw dataError(source, "truncated", "its last line is cut off");
  }
  return { arrays: reader.arrays(), description };
}

/** Fills columns line by line. */
class CsvReader {
  readonly #source: Source;
  readonly #limits: ReadLimits;
  readonly #comments: [string, unknown][] = [];
  #line = 0;
  #dialect: Dialect | undefined;
  #names: readonly string[] = [];
  #columns: ColumnBuffer[] | undefined;
  #points = false;
  #commas = false;
  #lastComment = "";
  #rows = 0;

  constructor(source: Source, limits: ReadLimits) {
    this.#source = source;
    this.#limits = limits;
  }

  description(): Description | undefined {
    return readDescription(this.#comments);
  }

  arrays(): Map<string, RawArray> {
    if (!this.#dialect) throw dataError(this.#source, "empty", "it has comments and no rows");
    const columns = this.#columns ?? this.#names.map(() => new ColumnBuffer("number"));
    return new Map(columns.map((column, k) => [this.#names[k]!, { shape: [this.#rows], values: column.values() }]));
  }

  line(text: string): void {
    this.#line++;
    if (text.startsWith("#") || (text.startsWith("%") && !this.#dialect)) this.#comment(text);
    else if (text.trim() !== "") this.#cells(text);
  }

  #comment(text: string): void {
    this.#lastComment = text.slice(1).trim();
    const match = /^# ([\w -]{1,64}): ([\s\S]*)$/.exec(text);
    if (!match || this.#rows > 0) return;
    try {
      this.#comments.push([match[1]!, JSON.parse(match[2]!)]);
    } catch {
      // A comment of the user's own.
    }
  }

  #cells(text: string): void {
    const place = { source: this.#source, line: this.#line };
    this.#dialect ??= dialectOf(text);
    const cells = cellsOf(text, this.#dialect, place);
    if (this.#names.length > 0) this.#row(cells, place);
    else this.#first(cells, place);
  }

  /** The line that names columns, or a first row without names above it or with names in a comment. */
  #first(cells: readonly string[], place: Place): void {
    if (cells.length > mostColumns) throw dataError(this.#source, "too-wide", `it has ${cells.length} columns`);
    if (cells.every((cell) => numberOf(cell) === undefined && !hasDecimalComma(cell))) {
      this.#names = namesOf(cells, place);
      return;
    }
    const above = this.#lastComment.split(/[\s,;]+/);
    const named = above.length === cells.length && new Set(above).size === above.length;
    this.#names = named ? above : cells.map((_, k) => String(k + 1));
    this.#row(cells, place);
  }

  #row(cells: readonly string[], place: Place): void {
    const width = this.#names.length;
    if (cells.length !== width) {
      const column = Math.min(cells.length, width) + 1;
      throw cellError(
        place,
        column,
        "ragged",
        `this row has ${counted(cells.length, "field")}, and the first line ${width}`,
      );
    }
    this.#columns ??= cells.map((cell) => new ColumnBuffer(isText(cell) ? "text" : "number"));
    for (let k = 0; k < width; k++) {
      const cell = cells[k]!;
      const column = this.#columns[k]!;
      if (column.kind === "text") column.pushText(cell.trim());
      else column.pushNumber(this.#number(cell, k, place));
    }
    this.#rows++;
    if (this.#rows * width * 8 > this.#limits.bytes) throw tooLarge(this.#source, this.#limits);
  }

  #number(cell: string, k: number, place: Place): number {
    const value = numberOf(cell);
    if (value === undefined) this.#requireComma(cell, k, place);
    if (value === undefined) this.#commas = true;
    else if (!this.#points && cell.includes(".")) this.#points = true;
    if (this.#points && this.#commas) {
      const message = `\`${this.#names[k]}\` has \`${cell.trim()}\`: the file has both decimal points and decimal commas`;
      throw cellError(place, k + 1, "mixed-decimals", message);
    }
    return value ?? Number(cell.trim().replace(",", "."));
  }

  /** Refuses what is not even a number with a decimal comma. */
  #requireComma(cell: string, k: number, place: Place): void {
    const name = `\`${this.#names[k]}\``;
    const text = cell.trim();
    if (text === "") {
      throw cellError(place, k + 1, "empty-cell", `${name} is empty`, "write nan where a value is missing");
    }
    if (!hasDecimalComma(cell)) {
      throw cellError(place, k + 1, "not-a-number", `${name} has \`${text.slice(0, 40)}\`, which is not a number`);
    }
    if (this.#dialect!.separator === "," && /^[+-]?[1-9]\d{0,2},\d{3}$/.test(text)) {
      const message = `${name} has \`${text}\`, which may be a decimal comma or one of thousands`;
      throw cellError(place, k + 1, "ambiguous-comma", message, "write decimal points");
    }
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function isText(cell: string): boolean {
  return numberOf(cell) === undefined && !hasDecimalComma(cell) && cell.trim() !== "";
}

/** Names as they stand; a column without one (pandas writes its index so) is called by its number. */
function namesOf(cells: readonly string[], place: Place): string[] {
  const names = cells.map((cell, k) => cell.trim() || String(k + 1));
  for (const [k, name] of names.entries()) {
    if (names.indexOf(name) !== k) throw cellError(place, k + 1, "name-twice", `the name \`${name}\` stands twice`);
  }
  return names;
}

/** A column that grows. */
class ColumnBuffer {
  readonly kind: "number" | "text";
  #numbers = new Float64Array(256);
  #count = 0;
  readonly #text: string[] = [];
  readonly #known = new Map<string, string>();

  constructor(kind: "number" | "text") {
    this.kind = kind;
  }

  pushNumber(value: number): void {
    if (this.#count === this.#numbers.length) {
      const larger = new Float64Array(2 * this.#count);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#count++] = value;
  }

  /** Equal words share their memory. */
  pushText(text: string): void {
    const known = this.#known.get(text);
    if (known === undefined && this.#known.size < 65_536) this.#known.set(text, text);
    this.#text.push(known ?? text);
  }

  values(): Float64Array | string[] {
    return this.kind === "text" ? this.#text : this.#numbers.slice(0, this.#count);
  }
}
