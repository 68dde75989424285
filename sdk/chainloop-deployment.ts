import * as pulumi from "@pulumi/pulumi";
import { chainloopIdentity } from "../provider/chainloop-deployment/identity";
import { declareOnce } from "./declared";
import { programError } from "./errors";
import { codeInput, formOf, formsOf, isEither, withOtherType } from "./form";
import type { Form } from "./form";
import { refuseSecrets } from "./identity-inputs";
import { artifactOfOne } from "./image-inputs";
import type { AlreadyInImage } from "./image-inputs";
import { outputsNamed } from "./outputs";
import { resourceOptions } from "./resource-options";
import { pauseTraces } from "./traces";

/** What kind of artifact Chainloop has: a change of it is another deployment. */
export type ChainloopArtifactKind = "CONTAINER_IMAGE" | "HELM_CHART";

/** What Chainloop says of a deployment: another digest was deployed in its place, or it is no more. */
export type ChainloopDeploymentStatus = "DEPLOYED" | "SUPERSEDED" | "DECOMMISSIONED";

/** Chainloop names no limits of length, so none are checked. */
export interface ChainloopDeploymentArgs {
  /** The environment in Chainloop, not empty. A change replaces the deployment. @example "production" */
  environmentName: pulumi.Input<string>;
  /**
   * What tells this deployment from others in the environment, not empty. A change replaces the deployment.
   * @example "shop-web-web"
   */
  deploymentName: pulumi.Input<string>;
  /** What is deployed. A change replaces the deployment. @default "CONTAINER_IMAGE" */
  kind?: pulumi.Input<ChainloopArtifactKind | undefined>;
  /** The artifact's name, not empty; for an image its reference without tag and digest. @example "ghcr.io/acme/web" */
  artifactName: pulumi.Input<string>;
  /** The artifact's version, not empty. @example "1.4.2" */
  artifactVersion?: pulumi.Input<string | undefined>;
  /** The artifact's digest: `sha256:` and 64 hexadecimal digits in lower case. */
  artifactDigest: pulumi.Input<string>;
  /** An image's reference in place of the artifact: see {@link ChainloopDeploymentImageArgs}. */
  image?: never;
}

/** {@link ChainloopDeploymentArgs} with an image reference instead of the artifact's name, version and digest. */
export interface ChainloopDeploymentImageArgs extends Omit<
  ChainloopDeploymentArgs,
  "artifactName" | "artifactVersion" | "artifactDigest" | "image"
> {
  /**
   * The image's reference with its digest; name, version and digest are taken from it. See {@link parseImage}.
   * @example "ghcr.io/acme/web:1.4.2@sha256:…"
   */
  image: pulumi.Input<string>;
  /** `image` contains it: remove this property, or `image`. */
  artifactName?: AlreadyInImage;
  /** `image` contains it: remove this property, or `image`. */
  artifactVersion?: AlreadyInImage;
  /** `image` contains it: remove this property, or `image`. */
  artifactDigest?: AlreadyInImage;
}

/** What a component takes that passes it on to a {@link ChainloopDeployment}: with an image's reference, or with what it contains. */
export type ChainloopDeploymentInputs = ChainloopDeploymentArgs | ChainloopDeploymentImageArgs;

/** With the code that Pulumi stores in the state, and runs: one line, the same for every one and in every version. */
const forms = formsOf(
  "ChainloopDeployment",
  "exports.handler = () => require('pulumi-artifact-metadata/provider').chainloopDeployment",
);

/**
 * A deployment on Chainloop: that an artifact runs (or ran) in one of its environments. It is deployed as long as it
 * is declared.
 *
 * Creating writes the deployment, or takes over the one that is there. A change of environmentName, deploymentName or
 * kind replaces it; a new digest updates in place, and Chainloop marks the one before as superseded. Removal writes it
 * once more as `DECOMMISSIONED`, unless another writer has deployed something there since: then it is left alone,
 * with a warning.
 *
 * Errors: at preview, an input that is empty or no digest, and an image without one; at `up`, that there is no token
 * (configuration `artifact-metadata:chainloopToken` or environment `CHAINLOOP_TOKEN`), that it may not write, what
 * Chainloop refuses, and that it cannot be reached.
 *
 * API: `POST /v1/deployments` and `GET /v1/deployments` of https://api.app.chainloop.dev, a beta.
 *
 * @example
 * ```ts
 * new ChainloopDeployment("web", {
 *   environmentName: "production",
 *   deploymentName: "shop-web-web",
 *   image: "ghcr.io/acme/web:1.4.2@sha256:…", // or artifactName, artifactVersion and artifactDigest
 * });
 * ```
 */
export class ChainloopDeployment extends pulumi.CustomResource {
  /** The resource's type, as policies and transforms see it. */
  static readonly __pulumiType: string = forms.type;

  /** The environment in Chainloop. */
  declare readonly environmentName: pulumi.Output<string>;
  /** What tells this deployment from others in the environment. */
  declare readonly deploymentName: pulumi.Output<string>;
  /** What kind of artifact is deployed. */
  declare readonly kind: pulumi.Output<ChainloopArtifactKind>;
  /** The artifact's name. */
  declare readonly artifactName: pulumi.Output<string>;
  /** The artifact's version. */
  declare readonly artifactVersion: pulumi.Output<string | undefined>;
  /** The artifact's digest. */
  declare readonly artifactDigest: pulumi.Output<string>;
  /**
   * `DEPLOYED`; after a refresh, also `SUPERSEDED`, `DECOMMISSIONED`, or `not listed` where Chainloop does not list it;
   * `not recorded` where it could not be written.
   */
  declare readonly status: pulumi.Output<ChainloopDeploymentStatus | "not listed" | "not recorded">;
  /** Chainloop's id of the record; another digest has another one. */
  declare readonly recordId: pulumi.Output<string | undefined>;
  /** Chainloop's id of the artifact. */
  declare readonly artifactId: pulumi.Output<string | undefined>;
  /** Chainloop's id of the environment. */
  declare readonly environmentId: pulumi.Output<string | undefined>;
  /** When Chainloop first had the record (ISO 8601). */
  declare readonly createdAt: pulumi.Output<string | undefined>;
  /** When this resource last wrote the record, by Chainloop's clock (ISO 8601). */
  declare readonly updatedAt: pulumi.Output<string | undefined>;
  /** When anybody last reported the deployment, by Chainloop's clock (ISO 8601), as of the last write or refresh. */
  declare readonly lastSeenAt: pulumi.Output<string | undefined>;

  /**
   * Reads a deployment that is managed elsewhere.
   *
   * @param id `environmentName/deploymentName/kind`, each part percent-encoded:
   * `production/shop-web-web/CONTAINER_IMAGE`.
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: Partial<ChainloopDeploymentArgs>,
    opts?: pulumi.CustomResourceOptions,
  ): ChainloopDeployment {
    return new ChainloopDeployment(name, (state ?? {}) as ChainloopDeploymentArgs, { ...opts, id });
  }

  /** Whether a value is a resource of this class, also one that another copy of this package made. */
  static override isInstance(value: unknown): value is ChainloopDeployment {
    return isEither(forms, value);
  }

  // By the first of the two, the compiler says what is missing; of a union alone it does not.
  constructor(name: string, args: ChainloopDeploymentImageArgs, opts?: pulumi.CustomResourceOptions);
  constructor(name: string, args: ChainloopDeploymentInputs, opts?: pulumi.CustomResourceOptions);
  constructor(name: string, args: ChainloopDeploymentInputs, opts?: pulumi.CustomResourceOptions) {
    const resource = `ChainloopDeployment "${name}"`;
    const form = formOf(forms, resource, opts);
    const options = resourceOptions(resource, opts, artifactProperties, chainloopIdentity.fields);
    const inputs =
      opts?.id === undefined ? registrationInputs(name, args, form) : readInputs(resource, args, form);
    const traces = pauseTraces();
    try {
      super(form.type, name, { ...outputsNamed(properties), ...inputs }, withOtherType(options, form));
    } catch (error) {
      throw traces.into(error);
    } finally {
      traces.resume();
    }
  }
}

const artifactProperties = ["artifactName", "artifactVersion", "artifactDigest"] as const;
const properties = [
  ...["environmentName", "deploymentName", "kind", ...artifactProperties, "status"],
  ...["recordId", "artifactId", "environmentId", "createdAt", "updatedAt", "lastSeenAt"],
];

/** What `.get` reads a record with. */
const readInputs = (resource: string, state: object | undefined, form: Form): pulumi.Inputs => ({
  ...refuseSecrets(state ?? {}, { owner: resource, fields: chainloopIdentity.fields }),
  ...codeInput(form),
});

/**
 * What a new record is registered with: the image resolved, plus the hidden inputs of `declareOnce`. Plain JavaScript may
 * pass no args; the provider's check then names what is missing.
 */
function registrationInputs(
  name: string,
  given: ChainloopDeploymentInputs = {} as ChainloopDeploymentArgs,
  form: Form,
): pulumi.Inputs {
  const resource = `ChainloopDeployment "${name}"`;
  const orDefault = (known: string | undefined | null) => known ?? "CONTAINER_IMAGE";
  const args = refuseSecrets(given, { owner: resource, fields: chainloopIdentity.fields });
  const isPlain = typeof (args.kind ?? "") === "string";
  const kind = isPlain ? orDefault(args.kind as string) : pulumi.output(args.kind).apply(orDefault);
  const parts = [args.environmentName, args.deploymentName, kind];
  return {
    ...withArtifact(resource, args),
    ...declareOnce({
      resource,
      kind: "Chainloop deployment",
      identity: chainloopIdentity,
      parts,
      form,
    }),
  };
}

function withArtifact(resource: string, { image, ...args }: ChainloopDeploymentInputs): pulumi.Inputs {
  if ((image ?? undefined) === undefined) return args;
  const other = artifactProperties.filter((property) => (args[property] ?? undefined) !== undefined);
  if (other.length > 0) {
    const contains = `${resource}: image already contains the name, version and digest`;
    throw programError(`${contains}. Remove image or ${other.join(", ")}.`);
  }
  const { name, version, digest } = artifactOfOne(resource, "image", image as pulumi.Input<string>);
  return {
    ...args,
    artifactName: name,
    artifactVersion: version,
    artifactDigest: digest,
  };
}
