/** A stretch of a label in one style. */
export interface Piece {
  readonly text: string;
  readonly italic?: boolean | undefined;
  readonly at?: "sub" | "super" | undefined;
}

/** Text with italics, subscripts and superscripts. */
export type Label = readonly Piece[];

const greekNames =
  "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π " +
  "rho ρ sigma σ tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω " +
  "Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω";

const greek: ReadonlyMap<string, string> = new Map(
  [...greekNames.matchAll(/(\w+) (\S)/g)].map(([, name, letter]) => [name!, letter!]),
);

/**
 * A name as physicists write it: `theta` θ, `p_theta` p with index θ, `q1` and `q[1]` q with index 1.
 *
 * @example labelText(nameLabel("p_x1")) // "pₓ₁"
 */
export function nameLabel(name: string): Label {
  const rate = /^d(.+)\/dt$/.exec(name);
  if (rate) return [{ text: "d", italic: true }, ...nameLabel(rate[1]!), { text: "/d" }, { text: "t", italic: true }];
  const parts = /^(\p{L}+)(\d*)(?:_(\w+))?(?:\[([\d,]+)\])?$/u.exec(name);
  if (!parts) return [{ text: name, italic: true }];
  const [, letters, digits, index, entry] = parts;
  const below = [
    ...(digits ? [{ text: digits }] : []),
    ...(index ? indexPieces(index) : []),
    ...(entry ? [{ text: digits || index ? `,${entry}` : entry }] : []),
  ];
  return [...wordPieces(letters!), ...below.map((piece) => ({ ...piece, at: "sub" as const }))];
}

function indexPieces(index: string): Piece[] {
  return [...index.replace(/_/g, ",").matchAll(/\p{L}+|[^\p{L}]+/gu)].flatMap(([part]) =>
    /^\p{L}/u.test(part) ? [...wordPieces(part)] : [{ text: part }],
  );
}

/** Letters are italic, words and capital Greek are not. `px` and `qy` are a letter with an index. */
function wordPieces(word: string): Label {
  const letter = greek.get(word);
  if (letter !== undefined) return [{ text: letter, italic: /\p{Ll}/u.test(letter) }];
  if (/^[qprvLP][xyzr]$/.test(word)) {
    return [
      { text: word[0]!, italic: true },
      { text: word[1]!, italic: true, at: "sub" },
    ];
  }
  return [{ text: word, italic: [...word].length === 1 }];
}

/** A unit as it is printed: `kg m^2/s` kg m²/s. */
export function unitLabel(unit: string): Label {
  return [...unit.matchAll(/\^\(?(-?\d+)\)?|[^^]+/g)].map(([text, power]) =>
    power === undefined ? { text: text.replaceAll("*", " ") } : { text: power.replace("-", "−"), at: "super" as const },
  );
}

/** A formula on one line: Greek letters, whole powers raised, names in italics. */
export function formulaLabel(formula: string): Label {
  const tokens = formula.matchAll(
    /(?<power>\^(?:\((?<inner>-?\d+)\)|(?<digits>\d+)))|(?<name>\p{L}[\p{L}\d]*(?:_\w+)?)(?<entry>\[[^[\]]*\])?(?<call>\s*\()?|(?<sign>\s-\s)|(?<rest>\d+(?:\.\d+)?|.)/gsu,
  );
  const pieces: Piece[] = [];
  for (const { groups } of tokens) {
    const { power, inner, digits, name, entry, call, sign, rest } = groups!;
    if (power) pieces.push({ text: (inner ?? digits)!.replace("-", "−"), at: "super" });
    else if (name && call !== undefined && isFunction(name) && !entry) {
      pieces.push({ text: name === "sum" ? "Σ" : name === "prod" ? "Π" : name }, { text: "(" });
    } else if (name) {
      const index = entry ? indexPieces(entry.slice(1, -1)).map((piece) => ({ ...piece, at: "sub" as const })) : [];
      pieces.push(...nameLabel(name), ...index, ...(call === undefined ? [] : [{ text: call.replace(/\s+/, " ") }]));
    } else if (sign) pieces.push({ text: " − " });
    else pieces.push({ text: rest === "-" ? "−" : rest === "*" ? "·" : rest!.replace(/\s/, " ") });
  }
  return merged(pieces);
}

/** A word before a bracket is a function; a letter is a factor. */
function isFunction(name: string): boolean {
  return /^\p{L}{2,}\d*$/u.test(name) && !greek.has(name.replace(/\d+$/, ""));
}

function merged(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (last && last.italic === piece.italic && last.at === piece.at) {
      out[out.length - 1] = { ...last, text: last.text + piece.text };
    } else out.push(piece);
  }
  return out;
}

const subscripts: Readonly<Record<string, string>> = Object.fromEntries(
  [..."0123456789+−=()aehijklmnoprstuvx,"].map((char, at) => [char, [..."₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ,"][at]!]),
);
const superscripts: Readonly<Record<string, string>> = Object.fromEntries(
  [..."0123456789+−=()"].map((char, at) => [char, [..."⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾"][at]!]),
);

/** A label in plain characters; an index that has none of its own stands after `_`. */
export function labelText(label: Label): string {
  let text = "";
  for (const [k, { text: piece, at }] of label.entries()) {
    if (at === undefined) text += piece;
    else {
      const table = at === "sub" ? subscripts : superscripts;
      const small = [...piece].map((char) => table[char]);
      const opens = label[k - 1]?.at !== at;
      text += small.every((char) => char !== undefined)
        ? small.join("")
        : `${opens ? (at === "sub" ? "_" : "^") : ""}${piece}`;
    }
  }
  return text;
}

/** Upright words as a label. */
export function plainLabel(text: string): Label {
  return [{ text }];
}
