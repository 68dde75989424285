/** What the engine asks of providers: secrets stay on this side, and a preview writes nothing. */
import { randomUUID } from "node:crypto";
import {
  UNKNOWN,
  type CheckFailure,
  type PropertyMap,
  type Provider,
  type ResourceState,
  type Urn,
} from "../types";
import { isProviderType } from "./urn";
import { annotateSecrets, changedKeys, equal, toProvider, withoutSecrets } from "./values";

export interface Diff {
  changes: boolean;
  replaces: string[];
  /** Known only where the engine itself compared the inputs. */
  changed: string[];
  deleteBeforeReplace: boolean;
}

export interface Calls {
  check(
    state: ResourceState,
    olds: PropertyMap | undefined,
    news: PropertyMap,
  ): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }>;
  diff(old: ResourceState, news: PropertyMap, options: DiffOptions): Promise<Diff>;
  create(state: ResourceState): Promise<{ id: string; properties: PropertyMap }>;
  read(id: string, state: ResourceState, properties: PropertyMap): ReturnType<Provider["read"]>;
  update(old: ResourceState, state: ResourceState, ignoreChanges: string[]): Promise<PropertyMap>;
  delete(old: ResourceState): Promise<void>;
}

interface DiffOptions {
  /** Not the old one, where the resource was found under an alias. */
  urn: Urn;
  ignoreChanges: string[];
  unknowns: boolean;
}

export const UNCHANGED: Diff = { changes: false, replaces: [], changed: [], deleteBeforeReplace: false };

/** The calls for a resource. */
export function createCalls(
  providerOf: (state: ResourceState) => Provider,
  preview: boolean,
): (state: ResourceState) => Calls {
  const builtIn = providerResourceCalls(preview);
  return (state) => (isProviderType(state.type) ? builtIn : dynamicCalls(providerOf(state), preview));
}

function dynamicCalls(provider: Provider, preview: boolean): Calls {
  return {
    async check(state, olds, news) {
      const answer = await provider.check({
        urn: state.urn,
        olds: toProvider(olds ?? {}, preview),
        news: toProvider(news, preview),
      });
      return { inputs: annotateSecrets(answer.inputs, news), failures: answer.failures };
    },
    async diff(old, news, { urn, ignoreChanges, unknowns }) {
      const answer = await provider.diff({
        ...wire(old, unknowns),
        urn,
        news: toProvider(news, unknowns),
        ignoreChanges,
      });
      const { replaces, deleteBeforeReplace } = answer;
      if (answer.changes !== "unknown") {
        return { changes: answer.changes === "some", replaces, changed: [], deleteBeforeReplace };
      }
      const changed = changedKeys(withoutSecrets(inputsOf(old)), withoutSecrets(news));
      return { changes: changed.length > 0, replaces, changed, deleteBeforeReplace };
    },
    async create(state) {
      const inputs = inputsOf(state);
      if (preview) return { id: "", properties: inputs };
      const answer = await provider.create({ urn: state.urn, properties: toProvider(inputs, false) });
      if (!answer.id) throw new Error(`plugin returned empty resource.ID from create '${state.urn}'`);
      return { id: answer.id, properties: annotateSecrets(answer.properties, inputs) };
    },
    async read(id, state, properties) {
      const inputs = inputsOf(state);
      const answer = await provider.read({
        id,
        urn: state.urn,
        properties: toProvider(properties, false),
        inputs: toProvider(inputs, false),
      });
      return {
        id: answer.id,
        properties: annotateSecrets(answer.properties, properties),
        ...(answer.inputs && { inputs: annotateSecrets(answer.inputs, inputs) }),
      };
    },
    async update(old, state, ignoreChanges) {
      const inputs = inputsOf(state);
      if (preview) return inputs;
      const news = toProvider(inputs, false);
      const answer = await provider.update({ ...wire(old, false), urn: state.urn, news, ignoreChanges });
      return annotateSecrets(answer.properties, inputs);
    },
    async delete(old) {
      const { id, urn, olds: properties, oldInputs } = wire(old, false);
      await provider.delete({ id, urn, properties, oldInputs });
    },
  };
}

function inputsOf(state: ResourceState): PropertyMap {
  return state.inputs ?? {};
}

function wire(old: ResourceState, unknowns: boolean) {
  return {
    id: old.id ?? "",
    urn: old.urn,
    olds: toProvider(old.outputs ?? {}, unknowns),
    oldInputs: toProvider(inputsOf(old), unknowns),
  };
}

/** Providers are resources too, but there is no provider to ask about them. */
function providerResourceCalls(preview: boolean): Calls {
  return {
    check: async (_state, _olds, news) => ({ inputs: news, failures: [] }),
    diff: async (old, news) => ({ ...UNCHANGED, changes: !equal(old.outputs ?? {}, news) }),
    create: async (state) => ({ id: preview ? UNKNOWN : randomUUID(), properties: inputsOf(state) }),
    read: async (id, state, properties) => ({ id, properties, inputs: inputsOf(state) }),
    update: async (_old, state) => inputsOf(state),
    delete: async () => {},
  };
}
