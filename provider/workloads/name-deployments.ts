import { quoted } from "./quote";
import type { Problems } from "./problems";

export interface Naming<T> {
  nameOf: (container: T) => string;
  /** How an error names a container. */
  describe: (container: T) => string;
  /** A template that tells containers of the same name apart. */
  example: string;
}

/** The containers by deployment name. Two of the same name are a problem. */
export function nameDeployments<T>(
  containers: readonly T[],
  { nameOf, describe, example }: Naming<T>,
  problems: Pick<Problems, "add">,
): Map<string, T> {
  const named = new Map<string, T>();
  for (const container of containers) {
    const name = nameOf(container);
    const other = named.get(name);
    if (other === undefined) named.set(name, container);
    else problems.add(sameName(name, describe(other), describe(container), example));
  }
  return named;
}

function sameName(name: string, one: string, other: string, example: string): string {
  if (one === other) return `${one} is given twice. Give each workload once.`;
  return (
    `${one} and ${other} have the same deployment name ${quoted(name)}. Give the option name, with placeholders that ` +
    `tell them apart, such as "${example}".`
  );
}
