/** No secret of the program's stands in plain text in the state, also where it is declared no more, or otherwise. */
import { isSecret } from "../../local/engine/core/values";
import type { Snapshot, Urn, Value } from "../../local/engine/types";
import { HIDDEN } from "./layout";

/** Where a secret stands in plain text. A refresh can find there what another resource or stack has written. */
export function shownSecrets({ resources }: Snapshot): Set<Urn> {
  const shown = resources.filter(({ inputs = {}, outputs = {} }) => shows(inputs) || shows(outputs));
  return new Set(shown.map(({ urn }) => urn));
}

export function checkSecrets(snapshot: Snapshot, before: Set<Urn>): void {
  for (const urn of shownSecrets(snapshot))
    if (!before.has(urn)) throw new Error(`${urn} has a secret in plain text in the state`);
}

function shows(value: Value): boolean {
  if (typeof value === "string") return value.includes(HIDDEN);
  if (typeof value !== "object" || value === null || isSecret(value)) return false;
  return Object.values(value).some(shows);
}
