/** The style of a report: one column, tables that scroll on a narrow screen, dark where the reader's system is. */
export const reportStyle = `
:root { --ink: #1b1b1b; --soft: #5c5c5c; --line: #dcdcdc; --paper: #fff; --tint: #f5f6f7; --warn: #a34700; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 1.5rem 1rem 4rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font: 400 1.7rem/1.3 "STIX Two Text", "Times New Roman", serif; margin: 0 0 .3rem; white-space: pre-line; }
header p { color: var(--soft); margin: 0 0 1rem; }
h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; }
sub, sup { line-height: 0; font-size: .72em; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 500; }
thead th { color: var(--soft); font-size: .85rem; font-weight: 400; }
.figures th { min-width: 9.5rem; }
.figures thead th, .figures td { min-width: 0; }
@media (min-width: 34rem) { .figures td { white-space: nowrap; } }
.pairs th { width: 40%; color: var(--soft); font-weight: 400; }
small { display: block; color: var(--soft); font-weight: 400; line-height: 1.35; }
figure { margin: 1.2rem 0 2rem; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { color: var(--soft); font-size: .92rem; margin-top: .3rem; }
dl { margin: 0; }
dt { color: var(--soft); font-size: .92rem; }
dd { margin: 0 0 .7rem; }
code { display: block; padding: .45rem .6rem; background: var(--tint); border-radius: 4px; overflow-x: auto;
  font: .9rem/1.4 ui-monospace, monospace; white-space: pre; }
.warnings { margin: 1rem 0; padding: .6rem .8rem .6rem 2rem; border-left: 3px solid var(--warn); background: var(--tint); }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e6e6; --soft: #a3a3a3; --line: #3a3a3a; --paper: #16181a; --tint: #202326; --warn: #e69f00; }
  figure svg { filter: invert(.91) hue-rotate(180deg); }
}
@media print { body { max-width: none; } figure, tr { break-inside: avoid; } }
`;
