#include "engine/report/report_style.h"

namespace likeness {

absl::string_view ReportStyle() {
  return R"css(
:root {
  color-scheme: light dark;
  --paper: #f6f7f9; --card: #fff; --ink: #1b2330; --soft: #5d6878;
  --line: #dde2ea; --track: #e8ecf2; --similar: #2f6fde; --copy: #0f9d78;
  --good: #0b7a5c; --bad: #b3541e; --mat: #fff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12161d; --card: #1b212b; --ink: #e8ecf3; --soft: #9aa6b8;
    --line: #2c3542; --track: #2a3340; --similar: #6ea2ff; --copy: #3fcfa5;
    --good: #128a69; --bad: #c4682f; --mat: #f4f5f7;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { max-width: 1320px; margin: 0 auto; padding: 40px 28px 64px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0; letter-spacing: -.015em; }
h2 { font-size: 20px; margin: 44px 0 4px; letter-spacing: -.01em; }
p { margin: 4px 0 0; color: var(--soft); max-width: 78ch; }
.facts {
  display: grid; gap: 12px; margin: 26px 0 0;
  grid-template-columns: repeat(auto-fit, minmax(170px, 1fr));
}
.fact {
  background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 10px 14px; min-width: 0;
}
.fact dt { color: var(--soft); font-size: 12.5px; }
.fact dd {
  margin: 0; font-size: 17px; font-weight: 600; overflow-wrap: anywhere;
  font-variant-numeric: tabular-nums;
}
.row {
  display: grid; grid-template-columns: 176px 1fr; gap: 18px; margin-top: 16px;
  background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  padding: 16px;
}
.query { border-right: 1px solid var(--line); padding-right: 18px; }
.answers {
  display: grid; gap: 14px;
  grid-template-columns: repeat(8, minmax(0, 1fr));
}
.none { color: var(--soft); align-self: center; }
figure { margin: 0; min-width: 0; position: relative; }
.picture {
  aspect-ratio: 1; border-radius: 9px; border: 1px solid var(--line);
  background: var(--mat); display: flex; align-items: center;
  justify-content: center; overflow: hidden; padding: 5px;
}
.picture img { max-width: 100%; max-height: 100%; object-fit: contain; }
figcaption {
  font-size: 12.5px; margin-top: 6px; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis;
}
.query figcaption { font-weight: 600; }
.badge {
  position: absolute; top: 6px; left: 6px; color: #fff; font-size: 11.5px;
  font-weight: 600; padding: 0 7px; border-radius: 99px; line-height: 19px;
}
.badge.good { background: var(--good); }
.badge.bad { background: var(--bad); }
.bar {
  display: grid; grid-template-columns: auto 1fr auto; gap: 6px;
  align-items: center; font-size: 11.5px; color: var(--soft); margin-top: 2px;
}
.bar i {
  display: block; height: 5px; border-radius: 99px; background: var(--track);
  overflow: hidden;
}
.bar b { display: block; height: 100%; background: var(--similar); }
.bar.copy b { background: var(--copy); }
.bar span:last-child {
  color: var(--ink); font-variant-numeric: tabular-nums;
}
.scroll { overflow-x: auto; margin-top: 16px; }
table {
  border-collapse: collapse; background: var(--card); font-size: 14px;
  border: 1px solid var(--line); font-variant-numeric: tabular-nums;
}
th, td { padding: 7px 16px; text-align: right; }
th { color: var(--soft); font-weight: 500; }
tr + tr > * { border-top: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; }
.charts {
  display: grid; gap: 16px; margin-top: 16px;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 430px), 1fr));
}
.chart {
  background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  padding: 14px 16px;
}
.chart figcaption { font-size: 14px; font-weight: 600; margin: 0 0 6px; }
.chart svg { display: block; width: 100%; height: auto; }
.chart text { fill: var(--soft); font-size: 12px; }
.chart .grid { stroke: var(--line); }
.chart .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.chart .legend { margin: 6px 0 0; font-size: 12.5px; color: var(--soft); }
.chart .legend span { margin-right: 14px; white-space: nowrap; }
.chart .legend i {
  display: inline-block; width: 14px; height: 3px; margin-right: 5px;
  vertical-align: middle;
}
footer { margin-top: 48px; color: var(--soft); font-size: 13px; }
@media (max-width: 1180px) {
  .answers { grid-template-columns: repeat(4, minmax(0, 1fr)); }
}
@media (max-width: 760px) {
  main { padding: 24px 14px 40px; }
  .row { grid-template-columns: 1fr; }
  .query { border: 0; padding: 0; max-width: 176px; }
}
@media (max-width: 480px) {
  .answers { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
)css";
}

}  // namespace likeness
