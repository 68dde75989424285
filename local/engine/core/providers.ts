/** The providers of a run. Each resource of a provider's type is a process, which is checked, compared and configured. */
import { randomUUID } from "node:crypto";
import {
  UNKNOWN,
  type Deployment,
  type FunctionCall,
  type FunctionResult,
  type PropertyMap,
  type Provider,
  type ResourceState,
  type Urn,
} from "../types";
import { toDiff, type Calls, type Configured, type Diff } from "./calls";
import { providerReference } from "./urn";
import { annotateSecrets, contains, equal, toProvider } from "./values";

export interface Providers {
  /** For the provider resources themselves. */
  calls: Calls;
  /** A registered provider has not changed. */
  keep(state: ResourceState): void;
  /** Undefined while its configuration is not known: it is asked nothing then. */
  of(reference: string): Promise<Configured | undefined>;
  /** Whether resources must be replaced that go from one provider to the other one. */
  separates(from: string, to: string): Promise<boolean>;
  invoke: (reference: string, call: FunctionCall) => Promise<FunctionResult>;
}

export function createProviders(
  { startProvider, operation }: Pick<Deployment, "startProvider" | "operation">,
  find: (reference: string) => ResourceState | undefined,
): Providers {
  const preview = operation === "preview";
  const checked = new Map<Urn, Provider>();
  const running = new Map<string, { provider: Provider; ready: Promise<Configured | undefined> }>();

  const start = (state: ResourceState): Provider =>
    startProvider(state.type.replace("pulumi:providers:", ""));
  const configure = (state: ResourceState) => {
    const provider = checked.get(state.urn) ?? start(state);
    checked.delete(state.urn);
    const started = { provider, ready: configureProvider(provider, state) };
    // The first call to the provider gets the error.
    started.ready.catch(() => {});
    running.set(providerReference(state), started);
    return started;
  };
  const resourceOf = (reference: string): ResourceState => {
    const state = find(reference);
    if (!state) throw new Error(`unknown provider '${reference}'`);
    return state;
  };
  /** One that this run has not registered is as the last run has left it. */
  const runningOf = (reference: string) => running.get(reference) ?? configure(resourceOf(reference));

  return {
    of: (reference) => runningOf(reference).ready,
    keep: (state) => void (running.get(providerReference(state)) ?? configure(state)),
    async separates(from, to) {
      const { urn, inputs = {} } = resourceOf(to);
      const diff = await diffConfig(runningOf(to).provider, urn, resourceOf(from), inputs);
      return diff.replaces.length > 0;
    },
    async invoke(reference, { token, args }) {
      const { provider, give } = (await runningOf(reference).ready) ?? {};
      if (!provider || !give) return { result: {}, failures: [] };
      if (!provider.invoke) throw new Error(`unknown function ${token}`);
      return provider.invoke({ token, args: give(args, false), preview });
    },
    calls: {
      async check(state, olds = {}, news) {
        const provider = start(state);
        checked.set(state.urn, provider);
        if (!provider.checkConfig) return { inputs: news, failures: [] };
        const { inputs, failures } = await provider.checkConfig({
          urn: state.urn,
          olds: toProvider(olds, true),
          news: toProvider(news, true),
        });
        return { inputs: annotateSecrets(inputs, news), failures };
      },
      diff: (old, news, { urn }) => diffConfig(checked.get(urn) ?? start(old), urn, old, news),
      async create(state) {
        const id = preview ? UNKNOWN : randomUUID();
        configure({ ...state, id });
        return { id, properties: state.inputs ?? {} };
      },
      async update(_old, state) {
        configure(state);
        return state.inputs ?? {};
      },
      read: async (id, state) => ({ id, properties: state.outputs ?? {} }),
      delete: async () => {},
    },
  };
}

async function diffConfig(
  provider: Provider,
  urn: Urn,
  old: ResourceState,
  news: PropertyMap,
): Promise<Diff> {
  const outputs = old.outputs ?? {};
  const answer = await provider.diffConfig?.({
    urn,
    olds: toProvider(outputs, true),
    news: toProvider(news, true),
    oldInputs: toProvider(old.inputs ?? {}, true),
    ignoreChanges: [],
  });
  return toDiff(answer, () => (equal(outputs, news) ? [] : ["inputs"]));
}

async function configureProvider(
  provider: Provider,
  { urn, id = "", inputs = {} }: ResourceState,
): Promise<Configured | undefined> {
  if (contains(inputs, (value) => value === UNKNOWN)) return undefined;
  const { acceptsSecrets = false, supportsPreview = false } =
    (await provider.configure?.({ urn, id, inputs })) ?? {};
  return {
    provider,
    supportsPreview,
    give: (properties, keepUnknowns) => toProvider(properties, keepUnknowns, acceptsSecrets),
    take: (answer, given) => (acceptsSecrets ? answer : annotateSecrets(answer, given)),
  };
}
