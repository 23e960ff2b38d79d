import { code } from './html.ts';

/** How every page looks: on a screen, in the dark, on a phone, on paper. */
export const STYLE = code`
:root{color-scheme:light dark;--bg:#fff;--fg:#1c2128;--soft:#59636e;--line:#d4d9df;--pale:#f5f7f9;--accent:#0a5fb4;--good:#1a6b34;--bad:#b3261e;--warn:#8a5300;--bar:#7fb0e0;--badbg:#fdf0ef;--goodbg:#eef7f0;--warnbg:#fdf6e8}
@media (prefers-color-scheme:dark){:root{--bg:#14181d;--fg:#e4e8ec;--soft:#a3adb8;--line:#373e47;--pale:#1c2229;--accent:#7db8f2;--good:#77cf91;--bad:#ff9a90;--warn:#e8b765;--bar:#3d74ad;--badbg:#2c1b1b;--goodbg:#17271d;--warnbg:#2a2215}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
header,main,footer,nav{max-width:72rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .75rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:0 0 .5rem}
h3{font-size:1rem;margin:0 0 .25rem;overflow-wrap:anywhere}
p{margin:.35rem 0}
a{color:var(--accent)}
.kind{color:var(--soft);margin:0 0 .15rem;font-size:.9rem}
.verdict{display:block;border:1px solid var(--line);border-left:.4rem solid var(--soft);border-radius:.3rem;padding:.6rem .9rem;margin:.75rem 0;overflow-wrap:anywhere}
.verdict strong{display:block;font-size:1.05rem}
.verdict.good{border-left-color:var(--good);background:var(--goodbg)}
.verdict.bad{border-left-color:var(--bad);background:var(--badbg)}
.good strong,.ok{color:var(--good)}
.bad strong,.no{color:var(--bad)}
.ok,.no{font-weight:600}
dl.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.5rem 1.5rem;margin:1rem 0}
dl.facts dt{color:var(--soft);font-size:.85rem}
dl.facts dd{margin:0;overflow-wrap:anywhere}
nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;list-style:none;margin:0;padding:.5rem 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line);font-size:.92rem}
section{padding:1.6rem 0 .4rem}
section.long{content-visibility:auto;contain-intrinsic-size:auto 40rem}
.note{color:var(--soft);max-width:60rem}
.name,.sha{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.9em}
dd .name,h1,.finding .name{overflow-wrap:anywhere}
table .name{overflow-wrap:break-word}
.sha{white-space:nowrap}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.3rem;margin:.6rem 0}
.scroll:focus-visible,button:focus-visible,input:focus-visible,a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;color:var(--soft);padding:.45rem .6rem;font-size:.85rem}
th,td{text-align:left;vertical-align:top;padding:.32rem .6rem;border-top:1px solid var(--line)}
thead th{background:var(--pale);color:var(--soft);font-weight:600;white-space:nowrap;vertical-align:bottom}
tbody th{font-weight:400;min-width:8rem;max-width:24rem}
td{max-width:24rem}
td .ok{white-space:nowrap}
.from{color:var(--soft)}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.small{font-size:.85em;color:var(--soft);min-width:14rem}
.small div{overflow-wrap:anywhere}
.bar{display:block;width:6rem;height:4px;margin:.2rem 0 0 auto}
.bar rect{fill:var(--bar)}
th button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-decoration:underline dotted;text-underline-offset:.2em}
th[aria-sort=ascending] button::after{content:" ▲"}
th[aria-sort=descending] button::after{content:" ▼"}
.filter{display:flex;flex-wrap:wrap;gap:.3rem .8rem;align-items:center;font-size:.9rem;margin-top:.6rem}
.filter input{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--soft);border-radius:.25rem;padding:.2rem .45rem}
.finding{border:1px solid var(--line);border-left:.4rem solid var(--soft);border-radius:.3rem;padding:.6rem .9rem;margin:.6rem 0;break-inside:avoid}
.finding.blocking{border-left-color:var(--bad)}
.finding.warning{border-left-color:var(--warn)}
.finding .severity{text-transform:uppercase;font-size:.75rem;letter-spacing:.05em;font-weight:700}
.blocking .severity{color:var(--bad)}
.warning .severity{color:var(--warn)}
.finding p{overflow-wrap:anywhere;white-space:pre-line}
.finding ul{margin:.3rem 0;padding-left:1.2rem;overflow-wrap:anywhere}
.todo{background:var(--pale);border-radius:.25rem;padding:.3rem .6rem}
ol.story{list-style:none;margin:.6rem 0;padding:0 0 0 1.1rem;border-left:2px solid var(--line)}
ol.story li{position:relative;padding:.1rem 0 .75rem;overflow-wrap:anywhere}
ol.story li::before{content:"";position:absolute;left:-1.52rem;top:.5rem;width:.7rem;height:.7rem;border-radius:50%;background:var(--good);border:2px solid var(--bg)}
ol.story li.failed::before{background:var(--bad);border-radius:.1rem}
ol.story time{color:var(--soft);font-variant-numeric:tabular-nums}
figure{margin:.6rem 0}
figure .scroll{padding:.6rem}
figcaption{color:var(--soft);font-size:.9rem}
svg.drawing{display:block;font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.drawing text{fill:var(--fg)}
.drawing .faint{fill:var(--soft);font-size:10.5px}
.drawing .box{fill:var(--pale);stroke:var(--line)}
.drawing .box.cycle{stroke:var(--bad);stroke-dasharray:4 3}
.drawing .dot{fill:var(--bar)}
.drawing .edge{fill:none;stroke:var(--soft);stroke-opacity:.55}
.drawing .edge.cycle{stroke:var(--bad);stroke-opacity:1;stroke-dasharray:4 3}
.drawing .tip{fill:var(--soft)}
.drawing .tip.cycle{fill:var(--bad)}
.drawing .grid{stroke:var(--line)}
.drawing .lane{fill:var(--bar);stroke:var(--bg)}
footer{color:var(--soft);font-size:.85rem;padding-top:1.5rem;padding-bottom:2.5rem}
@media (max-width:40rem){header{padding-top:1.1rem}h1{font-size:1.3rem}header,main,footer,nav{padding-left:.9rem;padding-right:.9rem}th,td{padding:.3rem .45rem}}
@media print{
@page{margin:13mm}
:root{color-scheme:light;--bg:#fff;--fg:#000;--soft:#444;--line:#bbb;--pale:#f3f3f3;--accent:#000;--good:#1a6b34;--bad:#b3261e;--warn:#6f4300;--bar:#9bb9d6;--badbg:#fff;--goodbg:#fff;--warnbg:#fff}
body{font-size:10pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
nav,.filter{display:none}
header,main,footer{max-width:none;padding-left:0;padding-right:0}
section.long{content-visibility:visible}
.scroll{overflow:visible;border:0}
figure .scroll{padding:0}
svg.drawing{max-width:100%;max-height:240mm;height:auto}
table{font-size:8pt}
th,td{padding:.15rem .3rem}
.bar{width:3.5rem}
thead th,.n,.sha{white-space:normal}
tbody th,.small{min-width:0}
thead{display:table-header-group}
tr,li{break-inside:avoid}
h2,h3,caption{break-after:avoid}
th button{text-decoration:none}
}
`;
