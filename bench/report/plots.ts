/** The two plots: what creating records takes, against how many there are. */
import type { Measured } from "../measure/cases";
import { label, WAYS, writes, type Way } from "../ways";
import { svg, type Line } from "./plot";

const LATENCY = 100;

const style: Record<Way, Pick<Line, "colour" | "dashed">> = {
  single: { colour: "#0969da", dashed: false },
  set: { colour: "#1a7f37", dashed: false },
  "nothing-single": { colour: "#0969da", dashed: true },
  "nothing-set": { colour: "#1a7f37", dashed: true },
  dynamic: { colour: "#cf222e", dashed: false },
  "octokit-loop": { colour: "#8250df", dashed: true },
};

export function timePlot(measured: Measured[]): string {
  return svg({
    title: `Seconds to create records (${LATENCY} ms a request, no limit on writes)`,
    x: "deployments",
    y: "seconds",
    lines: WAYS.map((way) => lineOf(way, measured, ({ seconds }) => seconds)),
  });
}

export function writesPlot(measured: Measured[]): string {
  return svg({
    title: "Writes that GitHub is asked for to create records",
    x: "deployments",
    y: "writes",
    lines: WAYS.filter(writes).map((way) => lineOf(way, measured, (row) => row.writes)),
  });
}

function lineOf(way: Way, measured: Measured[], value: (row: Measured) => number): Line {
  const rows = measured.filter(
    ({ case: one, ...row }) =>
      row.way === way &&
      row.operation === "create" &&
      one.latency === LATENCY &&
      one.parallel === 8 &&
      one.writesAMinute === undefined,
  );
  // Of several cases with as many records, the one with the most rounds.
  const best = new Map<number, Measured>();
  for (const row of rows.sort((a, b) => a.rounds - b.rounds)) best.set(row.case.count, row);
  const points = [...best].sort(([a], [b]) => a - b).map(([x, row]) => ({ x, y: value(row) }));
  return { label: label[way], ...style[way], points };
}
