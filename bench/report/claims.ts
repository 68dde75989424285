/** What the package means to keep, with what was measured. */
import type { Operation } from "../cases";
import type { HostCost, HostWay } from "../measure/host";
import type { Measured } from "../measure/cases";
import type { LoadingCost } from "../measure/loading";
import type { Results } from "../results";
import type { Way } from "../ways";
import { megabytes, number, table } from "./markdown";

interface Claim {
  what: string;
  allowed: number;
  found: number | undefined;
  show: (value: number) => string;
}

const seconds = (value: number) => `${number(value)} s`;
const times = (value: number) => value.toFixed(2);

export function claimTable(results: Results): string {
  const claims = [
    ...singleClaims(results),
    ...setClaims(results),
    ...hostClaims(results.hosts),
    ...stateClaims(results),
    ...loadingClaims(results),
  ];
  const rows = claims.flatMap(({ what, allowed, found, show }) =>
    found === undefined
      ? []
      : [[what, `at most ${show(allowed)}`, show(found), found <= allowed ? "kept" : "**not kept**"]],
  );
  return table(["what", "allowed", "measured", ""], rows);
}

type Wanted = { way: Way; operation: Operation; count: number; latency?: number; parallel?: number };

function find(measured: Measured[], wanted: Wanted): Measured | undefined {
  const { way, operation, count, latency = 100, parallel = 8 } = wanted;
  const matching = measured.filter(
    (row) =>
      row.way === way &&
      row.operation === operation &&
      row.case.count === count &&
      row.case.latency === latency &&
      row.case.parallel === parallel &&
      row.case.writesAMinute === undefined,
  );
  // The one with the most rounds.
  return matching.sort((a, b) => b.rounds - a.rounds)[0];
}

function singleClaims({ measured, requests }: Results): Claim[] {
  const count = 100;
  const writes = (["create", "destroy"] as const).flatMap((operation): Claim[] => {
    const of = (parallel: number) => find(measured, { way: "single", operation, count, parallel })?.writes;
    const what = (parallel: number) => `100 single records, ${operation}, parallelism ${parallel}: writes`;
    return [
      { what: what(8), allowed: 30, found: of(8), show: String },
      { what: what(64), allowed: 8, found: of(64), show: String },
    ];
  });
  const reads = requests.find((cost) => cost.count === count)?.reads ?? 0;
  const time = (operation: Operation, and: string, more: number): Claim[] => {
    const dynamic = find(measured, { way: "dynamic", operation, count });
    const found = find(measured, { way: "single", operation, count })?.seconds;
    const what = `100 single records, ${operation}: the time of the dynamic provider${and}`;
    return dynamic ? [{ what, allowed: dynamic.seconds + more, found, show: seconds }] : [];
  };
  return [...writes, ...time("create", "", 0), ...time("destroy", " and the looks at the records", reads)];
}

function setClaims({ measured, requests }: Results): Claim[] {
  const count = 1_000;
  const alone = requests.find((cost) => cost.count === count);
  return (["create", "one changed", "no-op", "destroy"] as const).flatMap((operation): Claim[] => {
    const [ours, floor] = (["set", "nothing-set"] as const).map((way) =>
      find(measured, { way, operation, count }),
    );
    if (!ours || !floor || !alone) return [];
    const { reads, write } = alone;
    const oneEntry = ours.case.latency / 1000;
    const sent = { create: write, "one changed": oneEntry, "no-op": 0, destroy: reads + write };
    const allowed = 1.15 * floor.seconds + sent[operation];
    const what = `a set of 1,000, ${operation}`;
    return [
      { what: `${what}: 1.15 of the floor and its requests`, allowed, found: ours.seconds, show: seconds },
      { what: `${what}: writes`, allowed: operation === "no-op" ? 0 : 1, found: ours.writes, show: String },
    ];
  });
}

function hostClaims(hosts: HostCost[]): Claim[] {
  const of = (wanted: HostWay) => hosts.find(({ way, count }) => way === wanted && count === 20_000);
  const [inHost, alone] = [of("set"), of("set alone")];
  if (!inHost || !alone) return [];
  const [what, show] = ["a set of 20,000", megabytes];
  return [
    { what: `${what}: check and diff`, allowed: 1.5, found: inHost.check + inHost.diff, show: seconds },
    { what: `${what}: memory of the provider alone`, allowed: 350e6, found: alone.peak, show },
    { what: `${what}: memory of Pulumi's host with it`, allowed: 350e6, found: inHost.peak, show },
  ];
}

function stateClaims({ sizes }: Results): Claim[] {
  const set = sizes.find(({ way, count }) => way === "set" && count >= 1_000);
  if (!set) return [];
  const what = `state of an entry of a set of ${number(set.count)}: twice its inputs and 90 bytes`;
  const show = (value: number) => `${Math.round(value)} bytes`;
  return [{ what, allowed: 2 * set.inputBytesARecord + 90, found: set.bytesARecord, show }];
}

function loadingClaims({ loading }: Results): Claim[] {
  const of = (ours: number, theirs: number) => ours / theirs;
  const beside = ({ what, median }: LoadingCost): Claim => ({
    what: `loading ${what}, beside loading zod`,
    allowed: 1.5,
    found: of(median, loading.zod.median),
    show: times,
  });
  return [
    beside(loading.record),
    beside(loading.set),
    {
      what: "loading the package, beside loading @pulumi/pulumi",
      allowed: 1.1,
      found: of(loading.sdk.median, loading.pulumi.median),
      show: times,
    },
  ];
}
