/** The report's only style sheet; the page's policy allows it by its hash and nothing else. */
export const style = `
:root{color-scheme:light dark;--ink:#1d2129;--soft:#565e6c;--paper:#fff;--raised:#f6f7f9;--line:#d9dde3;--red:#b3261e;--blue:#1f5fa8;--target:#7a5c00;--warn:#fff6df;--warn-line:#d9a514}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaee;--soft:#a5adba;--paper:#14161a;--raised:#1d2026;--line:#363b44;--red:#f0645b;--blue:#6aa9f0;--target:#d9b03c;--warn:#2b2410;--warn-line:#a37f1a}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
.page{max-width:1120px;margin:0 auto;padding:2.5rem 1.5rem 4rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .35rem;letter-spacing:-.015em}
h2{font-size:1.2rem;margin:3rem 0 .75rem;padding-top:1.25rem;border-top:1px solid var(--line);letter-spacing:-.01em}
h3{font-size:1rem;margin:1.5rem 0 .5rem}
p{margin:.5rem 0;max-width:75ch}
a{color:var(--blue)}
.lead{color:var(--soft);margin:0 0 1.5rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;list-style:none;margin:1.5rem 0 0;padding:0;font-size:.9rem}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:.75rem;margin:0}
.cards div{background:var(--raised);border:1px solid var(--line);border-radius:10px;padding:.85rem 1rem}
.cards div.main{grid-column:span 2;border-color:var(--red)}
.cards dt{color:var(--soft);font-size:.8rem}
.cards dd{margin:.1rem 0 0;font-size:1.5rem;font-weight:650;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.cards .main dd{font-size:2.1rem;line-height:1.25}
.cards dd small{display:block;font-size:.8rem;font-weight:400;color:var(--soft);letter-spacing:0}
.cards+.remark{margin-top:1.25rem}
.remark{background:var(--warn);border-left:3px solid var(--warn-line);border-radius:0 6px 6px 0;padding:.5rem .9rem;margin:.5rem 0;max-width:none}
.scroll{overflow-x:auto;margin:1rem 0 .25rem;border:1px solid var(--line);border-radius:10px}
.scroll:focus-visible,summary:focus-visible,a:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.875rem}
caption{text-align:left;font-weight:600;padding:.7rem .9rem;background:var(--raised);border-bottom:1px solid var(--line)}
th,td{padding:.42rem .7rem;text-align:left;vertical-align:middle;border-bottom:1px solid var(--line);max-width:22rem}
tbody tr:last-child>*{border-bottom:0}
th:first-child,td:first-child{padding-left:.9rem}
thead th{color:var(--soft);font-weight:500;font-size:.78rem;white-space:nowrap}
tbody th{font-weight:550;min-width:6rem}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.g{width:220px;min-width:110px}
.bar{display:block;width:100%;min-width:100px;height:14px}
.bar .track{stroke:var(--line);stroke-width:2;opacity:1}
.bar .band{fill:var(--soft);opacity:.45}
.bar .dot{fill:var(--ink)}
.red .bar .band,.red .bar .dot{fill:var(--red)}
.blue .bar .band,.blue .bar .dot{fill:var(--blue)}
.target .bar .band,.target .bar .dot{fill:var(--target)}
.charts{display:flex;flex-wrap:wrap;gap:1rem 1.75rem;align-items:flex-start}
.charts h3{margin:.75rem 0 .25rem}
.chart{margin:.75rem 0;max-width:100%}
.chart svg{max-width:100%;height:auto;display:block;color:var(--ink)}
.note{color:var(--soft);font-size:.85rem}
details{border:1px solid var(--line);border-radius:10px;margin:.5rem 0;background:var(--paper)}
summary{cursor:pointer;padding:.6rem .9rem;border-radius:10px}
details[open]>summary{background:var(--raised);border-radius:10px 10px 0 0;border-bottom:1px solid var(--line)}
details>p,details>dl,details>.scroll{margin-left:.9rem;margin-right:.9rem}
summary .who{margin:0 .6rem}
summary .where{color:var(--soft);font-size:.85rem}
.badge{display:inline-block;min-width:4.6rem;text-align:center;border-radius:999px;padding:.05rem .55rem;font-size:.76rem;font-weight:600;margin-right:.5rem;border:1px solid var(--red);color:var(--red)}
.badge.low,.badge.medium{border-color:var(--line);color:var(--soft)}
.badge.critical{background:#b3261e;border-color:#b3261e;color:#fff}
.breach dt{font-size:.78rem;font-weight:600;margin-top:.75rem}
dt.red{color:var(--red)}dt.blue{color:var(--blue)}dt.target{color:var(--target)}
.breach dd{margin:.2rem 0 .9rem;padding:.5rem .8rem;border-left:3px solid var(--line);background:var(--raised);border-radius:0 6px 6px 0;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate;font-family:ui-monospace,"SFMono-Regular",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.82rem;line-height:1.5}
.facts dt{font-weight:600;margin-top:.6rem}
.facts dd{margin:.1rem 0 0;max-width:80ch;color:var(--soft)}
footer{margin-top:3rem;color:var(--soft);font-size:.82rem}
@media (max-width:640px){.page{padding:1.25rem 1rem 3rem}.cards div.main{grid-column:1/-1}}
@media print{:root{--ink:#000;--soft:#444;--paper:#fff;--raised:#f6f6f6;--line:#bbb;--red:#9c1f18;--blue:#1c5190;--target:#6b5000;--warn:#fff;color-scheme:light}
.page{max-width:none;padding:0}nav{display:none}body{font-size:10.5pt}.scroll{overflow:visible;border:0}table{font-size:8.5pt}th,td{padding:.2rem .35rem}
h2{break-after:avoid}figure,tr,dd,.cards{break-inside:avoid}thead{display:table-header-group}details::details-content{content-visibility:visible;display:block;height:auto}}
`;
