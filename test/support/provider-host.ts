/** The built provider in the process in which Pulumi runs it, called over gRPC as the engine calls it. */
import { join } from "node:path";
import { configProperties } from "../../local/engine/config";
import { engineService } from "../../local/engine/engine-service";
import { providerHost } from "../../local/engine/host";
import { serve } from "../../local/engine/rpc";
import { quickStart } from "./quick-start";
import { startNodeWarm } from "./warm";
import type { EventBody, PropertyMap, Provider } from "../../local/engine/types";

/** What `DeploymentRecord` puts into every resource (sdk.test.ts holds it to that). */
export const CODE = "exports.handler = () => require('pulumi-artifact-metadata/provider').deploymentRecord";
export const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/artifact-metadata:DeploymentRecord::web";

export interface ProviderHost {
  provider: Provider;
  /** What the user sees: warnings, and whatever was printed. */
  shown: { severity: string; message: string }[];
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

export async function startHost(
  config: Record<string, string>,
  secrets: Record<string, string> = {},
  more: Record<string, string> = {},
) {
  const shown: ProviderHost["shown"] = [];
  const emit = ({ diagnosticEvent }: EventBody) => {
    if (diagnosticEvent) shown.push({ severity: diagnosticEvent.severity, message: diagnosticEvent.message });
  };
  const engine = await serve([engineService(emit)]);
  const entries = (values: Record<string, string>, secret: boolean) =>
    Object.entries(values).map(([key, value]) => [`artifact-metadata:${key}`, { value, secret }] as const);
  const rootDir = join(__dirname, "..", "..");
  // With a variable that Node reads, it is no warm process.
  const start = Object.keys(more).some((name) => name.startsWith("NODE_")) ? quickStart : {};
  const { provider, close } = providerHost({
    project: {
      name: "shop",
      rootDir,
      programDir: rootDir,
      entryPoint: ".",
      typescript: true,
      plugins: {},
    },
    address: engine.address,
    startNode: startNodeWarm,
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...start, ...more },
    emit,
  });
  open.push(async () => {
    await close();
    engine.close();
  });
  const inputs = configProperties(Object.fromEntries([...entries(config, false), ...entries(secrets, true)]));
  await provider.configure({ urn: "", id: "", inputs });
  return { provider, shown } satisfies ProviderHost;
}

/** The inputs of a resource with its code, as the engine holds them. */
export const withCode = (inputs: object): PropertyMap => ({ ...(inputs as PropertyMap), __provider: CODE });
