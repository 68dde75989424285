import * as log from "@pulumi/pulumi/log";
import { getConfig } from "@pulumi/pulumi/runtime";
import type { Reader } from "../provider/get-records";
import { perRun } from "./run";

/** GitHub with the stack's configuration and credentials, as the resources have it. */
export const recordsReader = perRun(createReader);

function createReader(): Reader {
  // Loaded when it is first needed: importing this package adds little to importing Pulumi.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const provider = require("../provider/get-records") as typeof import("../provider/get-records");
  const warn = (message: string) => void log.warn(message);
  const missing = (key: string): never => {
    throw new Error(`Missing required configuration key: ${key}`);
  };
  return provider.createReader(
    { environment: process.env, warn, info: (message) => void log.info(message) },
    { get: getConfig, require: missing },
  );
}
