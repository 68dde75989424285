/** The resources, each as the one thing that most lines of the list are about: a record that is written and removed. */
import type { Inputs as SetInputs } from "../../../provider/cluster-deployment-set";
import type { Inputs as RecordInputs } from "../../../provider/deployment-record";
import type { Inputs as StorageInputs } from "../../../provider/storage-record";
import type { Partly, Run } from "../../support/sets";
import { DIGEST, recordInputs } from "../../support/provider";
import { deploymentAt, setOf } from "../../support/sets";
import { libfoo } from "../../support/storage";

export interface Saved {
  id: string;
  outs: object;
}

export interface Kind {
  kind: string;
  /** What a program declares. */
  inputs: (version?: string) => object;
  check: (run: Run, news: object) => Promise<{ property: string; reason: string }[]>;
  create: (run: Run, version?: string) => Promise<Saved>;
  /** Whether an update is needed. */
  diff: (run: Run, saved: Saved, version?: string) => Promise<boolean>;
  update: (run: Run, saved: Saved, version?: string) => Promise<Saved>;
  read: (run: Run, saved: Saved) => Promise<Saved & { inputs: object }>;
  remove: (run: Run, saved: Saved) => Promise<void>;
}

interface Provider<I, O> {
  check: (olds: I, news: I) => Promise<{ failures?: { property: string; reason: string }[] }>;
  create: (inputs: I) => Promise<{ id: string; outs?: O }>;
  diff: (id: string, olds: O, news: I) => Promise<{ changes?: boolean }>;
  update: (id: string, olds: O, news: I) => Promise<{ outs?: O }>;
  read: (id: string, props: O) => Promise<{ id?: string; props?: O; inputs?: unknown }>;
  delete: (id: string, props: O) => Promise<void>;
}

const there = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("nothing was returned");
  return value;
};

function kindOf<I extends object, O extends object>(
  kind: string,
  of: (run: Run) => Provider<I, O>,
  inputs: (version?: string) => I,
): Kind {
  return {
    ...{ kind, inputs },
    check: async (run, news) => (await of(run).check(inputs(), news as I)).failures ?? [],
    async create(run, version) {
      const { id, outs } = await of(run).create(inputs(version));
      return { id, outs: there(outs) };
    },
    diff: async (run, { id, outs }, version) =>
      there((await of(run).diff(id, outs as O, inputs(version))).changes),
    async update(run, { id, outs }, version = "2.0.0") {
      return { id, outs: there((await of(run).update(id, outs as O, inputs(version))).outs) };
    },
    async read(run, saved) {
      const { id, props, inputs: read } = await of(run).read(saved.id, saved.outs as O);
      return { id: there(id), outs: there(props), inputs: there(read as object | undefined) };
    },
    remove: (run, { id, outs }) => of(run).delete(id, outs as O),
  };
}

export const record: Kind = kindOf<RecordInputs, object>(
  "DeploymentRecord",
  ({ record }) => record as Provider<RecordInputs, object>,
  (version = "1.0.0") => recordInputs({ version, tags: { team: "shop" } }),
);
export const set: Kind = kindOf<SetInputs, object>(
  "ClusterDeploymentSet",
  ({ set }) => set as Provider<SetInputs, object>,
  (version = "1.0.0") => setOf({ "shop-web": deploymentAt(1, { version, digest: DIGEST }) }),
);
/** With a path, so that a create does not look first whether the record is there already. */
export const storage: Kind = kindOf<StorageInputs, object>(
  "StorageRecord",
  ({ storage }) => storage as Provider<StorageInputs, object>,
  (version = "1.0.0") => ({ ...libfoo, version, digest: DIGEST, path: "bar/libfoo" }),
);

export const kinds = [record, set, storage];

/** What is saved says this id of the record: a set has it as the beginning of a text. */
export const savesId = (id: string | undefined): RegExp =>
  new RegExp(`"(?:recordId":"${id}"|shop-web":"${id} )`);

/** What Pulumi saves where nobody knows whether a create was carried out: nothing that says that it was. */
export function expectUnconfirmed({ id, properties }: Partly): void {
  expect(id).toMatch(/^acme\//);
  const saved = JSON.stringify(properties);
  expect(saved).toMatch(/"status":"not (recorded|listed)"/);
  expect(saved).not.toMatch(/"status":"(deployed|active)"|T\d\d:\d\d:\d\dZ/);
}

/** For `test.each`: `$kind` in the title. */
export const everyKind = kinds.map((one) => ({ kind: one.kind, of: one }));
