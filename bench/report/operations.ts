/** The table of all operations: time, ratios, requests. */
import type { Case } from "../cases";
import type { Measured, Measurements } from "../measure/cases";
import { floorOf, label, writes, type Way } from "../ways";
import { number, ratio, table, type Cell } from "./markdown";

/** Most writes a minute before GitHub's secondary limit refuses them. */
const WRITES_A_MINUTE = 80;

export function operationTables({ measured }: Measurements): string {
  const cases = [...new Set(measured.map((one) => one.case))];
  return cases.map((one) => `### ${titleOf(one)}\n\n${caseTable(one, measured)}`).join("\n\n");
}

function titleOf({ count, latency, parallel, rounds, writesAMinute }: Case): string {
  const parts = [
    `${number(count)} ${count === 1 ? "deployment" : "deployments"}`,
    `${latency} ms a request`,
    ...(parallel === 8 ? [] : [`parallelism ${parallel}`]),
    ...(writesAMinute === undefined ? [] : [`a limit of ${writesAMinute} writes a minute`]),
    rounds === 1 ? "one round" : `medians of ${rounds}`,
  ];
  return parts.join(", ");
}

function caseTable(one: Case, measured: Measured[]): string {
  const rows = measured.filter((row) => row.case === one);
  const seconds = (way: Way | undefined, { operation }: Measured) =>
    rows.find((row) => row.way === way && row.operation === operation)?.seconds;
  const inOrder = one.operations.flatMap((operation) => rows.filter((row) => row.operation === operation));
  return table(
    ["operation", "way", "seconds", "÷ floor", "÷ dynamic", "writes", "reads", "at 80 writes a minute"],
    inOrder.map((row): Cell[] => [
      row.operation,
      label[row.way],
      number(row.seconds),
      ratio(row.seconds, seconds(floorOf[row.way], row)),
      row.way === "dynamic" ? undefined : ratio(row.seconds, seconds("dynamic", row)),
      writes(row.way) ? row.writes : undefined,
      writes(row.way) ? row.reads : undefined,
      underLimit(row),
    ]),
  );
}

/** Waiting for a minute to pass is computed, and not waited for. */
function underLimit({ way, writes: count, seconds, refused, case: { writesAMinute } }: Measured): Cell {
  if (writesAMinute !== undefined) return refused === 0 ? "measured: none refused" : `${refused} refused`;
  if (!writes(way) || count === 0) return undefined;
  const minutes = Math.floor((count - 1) / WRITES_A_MINUTE);
  return minutes === 0 ? "no wait" : `${number(seconds + minutes * 60)} s, computed`;
}
