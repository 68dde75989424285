/** No `undefined` may reach Pulumi's protocol: it fails after the write was done. */
export const compact = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined && part !== null)) as T;

export const pick = (source: object, names: readonly string[]): object =>
  compact(Object.fromEntries(names.map((name) => [name, (source as Record<string, unknown>)[name]])));

/** The values by their key, in their order. */
export function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

/** The text without these characters at its end. By hand: `/[…]+$/` takes quadratic time on a text of many of them. */
export function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** A URL without the slashes at its end. */
export const withoutSlash = (url: string): string => withoutEnd(url, "/");
