import { greek, subscripts } from "./characters.ts";

const plain = /^[A-Za-z0-9_]*$/;
const latinOrGreek = /^[\p{Script=Latin}\p{Script=Greek}]$/u;

/** Whether a letter is a velocity: `ẋ`, `ẍ`. */
export function isDotted(char: string): boolean {
  return /\u0307|^x\u0308/.test(char.normalize("NFD"));
}

/** Whether a letter may stand in a name: Latin or Greek, mathematical alphabets (𝑞, 𝜃) included; no velocities. */
export function isNameLetter(char: string): boolean {
  if (isDotted(char)) return false;
  const [first] = char.normalize("NFKC");
  return first !== undefined && latinOrGreek.test(first) && /\p{L}/u.test(first);
}

/**
 * The ASCII spelling of a name: Greek letters by name, subscripts behind an underscore.
 *
 * @example asciiName("ωₓ") // "omega_x"
 * @example asciiName("q₁") // "q1"
 */
export function asciiName(raw: string): string {
  if (plain.test(raw)) return raw;
  let text = "";
  let last: "greek" | "letter" | "sub" | "digit" | "" = "";
  for (const char of withoutCompatibility(raw)) {
    const sub = subscripts.get(char);
    const name = greek.get(char);
    if (sub !== undefined) {
      const joins = last === "sub" || last === "" || (/\d/.test(sub) && last !== "digit");
      text += joins ? sub : `_${sub}`;
      last = "sub";
    } else if (name !== undefined) {
      text += last === "" ? name : `_${name}`;
      last = "greek";
    } else {
      const digit = /\d/.test(char);
      const needsBreak = !digit && char !== "_" && (last === "greek" || last === "sub");
      text += needsBreak ? `_${char}` : char;
      last = char === "_" ? "" : digit ? "digit" : "letter";
    }
  }
  return text;
}

/** NFKC except for subscripts, which it would turn into plain digits. */
function withoutCompatibility(raw: string): string {
  let text = "";
  for (const char of raw) text += subscripts.has(char) ? char : char.normalize("NFKC");
  return text.normalize("NFC");
}

/** What two spellings of one name have in common: `q_1`, `q1` and `q₁` are one name. */
export function nameKey(ascii: string): string {
  return ascii.includes("_") ? ascii.replace(/(\p{L})_(?=\d)/gu, "$1") : ascii;
}

/** The names of one text. Each name has a number; it is spelled as it was first met. */
export class NameTable {
  readonly #byRaw = new Map<string, number>();
  readonly #byKey = new Map<string, number>();
  readonly #spellings: string[] = [];

  get size(): number {
    return this.#spellings.length;
  }

  /** The number of a name in any spelling. */
  intern(raw: string): number {
    const known = this.#byRaw.get(raw);
    if (known !== undefined) return known;
    const spelling = asciiName(raw);
    const key = nameKey(spelling);
    let id = this.#byKey.get(key);
    if (id === undefined) {
      id = this.#spellings.push(spelling) - 1;
      this.#byKey.set(key, id);
    }
    this.#byRaw.set(raw, id);
    return id;
  }

  /** As `intern`, and the name is spelled so from now on. */
  declare(spelling: string): number {
    const id = this.intern(spelling);
    this.#spellings[id] = spelling;
    return id;
  }

  /** The number of a name that has occurred. */
  find(raw: string): number | undefined {
    return this.#byRaw.get(raw) ?? this.#byKey.get(nameKey(asciiName(raw)));
  }

  spelling(id: number): string {
    return this.#spellings[id]!;
  }
}
