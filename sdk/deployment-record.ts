import * as pulumi from "@pulumi/pulumi";
import { deploymentIdentity } from "../provider/deployment-record/identity";
import { orgOf } from "./config";
import { declareOnce } from "./declared";
import { codeInput, formOf, formsOf, isEither, withOtherType } from "./form";
import type { Form } from "./form";
import { refuseSecrets } from "./identity-inputs";
import { withImage } from "./image-inputs";
import type { ImageInput } from "./image-inputs";
import { rejectProtoKeys, withTexts } from "./keys";
import { outputsNamed } from "./outputs";
import { plainValues } from "./plain-values";
import { resourceOptions } from "./resource-options";
import type { RuntimeRisk } from "./risks";
import { pauseTraces } from "./traces";

/** What a {@link DeploymentRecord} declares. */
export interface DeploymentRecordArgs {
  /**
   * The organisation's login. Not case sensitive. A change replaces the record.
   * @default configuration `artifact-metadata:org`, `github:owner`, or environment `GITHUB_OWNER`,
   * `GITHUB_REPOSITORY_OWNER`
   */
  org?: pulumi.Input<string | undefined>;
  /** The artifact's name, 1 to 256 characters; for an image its reference without tag and digest. @example "ghcr.io/acme/web" */
  name: pulumi.Input<string>;
  /** The artifact's digest: `sha256:` and 64 hexadecimal digits in lower case. */
  digest: pulumi.Input<string>;
  /** The artifact's version, 1 to 100 characters. @example "1.4.2" */
  version?: pulumi.Input<string | undefined>;
  /** `decommissioned` records that the artifact no longer runs there. @default "deployed" */
  status?: pulumi.Input<"deployed" | "decommissioned" | undefined>;
  /** The stage, 1 to 128 characters. A change replaces the record. @example "production" */
  logicalEnvironment: pulumi.Input<string>;
  /** The region, 1 to 128 characters. A change replaces the record. @example "eu-west-1" */
  physicalEnvironment?: pulumi.Input<string | undefined>;
  /** The cluster, 1 to 128 characters, without slash and percent sign. A change replaces the record. @example "prod-eu" */
  cluster?: pulumi.Input<string | undefined>;
  /**
   * What tells this deployment from others in the same environments and cluster, 1 to 256 characters; GitHub
   * recommends `{namespace}-{deployment}-{container}`. A change replaces the record.
   * @example "shop-web-web"
   */
  deploymentName: pulumi.Input<string>;
  /** Up to 5 tags of the deployment. @example { team: "shop" } */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** Up to 4 risks, each once. */
  runtimeRisks?: pulumi.Input<pulumi.Input<RuntimeRisk>[] | undefined>;
  /**
   * The repository (without owner, 1 to 100 characters) that the artifact comes from; needed if it has no
   * provenance attestation; otherwise GitHub ignores it.
   */
  githubRepository?: pulumi.Input<string | undefined>;
  /** An image reference instead of name, version and digest: see {@link DeploymentRecordImageArgs}. */
  image?: never;
}

/** {@link DeploymentRecordArgs} with an image reference instead of `name`, `version` and `digest`. */
export interface DeploymentRecordImageArgs
  extends Omit<DeploymentRecordArgs, "name" | "version" | "digest" | "image">, ImageInput {}

/** What is already known of a record that {@link DeploymentRecord.get} reads: GitHub looks records up by digest. */
export type DeploymentRecordState = Partial<DeploymentRecordArgs> & Pick<DeploymentRecordArgs, "digest">;

/** What a component takes that passes it on to a {@link DeploymentRecord}: with an image's reference, or with what it contains. */
export type DeploymentRecordInputs = DeploymentRecordArgs | DeploymentRecordImageArgs;

/**
 * With the code that Pulumi stores in the state, and runs: one line, the same for every record and in every version. It loads
 * provider/deployment-record: "Layers" in CONTRIBUTING.md says where the inputs go from there.
 */
const forms = formsOf(
  "DeploymentRecord",
  "exports.handler = () => require('pulumi-artifact-metadata/provider').deploymentRecord",
);

/**
 * A deployment record: that an artifact runs (or ran) in an environment of an organisation. GitHub shows it on
 * the linked-artifacts page and filters security alerts by it.
 *
 * Creating writes the record, or takes over the one that is there. A change of org, environments, cluster or
 * deploymentName replaces it; everything else updates in place. Removal writes it once more as `decommissioned`,
 * unless another writer has written it since: then it is left alone, with a warning.
 *
 * Errors: at preview, each input that GitHub would refuse, and an image without a digest; at `up`, that GitHub has
 * no artifact with this digest, that the token is not allowed to write, that GitHub cannot be reached.
 *
 * API: https://docs.github.com/rest/orgs/artifact-metadata#create-an-artifact-deployment-record
 *
 * @example
 * ```ts
 * new DeploymentRecord("web", {
 *   image: "ghcr.io/acme/web:1.4.2@sha256:…", // or name, version and digest
 *   logicalEnvironment: "production",
 *   physicalEnvironment: "eu-west-1",
 *   cluster: "prod-eu",
 *   deploymentName: "shop-web-web",
 *   runtimeRisks: ["internet-exposed"],
 *   tags: { team: "shop" },
 * });
 * ```
 */
export class DeploymentRecord extends pulumi.CustomResource {
  /** The resource's type, as policies and transforms see it. */
  static readonly __pulumiType: string = forms.type;

  /** The organisation's login. */
  declare readonly org: pulumi.Output<string>;
  /** The artifact's name. Undefined after a `.get` without it: GitHub's lists contain no names. */
  declare readonly name: pulumi.Output<string | undefined>;
  /** The artifact's digest. */
  declare readonly digest: pulumi.Output<string>;
  /** The artifact's version. */
  declare readonly version: pulumi.Output<string | undefined>;
  /**
   * As declared; after a refresh, `not listed` where GitHub does not list the record, `not recorded` where it could not be
   * written. Undefined after a `.get`: a list shows no status.
   */
  declare readonly status: pulumi.Output<string | undefined>;
  /** The stage, such as `production`. */
  declare readonly logicalEnvironment: pulumi.Output<string>;
  /** The region, such as `eu-west-1`. */
  declare readonly physicalEnvironment: pulumi.Output<string | undefined>;
  /** The cluster, such as `prod-eu`. */
  declare readonly cluster: pulumi.Output<string | undefined>;
  /** What tells this deployment from others in the same environments and cluster. */
  declare readonly deploymentName: pulumi.Output<string>;
  /** The deployment's tags. */
  declare readonly tags: pulumi.Output<Record<string, string> | undefined>;
  /** What the deployment is exposed to. */
  declare readonly runtimeRisks: pulumi.Output<RuntimeRisk[] | undefined>;
  /** The repository (without owner) that the artifact comes from, as declared. */
  declare readonly githubRepository: pulumi.Output<string | undefined>;
  /** GitHub's id of the record: a string, because it can be larger than a JavaScript number can represent. */
  declare readonly recordId: pulumi.Output<string | undefined>;
  /** GitHub's id of the artifact's provenance attestation, if there is one. */
  declare readonly attestationId: pulumi.Output<string | undefined>;
  /** When GitHub first had the record (ISO 8601). */
  declare readonly createdAt: pulumi.Output<string | undefined>;
  /** When this resource last wrote the record, by GitHub's clock (ISO 8601). */
  declare readonly updatedAt: pulumi.Output<string | undefined>;

  /**
   * Reads a record that is managed elsewhere.
   *
   * @param id `org/logicalEnvironment/physicalEnvironment/cluster/deploymentName`, each part percent-encoded, empty
   * where the record has none: `acme/production/eu-west-1/prod-eu/shop-web-web`.
   * @param state The record's digest.
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: DeploymentRecordState,
    opts?: pulumi.CustomResourceOptions,
  ): DeploymentRecord {
    return new DeploymentRecord(name, state as DeploymentRecordArgs, {
      ...opts,
      id,
    });
  }

  /** Whether a value is a resource of this class, also one that another copy of this package made. */
  static override isInstance(value: unknown): value is DeploymentRecord {
    return isEither(forms, value);
  }

  // By the first of the two, the compiler says what is missing; of a union alone it does not.
  constructor(name: string, args: DeploymentRecordImageArgs, opts?: pulumi.CustomResourceOptions);
  constructor(name: string, args: DeploymentRecordInputs, opts?: pulumi.CustomResourceOptions);
  constructor(name: string, args: DeploymentRecordInputs, opts?: pulumi.CustomResourceOptions) {
    const resource = `DeploymentRecord "${name}"`;
    const form = formOf(forms, resource, opts);
    const options = resourceOptions(resource, opts, ["name", "version", "digest"], deploymentIdentity.fields);
    const inputs =
      opts?.id === undefined ? registrationInputs(name, args, form) : readInputs(resource, args, form);
    const traces = pauseTraces();
    try {
      super(
        form.type,
        name,
        { ...outputsNamed(properties), ...withTexts(inputs) },
        withOtherType(options, form),
      );
    } catch (error) {
      throw traces.into(error);
    } finally {
      traces.resume();
    }
  }
}

const properties = [
  ...["org", "name", "digest", "version", "status", "logicalEnvironment", "physicalEnvironment", "cluster"],
  ...["deploymentName", "tags", "runtimeRisks", "githubRepository"],
  ...["recordId", "attestationId", "createdAt", "updatedAt"],
];

/** What `.get` reads a record with. */
const readInputs = (resource: string, state: object | undefined, form: Form): pulumi.Inputs => ({
  ...refuseSecrets(state ?? {}, { owner: resource, fields: deploymentIdentity.fields }),
  ...codeInput(form),
});

/**
 * What a new record is registered with: image and org resolved, plus the hidden inputs of `declareOnce`. Plain
 * JavaScript may pass no args; the provider's check then names what is missing.
 */
function registrationInputs(
  name: string,
  given: DeploymentRecordInputs = {} as DeploymentRecordArgs,
  form: Form,
): pulumi.Inputs {
  const resource = `DeploymentRecord "${name}"`;
  const org = orgOf(given.org, form);
  const { fields } = deploymentIdentity;
  const args = refuseSecrets({ ...withImage(resource, "image", given), org }, { owner: resource, fields });
  const { logicalEnvironment, physicalEnvironment, cluster, deploymentName } = args;
  const parts = [args.org, logicalEnvironment, physicalEnvironment, cluster, deploymentName];
  return {
    ...args,
    tags: rejectProtoKeys(resource, "tags", args.tags),
    ...plainValues(args),
    ...declareOnce({ resource, kind: "deployment", identity: deploymentIdentity, parts, form }),
  };
}
