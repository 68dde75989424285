/** No `undefined` may reach Pulumi's protocol: it fails after the write was done. */
export const compact = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined && part !== null)) as T;

export const pick = (source: object, names: readonly string[]): object =>
  compact(Object.fromEntries(names.map((name) => [name, (source as Record<string, unknown>)[name]])));

/** A URL without the slashes at its end. By hand: `/\/+$/` takes quadratic time on a text of many slashes. */
export function withoutSlash(url: string): string {
  let end = url.length;
  while (url.charCodeAt(end - 1) === SLASH) end--;
  return url.slice(0, end);
}

const SLASH = 0x2f;
