/** A stack's configuration, and `Pulumi.<stack>.yaml`, the file that keeps it. */
import { dump, load } from "js-yaml";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Crypter } from "./secrets";
import { SECRET, SIGNATURE, type PropertyMap } from "./types";

/** By full key (`namespace:name`). What is not a string in the file is JSON here. */
export type Config = Record<string, { value: string; secret: boolean }>;

/** The file as it is; a secret is `{ secure: <ciphertext> }`. */
export interface ConfigFile {
  config?: Record<string, unknown>;
}

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

export function readConfigFile(file: string): ConfigFile {
  if (!existsSync(file)) return {};
  return load(readFileSync(file, "utf8")) ?? {};
}

export function writeConfigFile(file: string, content: ConfigFile): void {
  writeFileSync(file, dump(content));
}

export function openConfig({ config = {} }: ConfigFile, project: string, crypter: Crypter): Config {
  return Object.fromEntries(
    Object.entries(config).map(([key, stored]) => [toConfigKey(key, project), open(stored, crypter)]),
  );
}

function open(stored: unknown, crypter: Crypter): Config[string] {
  const { secure } = (stored ?? {}) as { secure?: unknown };
  if (typeof secure === "string") return { value: crypter.decrypt(secure), secret: true };
  return { value: typeof stored === "string" ? stored : JSON.stringify(stored), secret: false };
}
