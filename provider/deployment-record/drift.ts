import type { RecordAnswer } from "../github/schemas";
import { sameField } from "../lifecycle/diff";
import { keptText } from "../runtime/untrusted-text";
import { compact } from "../runtime/values";

interface Observed {
  status?: string;
  tags?: object;
  runtimeRisks?: object;
}

/**
 * The state, as far as what GitHub lists does not contradict it. A list shows no status, name or version: an absent
 * record is drift, a listed one is taken to be as declared. A record that a `.get` reads has no status.
 */
export function observeDeployment<T extends Observed>(known: T, live: RecordAnswer | undefined): T {
  if (live === undefined)
    return (known.status ?? "deployed") === "deployed" ? { ...known, status: "not listed" } : known;
  return compact({
    ...known,
    status: known.status === "not listed" ? "deployed" : known.status,
    tags: observedAs("tags", known.tags, live.tags),
    runtimeRisks: observedAs("runtimeRisks", known.runtimeRisks, live.runtime_risks),
  });
}

/**
 * The value in the state where it means the same (a set's order, empty for absent), or where GitHub's answer says
 * nothing of it, as the documentation's own example does of risks: then there is no drift.
 */
function observedAs(field: string, stated: object | undefined, live: object | undefined): object | undefined {
  if (live === undefined || sameField(field, stated, live)) return stated;
  if (Object.keys(live).length > 0) return keptOf(live, stated);
  return stated && Object.keys(stated).length === 0 ? stated : undefined;
}

/** Another writer's values as the state can keep them. Values that have not changed are kept as they are. */
function keptOf(live: object, stated: object = {}): object {
  if (Array.isArray(live)) return live.map((risk: string) => keptText(risk));
  const known = new Map(Object.entries(stated));
  return Object.fromEntries(
    Object.entries(live as Record<string, string>).map(([key, value]) =>
      known.get(key) === value ? [key, value] : [known.has(key) ? key : keptText(key), keptText(value)],
    ),
  );
}
