/** The functions. */
import type * as pulumi from "@pulumi/pulumi";
import { ProviderError } from "../provider/runtime/errors";
import { holdsUnknown, UNKNOWN } from "../provider/lifecycle/check";
import { imageProblem, readImage } from "../provider/workloads/image-reference";
import { compact } from "../provider/runtime/values";
import { quoted } from "../provider/workloads/quote";
import { isSecret } from "./codec";
import type { Decoded, Values } from "./codec";
import { deploymentsFromKubernetes } from "./deployments-from-kubernetes";
import { tokenOf } from "./resources";
import type { Session } from "./session";

export interface Answer {
  result: Values;
  failures: pulumi.dynamic.CheckFailure[];
}

interface Function {
  /** What it takes: its error names anything else. */
  takes: Record<string, Kind>;
  call: (session: Session, args: Values, hidden: ReadonlySet<string>) => Promise<Values> | Values;
}

/** `any`: the function itself says what is wrong with the value. */
type Kind = "any" | "a string" | "true or false" | "a list of strings";

const isOf: Record<Kind, (value: unknown) => boolean> = {
  any: () => true,
  "a string": (value) => typeof value === "string",
  "true or false": (value) => typeof value === "boolean",
  "a list of strings": (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
};

const functions: Record<string, Function> = {
  getDeploymentRecords: {
    takes: { org: "any", digest: "any" },
    call: (session, { org, digest }) =>
      session.reader().deploymentRecords({ org: orgOf(session, org), digest: digest as string }),
  },
  getStorageRecords: {
    takes: { org: "any", digest: "any" },
    call: (session, { org, digest }) =>
      session.reader().storageRecords({ org: orgOf(session, org), digest: digest as string }),
  },
  getChainloopDeployments: {
    takes: { environmentName: "any", status: "any" },
    async call(session, { environmentName, status }) {
      const filter = { environmentName, status } as Parameters<
        ReturnType<Session["reader"]>["chainloopDeployments"]
      >[0];
      return { environmentName, status, deployments: await session.reader().chainloopDeployments(filter) };
    },
  },
  parseImage: {
    takes: { image: "any" },
    call(_session, { image }, hidden) {
      if (image === undefined) throw new ProviderError("image is required.");
      const read = readImage(image as string);
      if (!("problem" in read)) return { ...read };
      throw new PlainError(`image ${hidden.has("image") ? "(secret)" : quoted(image)} ${imageProblem(read)}`);
    },
  },
  deploymentsFromKubernetes: {
    takes: {
      manifests: "any",
      ...{ name: "a string", namespace: "a string" },
      ...{ initContainers: "true or false", sidecars: "true or false", kinds: "a list of strings" },
    },
    call: (_session, args) => ({ deployments: deploymentsFromKubernetes(args) }),
  },
};

/** Its message repeats no argument that is a secret. */
class PlainError extends ProviderError {}

export const functionNames = Object.keys(functions);

export async function invoke(session: Session, token: string, args: Decoded): Promise<Answer> {
  const name = functionNames.find((one) => tokenOf(one) === token);
  const found = name === undefined ? undefined : functions[name];
  if (name === undefined || found === undefined)
    throw new ProviderError(`${token} is not a function of artifact-metadata.`);
  // An argument that is null is left out.
  const values = compact(args.values);
  const hidden = new Set(Object.keys(values).filter((key) => isSecret(args.secrets, key)));
  try {
    checkArguments(found, values);
    // In a preview, nothing that depends on an unknown value is known.
    if (holdsUnknown(values)) return { result: unknownResult(name), failures: [] };
    return { result: await found.call(session, values, hidden), failures: [] };
  } catch (error) {
    if (!(error instanceof ProviderError) && hidden.size === 0) throw error;
    const message =
      error instanceof PlainError || hidden.size === 0 ? (error as Error).message : unshown(hidden);
    return { result: {}, failures: [{ property: "", reason: `${name}: ${message}` }] };
  }
}

function checkArguments({ takes }: Function, values: Values): void {
  for (const [key, value] of Object.entries(values)) {
    const kind = Object.hasOwn(takes, key) ? takes[key] : undefined;
    if (kind === undefined)
      throw new PlainError(`${quoted(key)} is not an argument. It takes ${Object.keys(takes).join(", ")}.`);
    if (!holdsUnknown({ value }) && !isOf[kind](value)) throw new PlainError(`${key} must be ${kind}.`);
  }
}

const unshown = (hidden: ReadonlySet<string>): string =>
  `failed. The error is not shown, because it could repeat a secret: ${[...hidden].join(", ")}. To see it, call the ` +
  "function with values that are not secret.";

const orgOf = (session: Session, org: unknown): string => (org ?? session.defaultOrg()) as string;

const RESULTS: Record<string, string[]> = {
  getDeploymentRecords: ["org", "digest", "records"],
  getStorageRecords: ["org", "digest", "records"],
  getChainloopDeployments: ["environmentName", "status", "deployments"],
  parseImage: ["name", "version", "digest"],
  deploymentsFromKubernetes: ["deployments"],
};
const unknownResult = (name: string): Values =>
  Object.fromEntries((RESULTS[name] ?? []).map((property) => [property, UNKNOWN]));
