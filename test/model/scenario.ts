/** Random sequences of what users, other writers and the network do. */
import fc from "fast-check";
import type { StorageStatus } from "../../provider/github/wire";
import type { ChainloopRules } from "../../local/chainloop";
import type { Rules } from "../../local/github";
import { chapter } from "./chapters";
import { command, mostly, seed } from "./commands";
import type { PlacedChainloop } from "./chainloop-layout";
import type { SETS, Content, Options, Placed, PlacedStorage } from "./layout";
import type { RunSpec } from "./run";

export type Command =
  /**
   * `back`: first the program is again as it was so many commands ago. `givesUp`: if the last run has failed, the program is
   * again as it was before, and nothing else changes.
   */
  | { do: "run"; back: number; givesUp: boolean; edits: Edit[]; spec: RunSpec }
  | { do: "foreign storage"; storage: number; status: StorageStatus }
  | { do: "foreign chainloop"; deployment: number; artifact: number; status: "DEPLOYED" | "DECOMMISSIONED" }
  | ForeignWrite;

/** By default of the artifact that the program declares. */
export interface ForeignWrite {
  do: "foreign write";
  record: number;
  as: Omit<Content, "artifact"> & { artifact: number | undefined };
}

/** A change of what the programs declare: a record moves, changes, or is declared no more. */
export type Edit =
  | { record: number; as: Placed | undefined }
  | { record: number; moves: Partial<Placed> }
  | { set: (typeof SETS)[number]; place: 0 | 1 }
  | { storage: number; as: PlacedStorage | undefined }
  | { chainloop: number; as: PlacedChainloop | undefined }
  | { options: string; as: Options }
  /** All that is declared is of this artifact now. */
  | { release: number };

export interface Scenario {
  rules: Partial<Rules>;
  chainloop: Partial<ChainloopRules>;
  verifyOwnership: boolean;
  onMissingArtifact: "error" | "warn";
  /** So many entries of a set are sent at once; more are a background job, each of whose two steps takes a time. */
  atOnce: number;
  /** Two requests with at least so many single records can be under way at once. */
  beside: number;
  jobMilliseconds: number;
  commands: Command[];
  /** Whether in the end, if the last run has failed, the program is again as it was before. */
  endsAsBefore: boolean;
  /** How a user makes sure: `up` alone, `refresh` and `up`, or both in one. */
  ending: "up" | "refresh" | "up --refresh";
  seed: number;
}

/** Half of them with a chapter: at the start, or after some commands. */
export const scenario = (): fc.Arbitrary<Scenario> =>
  fc
    .record({
      scenario: anyScenario(),
      chapter: fc.option(chapter(), { freq: 2 }),
      at: fc.oneof(fc.constant(0), fc.nat(10)),
    })
    .map(({ scenario: one, chapter: added, at }) =>
      added === null
        ? one
        : {
            ...one,
            ...added.world,
            rules: { ...one.rules, ...added.world.rules },
            commands: [...one.commands.slice(0, at), ...added.commands, ...one.commands.slice(at)],
          },
    );

const anyScenario = (): fc.Arbitrary<Scenario> =>
  fc.record({
    rules: rules(),
    chainloop: chainloopRules(),
    verifyOwnership: mostly(true, 5, fc.constant(false)),
    onMissingArtifact: mostly<Scenario["onMissingArtifact"]>("error", 2, fc.constant("warn")),
    atOnce: mostly(1_000, 2, fc.constant(1)),
    beside: fc.constantFrom(4, 1),
    // The last is longer than the deadline of an operation.
    jobMilliseconds: fc.constantFrom(0, 1_500, 20_000, 200_000),
    commands: fc.array(command(), { minLength: 1, maxLength: 10, size: "max" }),
    endsAsBefore: fc.boolean(),
    ending: fc.constantFrom<Scenario["ending"][]>("up", "refresh", "up --refresh"),
    seed: seed(),
  });

/** What nobody could verify of GitHub. */
const rules = (): fc.Arbitrary<Partial<Rules>> =>
  fc.record(
    {
      listDecommissioned: fc.boolean(),
      listLag: mostly({}, 2, fc.record({ reads: fc.nat(2) })),
      absentEqualsEmpty: fc.boolean(),
      showAbsentAs: fc.constantFrom("omitted", "empty", "null"),
      storageUpsert: fc.boolean(),
      omittedOnUpdate: fc.constantFrom("keep", "clear"),
      repositoryErrors: fc.constantFrom("object", "text"),
      answers: fc.constantFrom("schema", "documentation"),
    },
    { requiredKeys: [] },
  );

const chainloopRules = (): fc.Arbitrary<Partial<ChainloopRules>> =>
  fc.record(
    {
      listAll: fc.boolean(),
      omitEmpty: fc.boolean(),
      maxPageSize: fc.constantFrom(1, 2, 100),
      filterNames: fc.boolean(),
      firstPage: fc.constantFrom(0, 1),
      repeatMoves: fc.constantFrom("both", "last_seen_at"),
      spellEnums: fc.constantFrom("plain", "lower", "prefixed"),
      camelCase: fc.boolean(),
    },
    { requiredKeys: [] },
  );
