/** What single characters mean in a formula. Plain tables. */

/** Greek letters by the ASCII name that they share an identity with. Compatibility forms (ϕ, ϑ, µ, 𝜃) are normalised first. */
export const greek: ReadonlyMap<string, string> = new Map(
  Object.entries({
    α: "alpha",
    β: "beta",
    γ: "gamma",
    δ: "delta",
    ε: "epsilon",
    ζ: "zeta",
    η: "eta",
    θ: "theta",
    ι: "iota",
    κ: "kappa",
    λ: "lambda",
    μ: "mu",
    ν: "nu",
    ξ: "xi",
    ο: "omicron",
    π: "pi",
    ρ: "rho",
    ς: "sigma",
    σ: "sigma",
    τ: "tau",
    υ: "upsilon",
    φ: "phi",
    χ: "chi",
    ψ: "psi",
    ω: "omega",
    Α: "Alpha",
    Β: "Beta",
    Γ: "Gamma",
    Δ: "Delta",
    Ε: "Epsilon",
    Ζ: "Zeta",
    Η: "Eta",
    Θ: "Theta",
    Ι: "Iota",
    Κ: "Kappa",
    Λ: "Lambda",
    Μ: "Mu",
    Ν: "Nu",
    Ξ: "Xi",
    Ο: "Omicron",
    Π: "Pi",
    Ρ: "Rho",
    Σ: "Sigma",
    Τ: "Tau",
    Υ: "Upsilon",
    Φ: "Phi",
    Χ: "Chi",
    Ψ: "Psi",
    Ω: "Omega",
    ħ: "hbar",
  }),
);

/** ASCII names of Greek letters, as LaTeX commands and in mixed runs. */
export const greekNames: ReadonlySet<string> = new Set(greek.values());

export const superscripts: ReadonlyMap<string, string> = new Map(
  [..."⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"].map((char, k) => [char, "0123456789+-"[k]!]),
);

/** Subscript letters and digits; `₊` and `₋` make an index expression (`qᵢ₊₁`). */
export const subscripts: ReadonlyMap<string, string> = new Map([
  ...[..."₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥ"].map((char, k) => [char, "0123456789+-aeoxhklmnpstijruv"[k]!] as const),
  ["ᵦ", "beta"],
  ["ᵧ", "gamma"],
  ["ᵨ", "rho"],
  ["ᵩ", "phi"],
  ["ᵪ", "chi"],
]);

/** Numerator and denominator. */
export const vulgarFractions: ReadonlyMap<string, readonly [number, number]> = new Map([
  ["½", [1, 2]],
  ["¼", [1, 4]],
  ["¾", [3, 4]],
  ["⅓", [1, 3]],
  ["⅔", [2, 3]],
  ["⅕", [1, 5]],
  ["⅖", [2, 5]],
  ["⅗", [3, 5]],
  ["⅘", [4, 5]],
  ["⅙", [1, 6]],
  ["⅚", [5, 6]],
  ["⅛", [1, 8]],
  ["⅜", [3, 8]],
  ["⅝", [5, 8]],
  ["⅞", [7, 8]],
]);

/** Blanks that pasted text holds beside the ASCII ones. */
export const blanks: ReadonlySet<string> = new Set(
  "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
);

/** Characters that are something else in ASCII. */
export const synonyms: ReadonlyMap<string, string> = new Map([
  ["−", "-"],
  ["–", "-"],
  ["⋅", "·"],
  ["∙", "·"],
  ["∗", "*"],
  ["∕", "/"],
  ["⁄", "/"],
  ["÷", "/"],
  ["≤", "<="],
  ["⩽", "<="],
  ["≥", ">="],
  ["⩾", ">="],
  ["≠", "!="],
  ["′", "'"],
  ["’", "'"],
  ["∣", "|"],
  ["≡", "=="],
]);

/** What to write instead of a character that means nothing here. */
export const advice: ReadonlyMap<string, string> = new Map([
  ["∑", "write `sum(expr, i = 1..N)`"],
  ["∏", "write `prod(expr, i = 1..N)`"],
  ["∂", "write `D(expr, name)` for a derivative"],
  ["∇", "write the derivative out with `D(expr, name)`"],
  ["∫", "integrals are not part of the language"],
  ["∞", "use a large number, or leave the limit out"],
  ["±", "write the two cases as two formulas"],
  ["°", "write angles in radians, or `[deg]` after a number in a model with units"],
  ["…", "a range is written with two dots: `1..N`"],
  ["∛", "write `cbrt(x)`"],
  ["∈", "a range is written `i = 1..N`"],
  ["→", "give vectors by name: `v`, and `dot(u, v)` for products"],
  ["⟨", "write `dot(u, v)`"],
  ["&", "write `and`; leave the alignment of LaTeX out"],
  ["‖", "write `norm(v)`"],
  ["″", "write `''` for a second derivative: `V''(q)`"],
  ["!", "write `not`, `!=`, or the factorial as a number"],
  ["%", "write a comment with `#`"],
  ["@", "a function of the caller cannot be named here"],
  ["`", "leave the quotation marks out"],
  ["$", "leave the dollar signs out"],
  ['"', "text in quotation marks has no meaning in a formula"],
  ["~", "leave it out"],
]);
