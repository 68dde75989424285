/** A stack of Pulumi's in this process: its state, and runs of the engine's step logic on it. */
import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { runDeployment } from "../../local/engine/core/deployment";
import { PartialFailure } from "../../local/engine/types";
import type {
  DeploymentResult,
  Operation,
  PropertyMap,
  Provider,
  Snapshot,
  Urn,
} from "../../local/engine/types";
import { chainloopDeploymentProvider } from "../../provider/chainloop-deployment";
import { clusterDeploymentSetProvider } from "../../provider/cluster-deployment-set";
import { deploymentRecordProvider } from "../../provider/deployment-record";
import { createRunContext } from "../../provider/create-run-context";
import type { RunContextOptions } from "../../provider/create-run-context";
import { storageRecordProvider } from "../../provider/storage-record";
import { configOf } from "../support/provider";
import { CODE, PROJECT, TYPE, typeOf, urnOf } from "./names";
import { otherProvider } from "./other";
import { programOf } from "./program";
import type { ProgramOptions } from "./program";

export interface RunOptions extends ProgramOptions {
  operation: Operation;
  snapshot: Snapshot;
  parallel: number;
  replaceAll: boolean;
  /** By name; undefined: all. */
  targets?: Pick<ProgramOptions["resources"][number], "kind" | "name">[];
  continueOnError?: boolean;
  refresh?: boolean;
  /** Whether the resource that is not ours cannot be written. */
  otherFails?: boolean;
  /** A resource of ours is deleted by a process that was asked to check none: it cannot know what the program declares. */
  onBlindDeletion?: () => void;
  host: Omit<RunContextOptions, "environment" | "warn" | "info">;
  config: Record<string, string>;
  save: (snapshot: Snapshot) => void;
  /** What the user sees. */
  tell: (message: string) => void;
}

export const emptySnapshot = (): Snapshot => ({ resources: [], pendingOperations: [] });

export async function run(options: RunOptions): Promise<DeploymentResult> {
  const { operation, stack, snapshot, parallel, continueOnError, refresh, tell } = options;
  return runDeployment({
    ...{ operation, project: PROJECT, stack, parallel, continueOnError, refresh },
    snapshot: asLoaded(snapshot),
    program: programOf(options),
    // Each is a process of its own, which knows nothing of what another one has seen.
    startProvider: () => providerOf(options),
    replace: options.replaceAll ? recordsOf(snapshot) : [],
    targets: options.targets?.map((one) => urnOf(stack, one)),
    save: async (saved) => options.save(saved),
    emit: ({ diagnosticEvent }) => {
      if (diagnosticEvent) tell(`${diagnosticEvent.severity}: ${diagnosticEvent.message}`);
    },
  });
}

/** As the state file keeps it. */
const asLoaded = (snapshot: Snapshot) => JSON.parse(JSON.stringify(snapshot)) as Snapshot;

const recordsOf = ({ resources }: Snapshot): Urn[] => [
  ...new Set(resources.filter(({ type }) => type.startsWith(TYPE)).map(({ urn }) => urn)),
];

export type Dynamic = Required<pulumi.dynamic.ResourceProvider<object, object>>;

/** What Pulumi's dynamic-provider host does around a provider. */
function providerOf(options: RunOptions): Provider {
  const { host: hostOptions, config, tell, turn, otherFails = false } = options;
  let isInformed = false;
  const host = createRunContext({
    ...hostOptions,
    environment: {},
    warn: (message) => tell(`warning: ${message}`),
    info: (message) => tell(`info: ${message}`),
  });
  host.configure(configOf(config));
  const kinds: Record<string, Dynamic> = {
    [typeOf("DeploymentRecord")]: deploymentRecordProvider(host) as object as Dynamic,
    [typeOf("ClusterDeploymentSet")]: clusterDeploymentSetProvider(host) as object as Dynamic,
    [typeOf("StorageRecord")]: storageRecordProvider(host) as object as Dynamic,
    [typeOf("ChainloopDeployment")]: chainloopDeploymentProvider(host) as object as Dynamic,
    [typeOf("Other")]: otherProvider(turn, otherFails),
  };
  const of = (urn: Urn) => kinds[urn.split("::")[2] ?? ""] as Dynamic;
  const withCode = (properties: object | undefined): PropertyMap =>
    encoded({ ...properties, __provider: CODE });
  return {
    async check({ urn, olds, news }) {
      isInformed ||= Object.hasOwn(news, "__declared");
      const { inputs, failures = [] } = await of(urn).check(olds, news);
      return { inputs: withCode(inputs), failures };
    },
    async diff({ urn, id, olds, news }) {
      const { changes, replaces = [], deleteBeforeReplace = false } = await of(urn).diff(id, olds, news);
      return { changes: changes ? "some" : "none", replaces, deleteBeforeReplace };
    },
    async create({ urn, properties }) {
      const { id, outs } = await of(urn).create(properties).catch(rethrow);
      return { id, properties: withCode(outs) };
    },
    async read({ urn, id, properties }) {
      const { id: found = "", props, inputs } = await of(urn).read(id, properties);
      return { id: found, properties: withCode(props), ...(inputs && { inputs: withCode(inputs) }) };
    },
    async update({ urn, id, olds, news }) {
      const { outs } = await of(urn).update(id, olds, news).catch(rethrow);
      return { properties: withCode(outs) };
    },
    async delete({ urn, id, properties }) {
      if (!isInformed && urn.includes(TYPE)) options.onBlindDeletion?.();
      await of(urn).delete(id, properties);
    },
  };
}

/** What Pulumi's protocol carries, and nothing else: no `undefined`, no BigInt. */
function encoded(properties: object): PropertyMap {
  const plain = JSON.parse(JSON.stringify(properties)) as PropertyMap;
  if (!isDeepStrictEqual(plain, properties))
    throw new Error("Pulumi's protocol cannot carry these properties");
  return plain;
}

function rethrow(error: Error & { id?: string; properties?: object; reasons?: string[] }): never {
  const { id, properties, reasons } = error;
  if (id === undefined || !properties) throw error;
  throw new PartialFailure(error.message, id, encoded(properties), reasons ?? []);
}
