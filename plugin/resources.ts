/** The resources of the plugin, over the life cycle in `provider/`. */
import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACE } from "../provider/config/keys";
import type { Fields } from "../provider/lifecycle/check";
import type { RunContext } from "../provider/lifecycle/run-context";
import type { Values } from "./codec";
import type { DeclaredRecord } from "./declarers";

export const tokenOf = (name: string): string => `${NAMESPACE}:index:${name}`;

/** What all of them have. */
export type LifeCycle = Required<Omit<pulumi.dynamic.ResourceProvider<Values, Values>, "configure">>;

/** The properties that an image stands for. */
export interface ArtifactProperties {
  name: string;
  version: string;
  digest: string;
  /** Filled in where it is not given. */
  registryUrl?: string;
}

export interface Resource {
  /** `DeploymentRecord` */
  name: string;
  fields: Fields;
  /** What GitHub or Chainloop says of the record. In a preview it is unknown. */
  observed: readonly string[];
  identity: {
    fields: readonly string[];
    parse: (id: string) => object;
    key: (inputs: never) => string;
    describe: (identity: never) => string;
  };
  /** The records that these inputs declare. */
  recordsOf: (inputs: Values) => DeclaredRecord[];
  /** Where an image is declared in place of name, version and digest, and the properties that it stands for. */
  image: { at: "resource" | "deployments"; stands: ArtifactProperties };
  lifeCycle: (context: RunContext) => LifeCycle;
}

/* eslint-disable @typescript-eslint/no-require-imports --
   A program pays only for the resources that it has. */
const load = {
  record: () => require("../provider/deployment-record") as typeof import("../provider/deployment-record"),
  recordIdentity: () =>
    require("../provider/deployment-record/identity") as typeof import("../provider/deployment-record/identity"),
  set: () =>
    require("../provider/cluster-deployment-set") as typeof import("../provider/cluster-deployment-set"),
  setFields: () =>
    require("../provider/cluster-deployment-set/fields") as typeof import("../provider/cluster-deployment-set/fields"),
  setIdentity: () =>
    require("../provider/cluster-deployment-set/identity") as typeof import("../provider/cluster-deployment-set/identity"),
  storage: () => require("../provider/storage-record") as typeof import("../provider/storage-record"),
  storageIdentity: () =>
    require("../provider/storage-record/identity") as typeof import("../provider/storage-record/identity"),
  chainloop: () =>
    require("../provider/chainloop-deployment") as typeof import("../provider/chainloop-deployment"),
  chainloopIdentity: () =>
    require("../provider/chainloop-deployment/identity") as typeof import("../provider/chainloop-deployment/identity"),
};
/* eslint-enable */

const recordOf = ({ key, describe }: Resource["identity"], identity: object): DeclaredRecord => ({
  key: key(identity as never),
  describe: () => describe(identity as never),
});

const artifact = { name: "name", version: "version", digest: "digest" };

const definitions: Record<string, () => Omit<Resource, "name">> = {
  DeploymentRecord() {
    const { inputFields, observedNames, deploymentRecordProvider } = load.record();
    const { deploymentIdentity: identity } = load.recordIdentity();
    return {
      fields: inputFields,
      observed: observedNames,
      identity,
      recordsOf: (inputs) => [recordOf(identity, inputs)],
      image: { at: "resource", stands: artifact },
      lifeCycle: (context) => deploymentRecordProvider(context) as unknown as LifeCycle,
    };
  },
  ClusterDeploymentSet() {
    const { deploymentIdentity } = load.recordIdentity();
    const { setIdentity: identity, entryIdentity } = load.setIdentity();
    return {
      fields: load.setFields().inputFields,
      observed: ["records", "skipped"],
      identity,
      recordsOf: ({ deployments, ...set }) =>
        typeof deployments === "object" && deployments !== null
          ? Object.keys(deployments).map((name) =>
              recordOf(deploymentIdentity, entryIdentity(set as never, name)),
            )
          : [],
      image: { at: "deployments", stands: artifact },
      lifeCycle: (context) => load.set().clusterDeploymentSetProvider(context) as unknown as LifeCycle,
    };
  },
  StorageRecord() {
    const { inputFields, observedNames, storageRecordProvider } = load.storage();
    const { storageIdentity: identity } = load.storageIdentity();
    return {
      fields: inputFields,
      observed: observedNames,
      identity,
      recordsOf: (inputs) => [recordOf(identity, inputs)],
      image: { at: "resource", stands: { ...artifact, registryUrl: "registryUrl" } },
      lifeCycle: (context) => storageRecordProvider(context) as unknown as LifeCycle,
    };
  },
  ChainloopDeployment() {
    const { inputFields, observedNames, chainloopDeploymentProvider } = load.chainloop();
    const { chainloopIdentity: identity } = load.chainloopIdentity();
    return {
      fields: inputFields,
      observed: observedNames,
      identity,
      recordsOf: (inputs) => [recordOf(identity, inputs)],
      image: {
        at: "resource",
        stands: { name: "artifactName", version: "artifactVersion", digest: "artifactDigest" },
      },
      lifeCycle: (context) => chainloopDeploymentProvider(context) as unknown as LifeCycle,
    };
  },
};

export const resourceNames: readonly string[] = Object.keys(definitions);

const known = new Map<string, Resource>();

/** The resource of a type token or a name; undefined where there is none. */
export function resourceNamed(name: string): Resource | undefined {
  const create = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  if (create === undefined) return undefined;
  const resource = known.get(name) ?? { name, ...create() };
  known.set(name, resource);
  return resource;
}
