/** No secret of the program's stands in plain text in the state, also where it is declared no more, or otherwise. */
import { isSecret } from "../../local/engine/core/values";
import type { Snapshot, Value } from "../../local/engine/types";
import { HIDDEN } from "./layout";

export function checkSecrets({ resources }: Snapshot): void {
  for (const { urn, inputs = {}, outputs = {} } of resources)
    if (shows(inputs) || shows(outputs)) throw new Error(`${urn} has a secret in plain text in the state`);
}

function shows(value: Value): boolean {
  if (typeof value === "string") return value.includes(HIDDEN);
  if (typeof value !== "object" || value === null || isSecret(value)) return false;
  return Object.values(value).some(shows);
}
