/** Names of deployments, from templates with placeholders. */
import { ProviderError } from "../runtime/errors";
import { quoted } from "./quote";

/** @param placeholders What may stand in the template; a deployment has a text for each of them. */
export function naming<T extends string>(
  template: string,
  placeholders: readonly T[],
): (parts: Record<T, string>) => string {
  const parts = template.split(/\{([^{}]*)\}/);
  const isPlaceholder = (name: string): name is T => (placeholders as readonly string[]).includes(name);
  for (const [index, part] of parts.entries()) {
    const problem =
      index % 2 === 0
        ? /[{}]/.test(part) && `has a brace that belongs to no placeholder`
        : !isPlaceholder(part) && `has an unknown placeholder {${part}}`;
    if (!problem) continue;
    const allowed = placeholders.map((name) => `{${name}}`).join(", ");
    throw new ProviderError(`the name ${quoted(template)} ${problem}. A name has ${allowed}.`);
  }
  return (values) =>
    parts.map((part, index) => (index % 2 === 1 && isPlaceholder(part) ? values[part] : part)).join("");
}
