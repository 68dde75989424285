/** What the parts of one deployment share. */
import type { Deployment, PropertyMap, ResourceState, Urn } from "../types";
import { resourceCalls, type Calls } from "./calls";
import { createJournal, type Journal } from "./journal";
import { createProviders, type Providers } from "./providers";
import { createReport, type Report } from "./report";
import { errorOf } from "./step";
import { createUrn, isProviderType, providerReference, providerUrn, STACK_TYPE, type Naming } from "./urn";

export interface Run {
  options: Deployment;
  preview: boolean;
  naming: Naming;
  calls: (state: ResourceState) => Calls;
  providers: Providers;
  report: Report;
  journal: Journal;
  plan: ReturnType<typeof createPlan>;
  /** Old resources that are not waiting to be deleted. */
  olds: Map<Urn, ResourceState>;
  /** Resources of this run that exist by now. */
  news: Map<Urn, ResourceState>;
}

/** Ends the run; the reason was reported. */
export class Bail extends Error {}

export function createRun(options: Deployment): Run {
  const preview = options.operation === "preview";
  // The old resources are marked in place while the run goes on; the caller's stay as they are.
  const resources = options.snapshot.resources.map((state) => ({ ...state }));
  const olds = new Map(resources.filter((state) => !state.delete).map((state) => [state.urn, state]));
  const news: Run["news"] = new Map();
  const find = (reference: string): ResourceState | undefined => {
    const now = news.get(providerUrn(reference));
    return [...(now ? [now] : []), ...resources].find((state) => providerReference(state) === reference);
  };
  const providers = createProviders(options, find);
  const calls = ({ type, provider = "" }: ResourceState): Calls =>
    isProviderType(type) ? providers.calls : resourceCalls(() => providers.of(provider), preview);
  return {
    options,
    preview,
    providers,
    naming: { stack: options.stack, project: options.project },
    calls,
    report: createReport((event) => options.emit(event), {
      preview,
      refresh: options.operation === "refresh",
    }),
    journal: createJournal(options.snapshot, resources, (snapshot) => options.save(snapshot)),
    plan: createPlan(),
    olds,
    news,
  };
}

/** Tells the user of an error, unless they know. */
export function reportError(run: Run, error: unknown, urn?: Urn): void {
  if (!(error instanceof Bail)) run.report.diagnostic("error", errorOf(error).message, urn);
}

/** What was decided on so far. */
const createPlan = () => ({
  /** Of all resources that the program has registered or read. */
  urns: new Set<Urn>(),
  /** New, and not targeted. */
  skips: new Set<Urn>(),
  replaces: new Set<Urn>(),
  deletes: new Set<Urn>(),
  /** Deleted before the replacement of something they depend on. */
  deletedEarly: new Set<ResourceState>(),
  /** From the URN that a resource had to the one it has now, and back. */
  aliased: new Map<Urn, Urn>(),
  oldUrns: new Map<Urn, Urn>(),
  /** What the program has registered as the stack's outputs last. */
  stackOutputs: undefined as { urn: Urn; outputs: PropertyMap } | undefined,
  /** An error was reported that does not stop the run at once. */
  failed: false,
});

/** Ends the run with an error. */
export function refuse(run: Run, urn: Urn, message: string): never {
  run.report.diagnostic("error", message, urn);
  throw new Bail(message);
}

/** A resource's URN is its own alone, and its parent was registered before it. */
export function claimUrn(
  run: Run,
  { parent, type, name }: { parent?: Urn; type: string; name: string },
): Urn {
  if (parent && !run.plan.urns.has(parent)) throw new Error(`could not find parent resource ${parent}`);
  const urn = createUrn(run.naming, parent, type, name);
  if (run.plan.urns.has(urn))
    refuse(run, urn, `Duplicate resource URN '${urn}'; try giving it a unique name`);
  run.plan.urns.add(urn);
  return urn;
}

/** Whether the user's `--target` covers this resource; providers and the stack are no matter of it. */
export function isTargeted({ options }: Run, { urn, type }: ResourceState): boolean {
  const always = isProviderType(type) || type === STACK_TYPE;
  return always || options.targets === undefined || options.targets.includes(urn);
}

/** Whether the user asked for this resource to be replaced (`--replace`). */
export function mustReplace(run: Run, urn: Urn): boolean {
  return run.options.replace?.includes(urn) === true;
}
