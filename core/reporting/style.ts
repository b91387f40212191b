/** The page's whole look. One column, print first; colors follow the reader's light or dark setting. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6572; --paper: #fff; --panel: #f5f7f9; --line: #dde2e8;
  --pass: #17694a; --fail: #a3263a; --open: #87590f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ee; --soft: #a0a9b5; --paper: #14181d; --panel: #1d232a; --line: #323a44;
    --pass: #57c79a; --fail: #f0808f; --open: #e0ae5d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 880px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 40px 0 10px; }
p { margin: 8px 0; }
.soft, figcaption { color: var(--soft); font-size: 13px; }
.verdict { border-left: 6px solid; background: var(--panel); padding: 14px 18px; margin: 22px 0; border-radius: 4px; }
.verdict strong { font-size: 20px; text-transform: uppercase; letter-spacing: .04em; }
.verdict.pass { border-color: var(--pass); } .verdict.pass strong { color: var(--pass); }
.verdict.fail { border-color: var(--fail); } .verdict.fail strong { color: var(--fail); }
.verdict.inconclusive { border-color: var(--open); } .verdict.inconclusive strong { color: var(--open); }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin: 0 0 8px; }
.figures div { background: var(--panel); border-radius: 4px; padding: 12px 14px; }
.figures dt { color: var(--soft); font-size: 13px; }
.figures dd { margin: 0; font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: 13px; }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th.number, td.number { text-align: right; white-space: nowrap; }
td.short, td.short code { white-space: nowrap; overflow-wrap: normal; }
tr.total td { font-weight: 600; }
.yes { color: var(--pass); font-weight: 600; } .no { color: var(--fail); font-weight: 600; }
.open { color: var(--open); font-weight: 600; }
figure { margin: 16px 0 24px; } figure svg { display: block; max-width: 100%; height: auto; }
code { font: 12.5px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
[lang='pt-BR'] { background: var(--panel); border-radius: 4px; padding: 4px 18px 12px; margin-top: 28px; }
[lang='pt-BR'] h2 { margin-top: 12px; }
@media (max-width: 640px) { .figures { grid-template-columns: repeat(2, 1fr); } }
@media print { main { max-width: none; padding: 0; } figure, tr, .verdict, .figures { break-inside: avoid; } h2 { break-after: avoid; } }
`
