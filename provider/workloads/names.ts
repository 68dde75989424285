/** Names of deployments, from templates with placeholders. */
import { withoutEnd } from "../runtime/values";
import { ProviderError } from "../runtime/errors";
import { quoted } from "./quote";
import type { WorkloadContainer } from "./types";

const PLACEHOLDERS: readonly (keyof WorkloadContainer)[] = ["namespace", "workload", "container", "kind"];

export const DEFAULT_NAME = "{namespace}-{workload}-{container}";

/** How containers are named: a placeholder that has no value goes with the separator beside it. */
export function naming(template: string): (container: WorkloadContainer) => string {
  const parts = template.split(/\{([^{}]*)\}/);
  const isPlaceholder = (name: string): name is keyof WorkloadContainer =>
    (PLACEHOLDERS as readonly string[]).includes(name);
  for (const [index, part] of parts.entries()) {
    const problem =
      index % 2 === 0
        ? /[{}]/.test(part) && `has a brace that belongs to no placeholder`
        : !isPlaceholder(part) && `has an unknown placeholder {${part}}`;
    if (!problem) continue;
    const allowed = PLACEHOLDERS.map((name) => `{${name}}`).join(", ");
    throw new ProviderError(`the name ${quoted(template)} ${problem}. A name has ${allowed}.`);
  }
  return (container) => {
    let name = "";
    let isGap = false;
    for (const [index, part] of parts.entries()) {
      if (index % 2 === 1 && isPlaceholder(part)) {
        isGap = container[part] === "";
        name += container[part];
      } else if (!isGap) name += part;
      else if (part === "" && index === parts.length - 1) name = withoutEnd(name, "-_./:");
      else name += name === "" || /[-_./:]$/.test(name) ? part.replace(/^[-_./:]+/, "") : part;
    }
    return name;
  };
}
