/** How measurements are shown. */
import type { Case, Operation } from "../../bench/cases";
import type { Measured } from "../../bench/measure/cases";
import { median } from "../../bench/measure/statistics";
import { claimTable } from "../../bench/report/claims";
import { operationTables } from "../../bench/report/operations";
import { timePlot, writesPlot } from "../../bench/report/plots";
import type { Results } from "../../bench/results";
import type { Way } from "../../bench/ways";

const caseOf = (count: number, more: Partial<Case> = {}): Case => ({
  ...{ ways: [], count, latency: 100, operations: ["create"], rounds: 5, parallel: 8 },
  ...more,
});

const row = (
  one: Case,
  way: Way,
  seconds: number,
  writes: number,
  operation: Operation = "create",
): Measured => ({
  ...{ case: one, way, operation, rounds: one.rounds, seconds, writes },
  ...{ reads: 0, refused: 0 },
});

const cost = (median: number, what = "") => ({ what, median, least: median, rounds: 1 });

const resultsOf = (measured: Measured[]): Results => ({
  about: { processor: "", cores: 1, node: "", pulumi: "", engine: "", date: "" },
  measured,
  sizes: [{ way: "set", count: 1_000, bytesARecord: 433, inputBytesARecord: 172 }],
  requests: [
    { count: 100, rounds: 1, reads: 1.4, write: 0.1 },
    { count: 1_000, rounds: 1, reads: 13, write: 0.2 },
  ],
  hosts: [
    { way: "set", count: 20_000, rounds: 1, check: 0.9, diff: 0.7, peak: 351e6 },
    { way: "set alone", count: 20_000, rounds: 1, check: 0.9, diff: 0.7, peak: 350e6 },
  ],
  loading: {
    ...{ zod: cost(0.1), record: cost(0.13, "records"), set: cost(0.14, "sets") },
    ...{ pulumi: cost(0.6), sdk: cost(0.7) },
  },
});

test("the median is the middle one, or between the two in the middle", () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])]).toEqual([2, 2.5, 7]);
  expect(() => median([])).toThrow();
});

test("times are given as ratios to the floor and to the dynamic provider, and the limit is computed", () => {
  const hundred = caseOf(100);
  const tables = operationTables({
    measured: [
      row(hundred, "single", 3, 26),
      row(hundred, "dynamic", 4, 161),
      row(hundred, "nothing-single", 2, 0),
    ],
    sizes: [],
  });
  const rows = tables.split("\n").slice(-3);
  expect(rows).toEqual([
    "| create | DeploymentRecord | 3 | 1.50 | 0.75 | 26 | 0 | no wait |",
    "| create | dynamic provider with Octokit | 4 | 2.00 | – | 161 | 0 | 124 s, computed |",
    "| create | floor: a resource each, whose provider does nothing | 2 | – | 0.50 | – | – | – |",
  ]);
});

test("what is to be kept is said to be kept only where it is", () => {
  const [hundred, thousand] = [caseOf(100), caseOf(1_000)];
  const table = claimTable(
    resultsOf([
      row(hundred, "single", 3, 31),
      row(hundred, "dynamic", 4, 100),
      row(hundred, "single", 3.5, 30, "destroy"),
      row(hundred, "dynamic", 2, 100, "destroy"),
      row(caseOf(100, { parallel: 64 }), "single", 3, 8),
      row(thousand, "set", 2.51, 1),
      row(thousand, "nothing-set", 2, 0),
      row(thousand, "set", 14, 1, "destroy"),
      row(thousand, "nothing-set", 1.4, 0, "destroy"),
    ]),
  );
  expect(table.split("\n").slice(2)).toEqual([
    "| 100 single records, create, parallelism 8: writes | at most 30 | 31 | **not kept** |",
    "| 100 single records, create, parallelism 64: writes | at most 8 | 8 | kept |",
    "| 100 single records, destroy, parallelism 8: writes | at most 30 | 30 | kept |",
    "| 100 single records, create: the time of the dynamic provider | at most 4 s | 3 s | kept |",
    "| 100 single records, destroy: the time of the dynamic provider and the looks at the records | at most 3.4 s | 3.5 s | **not kept** |",
    "| a set of 1,000, create: 1.15 of the floor and its requests | at most 2.5 s | 2.51 s | **not kept** |",
    "| a set of 1,000, create: writes | at most 1 | 1 | kept |",
    "| a set of 1,000, destroy: 1.15 of the floor and its requests | at most 14.8 s | 14 s | kept |",
    "| a set of 1,000, destroy: writes | at most 1 | 1 | kept |",
    "| a set of 20,000: check and diff | at most 1.5 s | 1.6 s | **not kept** |",
    "| a set of 20,000: memory of the provider alone | at most 350 MB | 350 MB | kept |",
    "| a set of 20,000: memory of Pulumi's host with it | at most 350 MB | 351 MB | **not kept** |",
    "| state of an entry of a set of 1,000: twice its inputs and 90 bytes | at most 434 bytes | 433 bytes | kept |",
    "| loading records, beside loading zod | at most 1.50 | 1.30 | kept |",
    "| loading sets, beside loading zod | at most 1.50 | 1.40 | kept |",
    "| loading the package, beside loading @pulumi/pulumi | at most 1.10 | 1.17 | **not kept** |",
  ]);
});

test("a plot has a line for each way, with its points on logarithmic axes", () => {
  const measured = [1, 100, 10_000].flatMap((count) => [
    row(caseOf(count), "single", count, count),
    row(caseOf(count), "nothing-single", count, 0),
  ]);
  const heights = (plot: string) => [...plot.matchAll(/cy="([\d.]+)"/g)].map(([, y]) => Number(y));
  const [first = 0, middle = 0, last = 0, ...others] = heights(timePlot(measured));
  expect(first - middle).toBeCloseTo(middle - last, 0);
  expect(first).toBeGreaterThan(last);
  expect(others).toHaveLength(3);
  // What writes nothing has no place there.
  expect(heights(writesPlot(measured))).toHaveLength(3);
});
