/** Whether and why a resource changes or must be replaced. */
import type { ResourceState } from "../types";
import { UNCHANGED, type Diff } from "./calls";
import { covers, parsePath } from "./paths";
import { mustReplace, type Run } from "./run";
import type { Registration } from "./step";
import { equal } from "./values";

export async function diffOf(run: Run, { goal, state }: Registration, old: ResourceState): Promise<Diff> {
  const because = (key: string): Diff => ({ ...UNCHANGED, changes: true, replaces: [key] });
  if (mustReplace(run, state.urn)) return because("id");
  // From a component to a custom resource or back.
  if (!old.provider !== !state.provider) return because("provider");
  const news = state.inputs ?? {};
  if (!goal.custom) return { ...UNCHANGED, changes: !equal(old.inputs ?? {}, news) };
  return run
    .calls(state)
    .diff(old, news, { urn: state.urn, ignoreChanges: goal.ignoreChanges, unknowns: run.preview });
}

/** `replaceOnChanges` turns updates into replacements, also after a failed initialization (`#initerror`). */
export function replaceOnChanges(diff: Diff, paths: string[], broken: boolean): Diff {
  if (!diff.changes && !broken) return diff;
  const parsed = paths.map(parsePath).filter((path) => path !== undefined);
  const covered = (key: string): boolean => parsed.some((path) => covers(path, parsePath(key) ?? [key]));
  const replaces = [...new Set([...diff.replaces, ...diff.changed.filter(covered)])];
  if (!broken || !covered("#initerror")) return { ...diff, replaces };
  return { ...diff, changes: true, replaces: [...replaces, "#initerror"] };
}
