/** What the engine asks of providers: secrets stay on this side where they must, and a preview writes nothing. */
import type {
  Checked,
  DetailedDiff,
  PropertyMap,
  Provider,
  ProviderDiff,
  ResourceState,
  Urn,
} from "../types";
import { changedKeys, withoutSecrets } from "./values";

export interface Diff {
  changes: boolean;
  replaces: string[];
  /** Known where the provider says so, or the engine itself compared the inputs. */
  changed: string[];
  detailedDiff?: DetailedDiff;
  deleteBeforeReplace: boolean;
  /** The provider could not be asked. */
  unavailable?: true;
}

export interface Calls {
  check(state: ResourceState, olds: PropertyMap | undefined, news: PropertyMap): Promise<Checked>;
  diff(old: ResourceState, news: PropertyMap, options: DiffOptions): Promise<Diff>;
  create(state: ResourceState): Promise<{ id: string; properties: PropertyMap }>;
  /** Without properties, it is an import. */
  read(id: string, state: ResourceState, properties?: PropertyMap): ReturnType<Provider["read"]>;
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

/** A provider that is configured. */
export interface Configured {
  provider: Provider;
  supportsPreview: boolean;
  /** What it is given of properties, and what its answer to them is on this side. */
  give: (properties: PropertyMap, keepUnknowns: boolean) => PropertyMap;
  take: (answer: PropertyMap, given: PropertyMap) => PropertyMap;
}

/** The calls for a resource that its provider manages. */
export function resourceCalls(configured: () => Promise<Configured | undefined>, preview: boolean): Calls {
  return {
    async check(state, olds = {}, news) {
      const found = await configured();
      if (!found) return { inputs: news, failures: [] };
      const { provider, give, take } = found;
      const request = { urn: state.urn, olds: give(olds, preview), news: give(news, preview) };
      const { inputs, failures } = await provider.check(request);
      return { inputs: take(inputs, news), failures };
    },
    async diff(old, news, { urn, ignoreChanges, unknowns }) {
      const found = await configured();
      if (!found) return { ...UNCHANGED, changes: true, unavailable: true };
      const request = { ...wire(found, old, unknowns), urn, news: found.give(news, unknowns), ignoreChanges };
      const answer = await found.provider.diff(request);
      return toDiff(answer, () => changedKeys(withoutSecrets(inputsOf(old)), withoutSecrets(news)));
    },
    async create(state) {
      const inputs = inputsOf(state);
      const found = await configured();
      if (!found) return { id: "", properties: {} };
      const { provider, supportsPreview, give, take } = found;
      if (preview && !supportsPreview) return { id: "", properties: inputs };
      const answer = await provider.create({ urn: state.urn, properties: give(inputs, preview), preview });
      if (!answer.id && !preview)
        throw new Error(`plugin returned empty resource.ID from create '${state.urn}'`);
      return { id: answer.id, properties: take(answer.properties, inputs) };
    },
    async read(id, state, properties) {
      const found = await configured();
      if (!found) return { id, properties: {}, inputs: {} };
      const { provider, give, take } = found;
      const inputs = inputsOf(state);
      const known = properties && { properties: give(properties, false), inputs: give(inputs, false) };
      const answer = await provider.read({ id, urn: state.urn, ...known });
      return {
        id: answer.id,
        properties: take(answer.properties, properties ?? {}),
        ...(answer.inputs && { inputs: take(answer.inputs, inputs) }),
      };
    },
    async update(old, state, ignoreChanges) {
      const inputs = inputsOf(state);
      const found = await configured();
      if (!found) return {};
      if (preview && !found.supportsPreview) return inputs;
      const { provider, give, take } = found;
      const request = {
        ...wire(found, old, false),
        urn: state.urn,
        news: give(inputs, preview),
        ignoreChanges,
      };
      return take((await provider.update({ ...request, preview })).properties, inputs);
    },
    async delete(old) {
      const found = await configured();
      if (!found) return;
      const { id, urn, olds: properties, oldInputs } = wire(found, old, false);
      await found.provider.delete({ id, urn, properties, oldInputs });
    },
  };
}

/** `compare` says what has changed where the provider does not know. */
export function toDiff(answer: ProviderDiff | undefined, compare: () => string[]): Diff {
  const { changes = "unknown", replaces = [], detailedDiff, deleteBeforeReplace = false } = answer ?? {};
  if (changes === "unknown") {
    const changed = compare();
    return { changes: changed.length > 0, replaces, changed, deleteBeforeReplace };
  }
  const paths = Object.entries(detailedDiff ?? {});
  const replaced = paths.filter(([, { diffKind }]) => diffKind.endsWith("-replace")).map(([path]) => path);
  return {
    changes: changes === "some",
    replaces: [...new Set([...replaces, ...replaced])],
    changed: paths.map(([path]) => path),
    detailedDiff,
    deleteBeforeReplace,
  };
}

function inputsOf(state: ResourceState): PropertyMap {
  return state.inputs ?? {};
}

function wire({ give }: Configured, old: ResourceState, unknowns: boolean) {
  const { id = "", urn, outputs = {} } = old;
  return { id, urn, olds: give(outputs, unknowns), oldInputs: give(inputsOf(old), unknowns) };
}
