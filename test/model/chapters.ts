/**
 * A few runs in a row that a random life seldom has: each chapter leads to where one rule of ownership decides. Of what
 * records, where, and what goes wrong is random here too.
 */
import fc from "fast-check";
import { LATE } from "./artifacts";
import { changes, content, foreignContent, mostly, placed, resource, seed } from "./commands";
import type { Fault, FaultKind, Sends } from "./faults";
import { SETS, SINGLES } from "./layout";
import type { Placed } from "./layout";
import { CALM } from "./run";
import type { RunSpec } from "./run";
import type { Command, Edit, Scenario } from "./scenario";

export interface Chapter {
  /** What has to be so in its world. */
  world: Partial<Scenario>;
  commands: Command[];
}

export const chapter = (): fc.Arbitrary<Chapter> =>
  fc.oneof(
    removalThatWaits(),
    replacementThatFails(),
    moveThatFails(),
    releaseWithoutAttestation(),
    secretNoMore(),
    jobOfAnEarlierRun(),
    recordOfIgnoredInputs(),
    recordDeclaredLate(),
  );

type Spec = Partial<RunSpec> & Pick<RunSpec, "seed">;
const run = (edits: Edit[], spec: Spec): Command => ({
  ...{ do: "run", back: 0, givesUp: false, edits },
  spec: { ...CALM, operation: "up", stack: "one", ...spec },
});

/** The order in which things happen. */
const order = () => fc.record({ seed: seed(), parallel: mostly(8, 2, fc.constant(1)) });

const WAITS: FaultKind[] = ["429 retry-after", "503 retry-after", "403 secondary limit"];
const FAILS: FaultKind[] = ["403", "429 retry-after", "403 secondary limit", "500", "reset", "html"];

const fault = (of: Sends, kinds: FaultKind[], times: number[]): fc.Arbitrary<Fault> =>
  fc.record({
    of: fc.constant(of),
    at: mostly(0, 3, fc.constant(1)),
    times: fc.constantFrom(...times),
    when: fc.constantFrom("before" as const, "after" as const),
    kind: fc.constantFrom(...kinds),
  });

/** A record of stack one that is deployed, and the orders in which things happen in three runs. */
const subject = () =>
  fc.record({
    record: fc.nat(3),
    as: fc
      .tuple(placed(), fc.nat(LATE - 1))
      .map(([as, artifact]): Placed => ({ ...as, artifact, stack: "one", status: "deployed" })),
    orders: fc.tuple(order(), order(), order()),
  });

/** Another writer takes the record over while its removal waits. */
const removalThatWaits = (): fc.Arbitrary<Chapter> =>
  fc
    .record({
      subject: subject(),
      operation: mostly<"up" | "destroy">("up", 2, fc.constant("destroy")),
      fault: fault("a removal", WAITS, [1, 1, 4]),
      meanwhile: foreignContent().map((as) => ({ ...as, status: "deployed" as const })),
    })
    .map(({ subject: { record, as, orders }, operation, fault: one, meanwhile }) => ({
      world: { verifyOwnership: true, rules: { listLag: {} } },
      commands: [
        run([{ record, as }], orders[0]),
        run([{ record, as: undefined }], {
          ...orders[1],
          operation,
          faults: [{ ...one, meanwhile }],
        }),
      ],
    }));

/** It is to be made anew (`--replace`), which fails, and it is given up. */
const replacementThatFails = (): fc.Arbitrary<Chapter> =>
  fc
    .record({
      subject: subject(),
      deleteBeforeReplace: mostly(true, 2, fc.constant(false)),
      fault: fault("a write", FAILS, [1_000]),
      changes: mostly({}, 1, changes()),
      operation: mostly<"up" | "destroy">("up", 2, fc.constant("destroy")),
    })
    .map(
      ({ subject: { record, as, orders }, deleteBeforeReplace, changes: more, fault: one, operation }) => ({
        world: {},
        commands: [
          run(
            [
              { record, as },
              { options: as.in, as: { deleteBeforeReplace } },
            ],
            orders[0],
          ),
          run([{ record, moves: more }], { ...orders[1], replace: true, faults: [one] }),
          run([{ record, as: undefined }], { ...orders[2], operation }),
        ],
      }),
    );

/** It moves, the run fails elsewhere or on the way, and the program goes back. */
const moveThatFails = (): fc.Arbitrary<Chapter> =>
  fc
    .record({
      subject: subject(),
      to: resource(),
      needs: fc.option(resource()),
      changes: mostly({}, 1, changes()),
      fails: fc.oneof(
        fault("a write", FAILS, [1, 4, 1_000]).map((one) => ({ faults: [one] })),
        fc.constant({ other: "fails" as const }),
        fc.uniqueArray(resource(), { minLength: 1, maxLength: 2 }).map((targets) => ({ targets })),
      ),
    })
    .map(({ subject: { record, as, orders }, to, needs, changes: more, fails }) => ({
      world: {},
      commands: [
        run([{ record, as }, ...(needs ? [{ options: as.in, as: { dependsOn: needs } }] : [])], orders[0]),
        run([{ record, moves: { in: to, ...more } }], { ...orders[1], ...fails }),
        run([{ record, as }], orders[2]),
      ],
    }));

/** It moves together with a release that has no attestation yet, and is given up. */
const releaseWithoutAttestation = (): fc.Arbitrary<Chapter> =>
  fc
    .record({
      subject: subject(),
      to: fc.option(resource()),
      operation: mostly<"up" | "destroy">("up", 1, fc.constant("destroy")),
    })
    .map(({ subject: { record, as, orders }, to, operation }) => ({
      world: { onMissingArtifact: "warn" },
      commands: [
        run([{ record, as }], orders[0]),
        run([{ record, moves: { in: to ?? as.in, artifact: LATE } }], orders[1]),
        run([{ record, as: undefined }], { ...orders[2], operation }),
      ],
    }));

/** Its tags are a secret no more, and that is not written. */
const secretNoMore = (): fc.Arbitrary<Chapter> =>
  fc
    .record({
      subject: subject(),
      to: fc.option(resource()),
      fails: fc.oneof(
        fault("a write", FAILS, [1_000]).map((one) => ({ artifact: {}, faults: [one] as Fault[] })),
        fc.constant({ artifact: { artifact: LATE }, faults: [] as Fault[] }),
      ),
    })
    .map(({ subject: { record, as, orders }, to, fails: { artifact, faults } }) => ({
      world: { onMissingArtifact: "warn" },
      commands: [
        run([{ record, as: { ...as, secret: true } }], orders[0]),
        run([{ record, moves: { in: to ?? as.in, secret: false, ...artifact } }], { ...orders[1], faults }),
      ],
    }));

/** A set's background job ends after its run, and its entries are declared otherwise by then. */
const jobOfAnEarlierRun = (): fc.Arbitrary<Chapter> =>
  fc
    .record({
      set: fc.constantFrom(...SETS),
      content: fc.array(fc.record(content), { minLength: 4, maxLength: 4 }),
      edits: fc.uniqueArray(
        fc.record({
          record: fc.nat(3),
          as: fc.oneof(
            changes(),
            resource().map((to) => ({ in: to })),
            fc.tuple(changes(), resource()).map(([more, to]) => ({ ...more, in: to })),
          ),
        }),
        { minLength: 1, maxLength: 4, selector: ({ record }) => record },
      ),
      replace: mostly(false, 2, fc.constant(true)),
      jobMilliseconds: fc.constantFrom(20_000, 160_000, 200_000),
      orders: fc.tuple(order(), order(), order()),
    })
    .map(({ set, content: all, edits, replace, jobMilliseconds, orders }) => {
      const entry = { stack: "one", in: set, org: "acme", artifact: 0 } as const;
      return {
        world: { atOnce: 1, jobMilliseconds },
        commands: [
          run(
            [{ set, place: 0 }, ...all.map((one, record) => ({ record, as: { ...entry, ...one } }))],
            orders[0],
          ),
          run(
            edits.map(({ record, as }) => ({ record, moves: as })),
            { ...orders[1], replace },
          ),
          run([], orders[2]),
        ],
      };
    });

/**
 * A record and a set have it in the state, and the record ignores what the program says: the set does not hear that it is
 * kept there.
 */
const recordOfIgnoredInputs = (): fc.Arbitrary<Chapter> =>
  fc
    .record({
      subject: subject(),
      single: fc.constantFrom(...SINGLES),
      set: fc.constantFrom(...SETS),
      faults: mostly<Fault[]>(
        [],
        1,
        fault("a write", FAILS, [1_000]).map((one) => [one]),
      ),
      other: fc.integer({ min: 4, max: 5 }),
      isLater: fc.boolean(),
    })
    .map(({ subject: { record, as, orders }, single, set, faults, other, isLater }) => ({
      world: {},
      commands: [
        run([{ record, as: { ...as, in: single } }], { ...orders[0], faults }),
        run(
          [
            { set, place: 0 },
            { record, moves: { in: set } },
            { record: (record + 1) % 4, as: { ...as, in: set } },
          ],
          { ...orders[1], targets: [set] },
        ),
        run(
          [
            { record, as: undefined },
            { record: other, as: { ...as, in: single } },
            { options: single, as: { ignores: ["*"], ...(isLater && { dependsOn: set }) } },
          ],
          orders[2],
        ),
      ],
    }));

/**
 * A record leaves a resource that stays for one that is made in an `apply`: its create can come while it is being removed. A
 * single record takes another one in its place, and is deleted first.
 */
const recordDeclaredLate = (): fc.Arbitrary<Chapter> =>
  fc
    .record({
      subject: subject(),
      from: fc.constantFrom("a" as const, ...SETS),
      to: fc.constantFrom("b" as const, "c" as const),
    })
    .map(({ subject: { record, as, orders }, from, to }) => {
      const other: Edit = { record: (record + 1) % 4, as: { ...as, in: from } };
      return {
        world: {},
        commands: [
          run(
            [
              ...(from === "a" ? [] : [{ set: from, place: 0 } as const, other]),
              { record, as: { ...as, in: from } },
              { options: from, as: { deleteBeforeReplace: true } },
              { options: to, as: { isLate: true } },
            ],
            orders[0],
          ),
          run([other, { record, moves: { in: to } }], { ...orders[1], parallel: 8 }),
        ],
      };
    });
