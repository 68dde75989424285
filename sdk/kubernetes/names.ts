import { programError } from "../errors";
import type { KubernetesContainer } from "./types";

const DEFAULT = "{namespace}-{workload}-{container}";
const PLACEHOLDERS = ["namespace", "workload", "container", "kind"] as const;
const isPlaceholder = (name: string): name is (typeof PLACEHOLDERS)[number] =>
  (PLACEHOLDERS as readonly string[]).includes(name);

/** How containers become deployment names. */
export function naming(template = DEFAULT): (container: KubernetesContainer) => string {
  const parts = template.split(/\{([^{}]*)\}/);
  const has = `A name has ${PLACEHOLDERS.map((name) => `{${name}}`).join(", ")}.`;
  for (const [index, part] of parts.entries()) {
    const problem =
      index % 2 === 0
        ? /[{}]/.test(part) && `has a brace that belongs to no placeholder`
        : !isPlaceholder(part) && `has an unknown placeholder {${part}}`;
    if (problem)
      throw programError(
        `deploymentsFromKubernetes: the name ${JSON.stringify(template)} ${problem}. ${has}`,
      );
  }
  return (container) =>
    parts.map((part, index) => (index % 2 === 1 && isPlaceholder(part) ? container[part] : part)).join("");
}
