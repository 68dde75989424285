/** A program of the model: its resources are declared and registered as the SDK's constructors and runtime do it. */
import * as state from "@pulumi/pulumi/runtime/state";
import type { Goal, Program, PropertyMap, Registered, Urn } from "../../local/engine/types";
import { chainloopIdentity } from "../../provider/chainloop-deployment/identity";
import { deploymentIdentity } from "../../provider/deployment-record/identity";
import { storageIdentity } from "../../provider/storage-record/identity";
import { declareOnce } from "../../sdk/declared";
import type { Declaration } from "../../sdk/declared";
import { CODE, PROJECT, STACK_TYPE, typeOf } from "./names";
import type { Declared } from "./layout";

/** What Pulumi's Automation API does for programs that share a process; its types do not say so. */
const { withLocalStorage, getStore } = state as unknown as {
  withLocalStorage: <T>(callback: () => T) => T;
  getStore: () => { stackResource: object };
};

const WHOLE = ["*", "deployments"];

export interface ProgramOptions {
  stack: string;
  resources: Declared[];
  /** When the program goes on to its next resource. */
  turn: () => Promise<void>;
}

export function programOf({ stack, resources, turn }: ProgramOptions): Program {
  return async (registrar) => {
    const root = await registrar.register(
      goalOf({ type: STACK_TYPE, name: `${PROJECT}-${stack}`, custom: false, properties: {} }),
    );
    const other = await registrar.register(
      goalOf({ type: "pulumi:providers:pulumi-nodejs", name: "q", custom: true, properties: {} }),
    );
    const construct = constructorsOf({});
    const made = new Map(
      resources.filter(({ options }) => !options?.isLate).map((one) => [one.name, construct(one)]),
    );
    const registered = new Map<string, Promise<Registered>>();
    const register = (one: Declared): Promise<Registered> => {
      const known = registered.get(one.name) ?? registerOne(one);
      registered.set(one.name, known);
      return known;
    };
    const registerOne = async (one: Declared): Promise<Registered> => {
      const { kind, name, inputs, options = {} } = one;
      await turn();
      const needed = resources.find((other) => other.name === options.dependsOn);
      const dependencies = needed ? [(await register(needed)).urn] : [];
      const __declared = options.isLate ? construct(one) : made.get(name);
      const properties: PropertyMap = { ...inputs, __provider: CODE };
      if (__declared) properties.__declared = await __declared;
      const { deleteBeforeReplace, ignores = [] } = options;
      const ignoreChanges = ignores.map((one) =>
        kind === "ClusterDeploymentSet" && !WHOLE.includes(one) ? `deployments[*].${one}` : one,
      );
      const provider = options.provider === undefined ? undefined : `${other.urn}::${other.id}`;
      const goal = { type: typeOf(kind), name, custom: true, properties, parent: root.urn };
      return registrar.register(
        goalOf({ ...goal, dependencies, deleteBeforeReplace, ignoreChanges, provider }),
      );
    };
    await Promise.all(resources.map(register));
    await registrar.registerOutputs(root.urn, {});
  };
}

const goalOf = (
  goal: Partial<Goal> & Pick<Goal, "type" | "name" | "custom"> & { properties: PropertyMap; parent?: Urn },
): Goal => ({
  dependencies: [],
  propertyDependencies: {},
  ignoreChanges: [],
  replaceOnChanges: [],
  additionalSecretOutputs: [],
  aliases: [],
  ...goal,
});

/** What a constructor of this run's program adds to the inputs. Most of them run before the first registration. */
const constructorsOf = (stackResource: object) => (one: Declared) =>
  withLocalStorage(() => {
    getStore().stackResource = stackResource;
    const declaration = declarationOf(one);
    return declaration && (declareOnce(declaration).__declared as Promise<string>);
  });

const IDENTITIES = {
  DeploymentRecord: { kind: "deployment", identity: deploymentIdentity },
  ClusterDeploymentSet: { kind: "deployment", identity: deploymentIdentity },
  StorageRecord: { kind: "storage", identity: storageIdentity },
  ChainloopDeployment: { kind: "Chainloop deployment", identity: chainloopIdentity },
} as const;

function declarationOf({ kind, name, inputs, options }: Declared): Declaration | undefined {
  if (kind === "Other") return undefined;
  const { kind: record, identity } = IDENTITIES[kind];
  const values = inputs as Record<string, string | object | undefined>;
  const parts = identity.fields.map((field) => values[field] as string | undefined);
  const form = { code: CODE, instance: options?.provider };
  const declaration = { resource: `${kind} "${name}"`, kind: record, identity, form };
  if (kind !== "ClusterDeploymentSet") return { ...declaration, parts };
  return { ...declaration, parts: parts.slice(0, -1), names: Object.keys(values.deployments as object) };
}
