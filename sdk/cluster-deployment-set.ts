import * as pulumi from "@pulumi/pulumi";
import { decodeRecord } from "../provider/cluster-deployment-set/record-codec";
import { setIdentity } from "../provider/cluster-deployment-set/identity";
import { deploymentIdentity } from "../provider/deployment-record/identity";
import { orgOf } from "./config";
import { declareOnce } from "./declared";
import { codeInput, formOf, formsOf, isEither, withOtherType } from "./form";
import type { Form } from "./form";
import { refuseSecrets } from "./identity-inputs";
import type { ImageInput } from "./image-inputs";
import { rejectProtoKeys, withTexts } from "./keys";
import { outputsNamed } from "./outputs";
import { plainValues } from "./plain-values";
import { resourceOptions } from "./resource-options";
import type { RuntimeRisk } from "./risks";
import { withImages } from "./set-images";
import { pauseTraces } from "./traces";

/** One deployment of a set; its name is the key under which it stands. */
export interface ClusterDeployment {
  /** The artifact's name, 1 to 256 characters; for an image its reference without tag and digest. @example "ghcr.io/acme/web" */
  name: pulumi.Input<string>;
  /** The artifact's digest: `sha256:` and 64 hexadecimal digits in lower case. */
  digest: pulumi.Input<string>;
  /** The artifact's version, 1 to 100 characters. @example "1.4.2" */
  version?: pulumi.Input<string | undefined>;
  /** `decommissioned` records that the artifact no longer runs there. @default "deployed" */
  status?: pulumi.Input<"deployed" | "decommissioned" | undefined>;
  /**
   * The repository (without owner, 1 to 100 characters) that the artifact comes from; needed if it has no
   * provenance attestation; otherwise GitHub ignores it.
   */
  githubRepository?: pulumi.Input<string | undefined>;
  /** Tags of the deployment. @example { team: "shop" } */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /** Up to 4 risks, each once. */
  runtimeRisks?: pulumi.Input<pulumi.Input<RuntimeRisk>[] | undefined>;
  /** An image reference instead of name, version and digest: see {@link ClusterDeploymentImage}. */
  image?: never;
}

/** {@link ClusterDeployment} with an image reference instead of `name`, `version` and `digest`. */
export interface ClusterDeploymentImage
  extends Omit<ClusterDeployment, "name" | "version" | "digest" | "image">, ImageInput {}

/** What a component takes that passes it on as an entry of a set. */
export type ClusterDeploymentInputs = ClusterDeployment | ClusterDeploymentImage;

/** What a {@link ClusterDeploymentSet} declares. */
export interface ClusterDeploymentSetArgs {
  /**
   * The organisation's login. Not case sensitive. A change replaces the set.
   * @default configuration `artifact-metadata:org`, `github:owner`, or environment `GITHUB_OWNER`,
   * `GITHUB_REPOSITORY_OWNER`
   */
  org?: pulumi.Input<string | undefined>;
  /** The cluster, 1 to 128 letters, digits, `.`, `_` and `-`. A change replaces the set. @example "prod-eu" */
  cluster: pulumi.Input<string>;
  /** The stage, 1 to 128 characters. A change replaces the set. @example "production" */
  logicalEnvironment: pulumi.Input<string>;
  /** The region, 1 to 128 characters. A change replaces the set. @example "eu-west-1" */
  physicalEnvironment?: pulumi.Input<string | undefined>;
  /**
   * The deployments, by deployment name (1 to 256 characters; GitHub recommends
   * `{namespace}-{deployment}-{container}`). Any number: changes of more than 1,000 go through GitHub's background
   * jobs. Two entries with the same digest and repository must have the same name and version.
   */
  deployments: pulumi.Input<Record<string, pulumi.Input<ClusterDeploymentInputs>>>;
  /**
   * `false`: where one entry cannot be written, none is; for up to 1,000 changes at once.
   * `true`: the others are written, and the next `up` sends only what is missing.
   * @default true
   */
  partialSuccess?: pulumi.Input<boolean | undefined>;
}

/** What GitHub said of one deployment's record. */
export interface ClusterDeploymentRecord {
  /** GitHub's id of the record; absent after a background job until the next refresh. */
  recordId?: string;
  /** GitHub's id of the artifact's provenance attestation, if there is one. */
  attestationId?: string;
  /** When this set last wrote the record, by GitHub's clock (ISO 8601). */
  updatedAt?: string;
}

/** What is already known of a set that {@link ClusterDeploymentSet.get} reads: GitHub looks records up by digest. */
export interface ClusterDeploymentSetState {
  /** The deployments to read, by deployment name, each with its digest at least. */
  deployments: pulumi.Input<
    Record<string, pulumi.Input<Partial<ClusterDeployment> & Pick<ClusterDeployment, "digest">>>
  >;
}

/** With the code that Pulumi stores in the state, and runs: one line, the same for every set and in every version. */
const forms = formsOf(
  "ClusterDeploymentSet",
  "exports.handler = () => require('pulumi-artifact-metadata/provider').clusterDeploymentSet",
);

/**
 * What runs in a cluster: deployment records for all of its deployments, written together. For fleets of hundreds
 * and more this is the way: one request for up to 1,000 changes, and one resource in the state.
 *
 * An `up` sends only the entries that changed, were added, or were taken out (as `decommissioned`). Deployments of
 * the cluster that are not in the set are not touched. An entry that another writer has written since is left alone
 * when it is taken out, with a warning.
 *
 * Errors: at preview, each entry that GitHub would refuse, by its path (`deployments["shop-web-web"].digest`), an
 * image without a digest among them; at `up`, each entry that could not be written, with its cause.
 *
 * API: https://docs.github.com/rest/orgs/artifact-metadata#set-cluster-deployment-records
 *
 * @example
 * ```ts
 * new ClusterDeploymentSet("prod-eu", {
 *   cluster: "prod-eu",
 *   logicalEnvironment: "production",
 *   deployments: {
 *     "shop-web-web": { image: "ghcr.io/acme/web:1.4.2@sha256:…" },
 *     "shop-api-api": { name: "ghcr.io/acme/api", version: "2.0.0", digest: "sha256:…", tags: { team: "shop" } },
 *   },
 * });
 * ```
 */
export class ClusterDeploymentSet extends pulumi.CustomResource {
  /** The resource's type, as policies and transforms see it. */
  static readonly __pulumiType: string = forms.type;

  /** The organisation's login. */
  declare readonly org: pulumi.Output<string>;
  /** The cluster, such as `prod-eu`. */
  declare readonly cluster: pulumi.Output<string>;
  /** The stage, such as `production`. */
  declare readonly logicalEnvironment: pulumi.Output<string>;
  /** The region, such as `eu-west-1`. */
  declare readonly physicalEnvironment: pulumi.Output<string | undefined>;
  /**
   * The deployments that are recorded, by deployment name; what could not be written is not among them. One without
   * a status is deployed.
   */
  declare readonly deployments: pulumi.Output<
    Record<string, pulumi.Unwrap<Omit<ClusterDeployment, "image">>>
  >;
  /** Whether the other entries are written if one cannot be. */
  declare readonly partialSuccess: pulumi.Output<boolean | undefined>;
  /** What GitHub said of each record, by deployment name. */
  declare readonly records: pulumi.Output<Record<string, ClusterDeploymentRecord>>;
  /** With `artifact-metadata:onMissingArtifact` = `warn`: the deployments that GitHub has no artifact for. */
  declare readonly skipped: pulumi.Output<string[] | undefined>;

  /**
   * Reads the records of deployments that are managed elsewhere.
   *
   * @param id `org/logicalEnvironment/physicalEnvironment/cluster`, each part percent-encoded, empty where there is
   * none: `acme/production/eu-west-1/prod-eu`.
   * @param state The deployments' digests.
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: ClusterDeploymentSetState,
    opts?: pulumi.CustomResourceOptions,
  ): ClusterDeploymentSet {
    return new ClusterDeploymentSet(name, state as ClusterDeploymentSetArgs, { ...opts, id });
  }

  /** Whether a value is a resource of this class, also one that another copy of this package made. */
  static override isInstance(value: unknown): value is ClusterDeploymentSet {
    return isEither(forms, value);
  }

  constructor(name: string, args: ClusterDeploymentSetArgs, opts?: pulumi.CustomResourceOptions) {
    const resource = `ClusterDeploymentSet "${name}"`;
    const form = formOf(forms, resource, opts);
    const options = resourceOptions(resource, opts, ["name", "version", "digest"], setIdentity.fields);
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
    const { records } = this as object as { records: pulumi.Output<Texts | undefined> };
    this.records = records.apply(recordsOf);
  }
}

const properties = [
  ...["org", "cluster", "logicalEnvironment", "physicalEnvironment", "deployments", "partialSuccess"],
  ...["records", "skipped"],
];

/** What `.get` reads a record with. */
const readInputs = (resource: string, state: object | undefined, form: Form): pulumi.Inputs => ({
  ...refuseSecrets(state ?? {}, { owner: resource, fields: setIdentity.fields }),
  ...codeInput(form),
});

/**
 * What a new set is registered with: images and org resolved, plus the hidden inputs of `declareOnce`. Plain
 * JavaScript may pass no args; the provider's check then names what is missing.
 */
function registrationInputs(name: string, given = {} as ClusterDeploymentSetArgs, form: Form): pulumi.Inputs {
  const resource = `ClusterDeploymentSet "${name}"`;
  const org = orgOf(given.org, form);
  const args = refuseSecrets({ ...given, org }, { owner: resource, fields: setIdentity.fields });
  const deployments = withImages(resource, rejectProtoKeys(resource, "deployments", args.deployments));
  // In the order of `deploymentIdentity.fields`; `declareOnce` appends each deployment name as the last one.
  const parts = [args.org, args.logicalEnvironment, args.physicalEnvironment, args.cluster];
  return {
    ...args,
    deployments,
    ...plainValues({ deployments }),
    ...declareOnce({
      resource,
      kind: "deployment",
      identity: deploymentIdentity,
      parts,
      names: namesOf(deployments),
      form,
    }),
  };
}

/** The records as the state keeps them. */
type Texts = Record<string, string>;

function recordsOf(texts: Texts | undefined): Record<string, ClusterDeploymentRecord> {
  return Object.fromEntries(Object.entries(texts ?? {}).map(([name, text]) => [name, decodeRecord(text)]));
}

/** The names are known in a preview where the map is written out, whatever is unknown in its entries. */
function namesOf(deployments: pulumi.Input<Record<string, unknown>>): pulumi.Input<string[]> {
  if (pulumi.Output.isInstance(deployments)) return deployments.apply((known) => Object.keys(known ?? {}));
  if (deployments instanceof Promise) return deployments.then((known) => Object.keys(known ?? {}));
  return Object.keys(deployments ?? {});
}
