/** No `undefined` may reach Pulumi's protocol: it fails after the write was done. */
export const compact = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined && part !== null)) as T;

export const pick = (source: object, names: readonly string[]): object =>
  compact(Object.fromEntries(names.map((name) => [name, (source as Record<string, unknown>)[name]])));
