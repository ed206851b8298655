import { compareSigns, Kind } from "./tokens.ts";

/** LaTeX commands that are letters, by the name they stand for; other Greek commands are called like the letter. */
export const letterCommands: ReadonlyMap<string, string> = new Map([
  ["varphi", "phi"],
  ["vartheta", "theta"],
  ["varepsilon", "epsilon"],
  ["varrho", "rho"],
  ["varsigma", "sigma"],
  ["varkappa", "kappa"],
  ["hslash", "hbar"],
  ["ell", "l"],
]);

const compare = (sign: (typeof compareSigns)[number]) => ({ kind: Kind.Compare, value: compareSigns.indexOf(sign) });

/** LaTeX commands that are one token. */
export const commandTokens: ReadonlyMap<string, { readonly kind: Kind; readonly value?: number }> = new Map<
  string,
  { readonly kind: Kind; readonly value?: number }
>([
  ["cdot", { kind: Kind.Dot }],
  ["times", { kind: Kind.Cross }],
  ["ast", { kind: Kind.Times }],
  ["div", { kind: Kind.Divide }],
  ["lt", compare("<")],
  ["gt", compare(">")],
  ["le", compare("<=")],
  ["leq", compare("<=")],
  ["leqslant", compare("<=")],
  ["ge", compare(">=")],
  ["geq", compare(">=")],
  ["geqslant", compare(">=")],
  ["ne", compare("!=")],
  ["neq", compare("!=")],
  ["land", { kind: Kind.And }],
  ["lor", { kind: Kind.Or }],
  ["lnot", { kind: Kind.Not }],
  ["lvert", { kind: Kind.OpenBar }],
  ["rvert", { kind: Kind.CloseBar }],
  ["lVert", { kind: Kind.OpenBar }],
  ["rVert", { kind: Kind.CloseBar }],
  ["vert", { kind: Kind.Bar }],
  ["Vert", { kind: Kind.Bar }],
  ["mid", { kind: Kind.Bar }],
  ["lbrace", { kind: Kind.OpenBrace }],
  ["rbrace", { kind: Kind.CloseBrace }],
  ["colon", { kind: Kind.Colon }],
  ["prime", { kind: Kind.Prime }],
]);

/** Commands about looks only. */
export const ignoredCommands: ReadonlySet<string> = new Set([
  "quad",
  "qquad",
  "displaystyle",
  "textstyle",
  "scriptstyle",
  "limits",
  "nolimits",
  "big",
  "Big",
  "bigg",
  "Bigg",
  "bigl",
  "bigr",
  "Bigl",
  "Bigr",
  "biggl",
  "biggr",
  "Biggl",
  "Biggr",
  "bigm",
  "thinspace",
  "negthinspace",
  "nonumber",
]);

/** Commands whose braces only change the typeface. */
export const typefaceCommands: ReadonlySet<string> = new Set([
  "mathbf",
  "boldsymbol",
  "bm",
  "mathcal",
  "mathscr",
  "mathsf",
  "mathit",
  "vec",
  "mathbb",
  "pmb",
  "mathfrak",
]);

/** Commands whose braces hold one word that is not to be split. */
export const wordCommands: ReadonlySet<string> = new Set(["mathrm", "text", "textrm", "operatorname", "textit", "rm"]);

/** Accents: `\bar{x}` is the name `x_bar`. */
export const accentCommands: ReadonlySet<string> = new Set(["bar", "hat", "tilde", "overline", "widehat", "widetilde"]);
