/** A stack's configuration, and `Pulumi.<stack>.yaml`, the file that keeps it. */
import { dump, load } from "js-yaml";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Crypter } from "./secrets";
import { SECRET, SIGNATURE, type PropertyMap } from "./types";

/** By full key (`namespace:name`). What is not a string in the file is JSON here. */
export type Config = Record<string, { value: string; secret: boolean }>;

/** The file as it is, secrets encrypted. */
export interface ConfigFile {
  encryptionsalt?: string;
  config?: Record<string, unknown>;
}

/** `name` is the project's own; `namespace:config:name` is an old way to write `namespace:name`. */
export function toConfigKey(key: string, project: string): string {
  if (!key.includes(":")) return `${project}:${key}`;
  return key.replace(/^([^:]+):config:([^:]+)$/, "$1:$2");
}

export function toConfigValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

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
    Object.entries(config).map(([key, stored]) => {
      const { value, secret } = open(stored, crypter);
      return [toConfigKey(key, project), { value: toConfigValue(value), secret }];
    }),
  );
}

/** A value may be `{ secure: <ciphertext> }`, or hold such values at any depth. */
function open(stored: unknown, crypter: Crypter): { value: unknown; secret: boolean } {
  if (stored === null || typeof stored !== "object") return { value: stored, secret: false };
  const { secure } = stored as { secure?: unknown };
  if (typeof secure === "string" && Object.keys(stored).length === 1) {
    return { value: crypter.decrypt(secure), secret: true };
  }
  const entries = Object.entries(stored).map(([key, item]) => [key, open(item, crypter)] as const);
  const values = entries.map(([key, { value }]) => [key, value] as const);
  return {
    value: Array.isArray(stored) ? values.map(([, value]) => value) : Object.fromEntries(values),
    secret: entries.some(([, { secret }]) => secret),
  };
}
