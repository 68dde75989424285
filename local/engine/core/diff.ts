/** Whether and why a resource changes or must be replaced. */
import type { DetailedDiff, DiffKind, ResourceState } from "../types";
import { UNCHANGED, type Diff } from "./calls";
import { covers, parsePath } from "./paths";
import { mustReplace, type Run } from "./run";
import type { Registration } from "./step";
import { providerUrn } from "./urn";
import { equal } from "./values";

export async function diffOf(run: Run, { goal, state }: Registration, old: ResourceState): Promise<Diff> {
  const because = (key: string): Diff => ({ ...UNCHANGED, changes: true, replaces: [key] });
  if (mustReplace(run, state.urn)) return because("id");
  if (await changesProvider(run, old, state)) return because("provider");
  const news = state.inputs ?? {};
  if (!goal.custom) return { ...UNCHANGED, changes: !equal(old.inputs ?? {}, news) };
  const options = { urn: state.urn, ignoreChanges: goal.ignoreChanges, unknowns: run.preview };
  const diff = await run.calls(state).diff(old, news, options);
  if (diff.unavailable) run.report.diagnostic("warning", UNAVAILABLE, state.urn);
  return diff;
}

const UNAVAILABLE =
  "The provider for this resource has inputs that are not known during preview.\n" +
  "This preview may not correctly represent the changes that will be applied during an update.";

/** From a component to a custom resource or back; or to a provider that says that it cannot take the resource over. */
async function changesProvider(run: Run, old: ResourceState, state: ResourceState): Promise<boolean> {
  if (old.provider === state.provider) return false;
  if (!old.provider || !state.provider) return true;
  const [from, to] = [providerUrn(old.provider), providerUrn(state.provider)];
  return run.plan.aliased.get(from) !== to && run.providers.separates(old.provider, state.provider);
}

/** `replaceOnChanges` turns updates into replacements, also after a failed initialization (`#initerror`). */
export function replaceOnChanges(diff: Diff, paths: string[], broken: boolean): Diff {
  if (!diff.changes && !broken) return diff;
  const parsed = paths.map(parsePath).filter((path) => path !== undefined);
  const covered = (key: string): boolean => parsed.some((path) => covers(path, parsePath(key) ?? [key]));
  const replaces = [...new Set([...diff.replaces, ...diff.changed.filter(covered)])];
  diff = { ...diff, detailedDiff: diff.detailedDiff && asReplacing(diff.detailedDiff, covered) };
  if (!broken || !covered("#initerror")) return { ...diff, replaces };
  return { ...diff, changes: true, replaces: [...replaces, "#initerror"] };
}

function asReplacing(detailed: DetailedDiff, covered: (path: string) => boolean): DetailedDiff {
  const changed = Object.entries(detailed).map(([path, { diffKind, inputDiff }]) => {
    const [kind] = diffKind.split("-") as [DiffKind];
    return [path, { diffKind: covered(path) ? (`${kind}-replace` as DiffKind) : diffKind, inputDiff }];
  });
  return Object.fromEntries(changed) as DetailedDiff;
}
