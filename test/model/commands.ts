/** What users, other writers and the network can do: one command. */
import fc from "fast-check";
import type { Operation } from "../../local/engine/types";
import type { JobPlan } from "../../local/github/jobs";
import type { StorageStatus } from "../../provider/github/wire";
import { LATE } from "./artifacts";
import { CHAINLOOP } from "./chainloop-layout";
import type { PlacedChainloop } from "./chainloop-layout";
import type { Fault, FaultKind, Sends } from "./faults";
import { NAMES, RECORDS, RISKS, SETS, SINGLES, STACKS, STORAGE, TAGS } from "./layout";
import type { Content, Options, Placed, PlacedStorage, StackName } from "./layout";
import type { RunSpec } from "./run";
import type { Command, Edit, ForeignWrite } from "./scenario";

export const mostly = <T>(usual: T, weight: number, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });

export const seed = () => fc.nat(0xffff);
export const record = () => fc.nat(RECORDS.length - 1);
export const resource = () => fc.constantFrom(...SINGLES, ...SETS);
const stack = () => mostly<StackName>(STACKS[0], 1, fc.constantFrom(...STACKS));
export const artifact = () => fc.oneof({ weight: 7, arbitrary: fc.nat(LATE - 1) }, fc.constant(LATE));

const org = () => mostly<Placed["org"]>("acme", 3, fc.constant("Acme"));

export const content = {
  status: mostly<Content["status"]>("deployed", 7, fc.constant("decommissioned")),
  tags: fc.nat(TAGS.length - 1),
  risks: fc.nat(RISKS.length - 1),
};

export const placed = (): fc.Arbitrary<Placed> =>
  fc.record({
    stack: stack(),
    in: resource(),
    org: org(),
    artifact: artifact(),
    ...content,
    secret: mostly(false, 3, fc.constant(true)),
  });

const storageStatus = () => mostly<StorageStatus>("active", 4, fc.constantFrom("eol", "deleted"));

const placedStorage = (): fc.Arbitrary<PlacedStorage | undefined> =>
  fc.option(
    fc.record({
      stack: stack(),
      in: fc.constantFrom("p", "q"),
      status: storageStatus(),
      onDelete: fc.constantFrom("deleted" as const, "eol" as const),
    }),
    { nil: undefined, freq: 3 },
  );

const placedChainloop = (): fc.Arbitrary<PlacedChainloop | undefined> =>
  fc.option(fc.record({ stack: stack(), in: fc.constantFrom("p", "q", "r"), artifact: fc.nat(LATE) }), {
    nil: undefined,
    freq: 4,
  });

const moves = () =>
  fc.record(
    { stack: stack(), in: resource(), org: org(), artifact: artifact(), secret: fc.boolean() },
    { requiredKeys: [] },
  );

export const changes = () => fc.record({ artifact: artifact(), ...content }, { requiredKeys: [] });

const edit = (): fc.Arbitrary<Edit> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ record: record(), as: placed() }) },
    fc.record({ record: record(), as: fc.constant(undefined) }),
    // A rename or a move together with a release that has no attestation yet.
    fc.record({ record: record(), moves: fc.record({ in: resource(), artifact: fc.constant(LATE) }) }),
    { weight: 3, arbitrary: fc.record({ record: record(), moves: moves() }) },
    // An update: it stays where it is.
    { weight: 3, arbitrary: fc.record({ record: record(), moves: changes() }) },
    fc.record({ release: artifact() }),
    { weight: 2, arbitrary: fc.record({ chainloop: fc.nat(CHAINLOOP.length - 1), as: placedChainloop() }) },
    { weight: 2, arbitrary: fc.record({ storage: fc.nat(STORAGE.length - 1), as: placedStorage() }) },
    fc.record({ set: fc.constantFrom(...SETS), place: mostly<0 | 1>(0, 1, fc.constant(1)) }),
  );

export const edits = (): fc.Arbitrary<Edit[]> => fc.array(edit(), { maxLength: 6, size: "max" });

const options = (): fc.Arbitrary<Options> =>
  fc.record(
    {
      dependsOn: fc.constantFrom(...NAMES),
      deleteBeforeReplace: mostly(true, 2, fc.constant(false)),
      provider: mostly<"q" | undefined>(undefined, 2, fc.constant("q")),
      ignores: mostly<Options["ignores"]>(
        undefined,
        2,
        fc.oneof(
          { weight: 3, arbitrary: fc.uniqueArray(fc.constantFrom("status", "tags", "runtimeRisks")) },
          fc.constantFrom<string[]>(["*"], ["deployments"]),
        ),
      ),
    },
    { requiredKeys: [] },
  );

const optionEdits = (): fc.Arbitrary<Edit[]> =>
  fc.array(fc.record({ options: fc.constantFrom(...SINGLES, ...SETS), as: options() }), {
    maxLength: 2,
    size: "max",
  });

const allEdits = (): fc.Arbitrary<Edit[]> =>
  fc.tuple(edits(), mostly<Edit[]>([], 1, optionEdits())).map((both) => both.flat());

const FAULTS: FaultKind[] = [
  ...(["reset", "cut-off", "html", "500", "503 retry-after"] as const),
  ...(["429 retry-after", "403 secondary limit", "403"] as const),
];

const fault = (): fc.Arbitrary<Fault> =>
  fc.oneof(
    { weight: 1, arbitrary: faultOf("anything", 4) },
    { weight: 1, arbitrary: faultOf("a write", 1) },
    { weight: 1, arbitrary: faultOf("a removal", 1) },
  );

const faultOf = (of: Sends, last: number): fc.Arbitrary<Fault> =>
  fc.record({
    of: fc.constant(of),
    at: fc.nat(last),
    // Once, as long as an operation tries, or until the run ends.
    times: fc.constantFrom(1, 1, 4, 1_000),
    when: fc.constantFrom("before" as const, "after" as const),
    kind: fc.constantFrom(...FAULTS),
    meanwhile: mostly<Fault["meanwhile"]>(undefined, 3, foreignContent()),
  });

export const foreignContent = (): fc.Arbitrary<ForeignWrite["as"]> =>
  fc.record({ artifact: fc.option(fc.nat(LATE - 1), { nil: undefined }), ...content });

const foreignWrite = (): fc.Arbitrary<ForeignWrite> =>
  fc.record({
    do: fc.constant("foreign write" as const),
    record: record(),
    as: foreignContent(),
  });

const jobPlan = (): fc.Arbitrary<JobPlan> =>
  fc.record({
    outcome: mostly<JobPlan["outcome"]>("completed", 1, fc.constantFrom("failed", "vanished")),
    written: fc.nat(2),
  });

const runSpec = (): fc.Arbitrary<RunSpec> =>
  fc.record({
    operation: mostly<Operation>("up", 2, fc.constantFrom("refresh", "destroy", "preview")),
    stack: stack(),
    parallel: fc.constantFrom(1, 8),
    seed: seed(),
    killAt: mostly<number | undefined>(undefined, 3, fc.nat(14)),
    faults: mostly<Fault[]>([], 3, fc.array(fault(), { minLength: 1, maxLength: 2 })),
    replace: mostly(false, 3, fc.constant(true)),
    targets: mostly<string[] | undefined>(
      undefined,
      5,
      fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 2 }),
    ),
    continueOnError: mostly(false, 4, fc.constant(true)),
    refresh: mostly(false, 3, fc.constant(true)),
    meanwhile: mostly<RunSpec["meanwhile"]>(
      [],
      3,
      fc.array(fc.record({ step: fc.integer({ min: 1, max: 12 }), write: foreignWrite() }), {
        minLength: 1,
        maxLength: 2,
      }),
    ),
    jobs: mostly<RunSpec["jobs"]>([], 2, fc.array(jobPlan(), { minLength: 1, maxLength: 3 })),
    other: mostly<RunSpec["other"]>("same", 2, fc.constantFrom("changes", "fails")),
  });

export const command = (): fc.Arbitrary<Command> =>
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        do: fc.constant("run" as const),
        back: mostly(0, 4, fc.integer({ min: 1, max: 2 })),
        givesUp: mostly(false, 2, fc.constant(true)),
        edits: allEdits(),
        spec: runSpec(),
      }),
    },
    fc.record({
      do: fc.constant("foreign storage" as const),
      storage: fc.nat(STORAGE.length - 1),
      status: storageStatus(),
    }),
    fc.record({
      do: fc.constant("foreign chainloop" as const),
      deployment: fc.nat(CHAINLOOP.length - 1),
      artifact: fc.nat(LATE),
      status: mostly<"DEPLOYED" | "DECOMMISSIONED">("DEPLOYED", 3, fc.constant("DECOMMISSIONED")),
    }),
    { weight: 2, arbitrary: foreignWrite() },
  );
