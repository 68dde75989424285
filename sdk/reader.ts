import { getConfig } from "@pulumi/pulumi/runtime";
import type { Reader } from "../provider/get-records";
import { info, warn } from "./log";
import { settingsIn } from "./provider-settings";
import type { ProviderWithSettings } from "./provider-settings";
import { perRun } from "./run";
import { warnOfUnknownKeys } from "./unknown-keys";

const readers = perRun(() => new Map<ProviderWithSettings | undefined, Promise<Reader>>());

/** GitHub and Chainloop with the configuration and credentials of a provider, or of the stack. */
export function recordsReader(provider?: ProviderWithSettings): Promise<Reader> {
  warnOfUnknownKeys();
  const known = readers();
  const reader = known.get(provider) ?? createReader(provider);
  known.set(provider, reader);
  return reader;
}

async function createReader(provider: ProviderWithSettings | undefined): Promise<Reader> {
  const settings = provider && (await settingsIn(provider));
  // Loaded when it is first needed: importing this package adds little to importing Pulumi.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { createReader } = require("../provider/get-records") as typeof import("../provider/get-records");
  return createReader(
    {
      environment: process.env,
      warn,
      info,
    },
    { get: settings ? (key) => settings[key] : getConfig },
  );
}
