/** A stack's configuration. */
import { SECRET, SIGNATURE, type PropertyMap } from "./types";

/** By full key (`namespace:name`). */
export type Config = Record<string, { value: string; secret: boolean }>;

/** `name` is the project's own. */
export const toConfigKey = (key: string, project: string): string =>
  key.includes(":") ? key : `${project}:${key}`;

/** The configuration as properties: what Pulumi saves as the inputs of the default provider. */
export function configProperties(config: Config): PropertyMap {
  const entries = Object.entries(config)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { value, secret }]) => [key, secret ? { [SIGNATURE]: SECRET, value } : value]);
  return Object.fromEntries(entries) as PropertyMap;
}
