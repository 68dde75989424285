import * as pulumi from "@pulumi/pulumi";
import { storageIdentity } from "../provider/storage-record/identity";
import { orgOf } from "./config";
import { declareOnce } from "./declared";
import { registryUrlOf } from "../provider/workloads/image-reference";
import { codeInput, formOf, formsOf, isEither, withOtherType } from "./form";
import type { Form } from "./form";
import { refuseSecrets } from "./identity-inputs";
import { withImage } from "./image-inputs";
import type { ImageInput } from "./image-inputs";
import { outputsNamed } from "./outputs";
import { resourceOptions } from "./resource-options";
import { pauseTraces } from "./traces";

/** What a {@link StorageRecord} declares. */
export interface StorageRecordArgs {
  /**
   * The organisation's login. Not case sensitive. A change replaces the record.
   * @default configuration `artifact-metadata:org`, `github:owner`, or environment `GITHUB_OWNER`,
   * `GITHUB_REPOSITORY_OWNER`
   */
  org?: pulumi.Input<string | undefined>;
  /** The artifact's name, 1 to 256 characters. A change replaces the record. @example "libfoo" */
  name: pulumi.Input<string>;
  /** The artifact's digest: `sha256:` and 64 hexadecimal digits in lower case. A change replaces the record. */
  digest: pulumi.Input<string>;
  /** The artifact's version, 1 to 100 characters. @example "1.2.3" */
  version?: pulumi.Input<string | undefined>;
  /** The registry's address: https, 1 to 256 characters. A change replaces the record. @example "https://ghcr.io" */
  registryUrl: pulumi.Input<string>;
  /** The artifact's own address: https, up to 152 characters. A change replaces the record. */
  artifactUrl?: pulumi.Input<string | undefined>;
  /** The artifact's path in the registry, up to 512 characters. A change replaces the record. @example "com/github/bar/libfoo-1.2.3" */
  path?: pulumi.Input<string | undefined>;
  /** The registry's repository, up to 128 characters. A change replaces the record. @example "bar" */
  repository?: pulumi.Input<string | undefined>;
  /** Whether the artifact is in use, at the end of its life, or gone. @default "active" */
  status?: pulumi.Input<"active" | "eol" | "deleted" | undefined>;
  /**
   * The GitHub repository (without owner, 1 to 100 characters) that the artifact comes from; needed if it has no
   * provenance attestation; otherwise GitHub ignores it.
   */
  githubRepository?: pulumi.Input<string | undefined>;
  /** The status that removal of this resource writes. @default "deleted" */
  onDelete?: pulumi.Input<"deleted" | "eol" | undefined>;
  /** An image's reference in place of name, version, digest and registryUrl: see {@link StorageRecordImageArgs}. */
  image?: never;
}

/** {@link StorageRecordArgs} with an image reference instead of `name`, `version`, `digest` and `registryUrl`. */
export interface StorageRecordImageArgs
  extends Omit<StorageRecordArgs, "name" | "version" | "digest" | "registryUrl" | "image">, ImageInput {
  /**
   * The registry's address: https, 1 to 256 characters. A change replaces the record.
   * @default the image's registry: `https://ghcr.io` for `ghcr.io/acme/web`, see {@link registryUrlOf}
   */
  registryUrl?: pulumi.Input<string | undefined>;
}

/** What a component takes that passes it on to a {@link StorageRecord}: with an image's reference, or with what it contains. */
export type StorageRecordInputs = StorageRecordArgs | StorageRecordImageArgs;

/** With the code that Pulumi stores in the state, and runs: one line, the same for every record and in every version. */
const forms = formsOf(
  "StorageRecord",
  "exports.handler = () => require('pulumi-artifact-metadata/provider').storageRecord",
);

/**
 * A storage record: that an artifact is kept in a registry. GitHub shows it on the linked-artifacts page and filters
 * security alerts by it (`artifact-registry:…`).
 *
 * Creating writes the record, or takes over the one that is there. Its organisation, digest, name and
 * place (registryUrl, repository, path, artifactUrl) are its identity: a change of these replaces it; everything
 * else updates in place. Removal writes it once more with the status `onDelete`, unless another writer has written
 * it since: then it is left alone, with a warning.
 *
 * Errors: at preview, each input that GitHub would refuse, and an image without a digest; at `up`, that GitHub has
 * no artifact with this digest, that the token is not allowed to write, that GitHub cannot be reached.
 *
 * API: https://docs.github.com/rest/orgs/artifact-metadata#create-artifact-metadata-storage-record
 *
 * @example
 * ```ts
 * new StorageRecord("libfoo", {
 *   name: "libfoo",
 *   version: "1.2.3",
 *   digest: "sha256:…",
 *   registryUrl: "https://reg.example.com/artifactory/",
 *   artifactUrl: "https://reg.example.com/artifactory/bar/libfoo-1.2.3",
 *   repository: "bar",
 * });
 * new StorageRecord("web", { image: "ghcr.io/acme/web:1.4.2@sha256:…" });
 * ```
 */
export class StorageRecord extends pulumi.CustomResource {
  /** The resource's type, as policies and transforms see it. */
  static readonly __pulumiType: string = forms.type;

  /** The organisation's login. */
  declare readonly org: pulumi.Output<string>;
  /** The artifact's name. */
  declare readonly name: pulumi.Output<string>;
  /** The artifact's digest. */
  declare readonly digest: pulumi.Output<string>;
  /** The artifact's version. */
  declare readonly version: pulumi.Output<string | undefined>;
  /** The registry's address. */
  declare readonly registryUrl: pulumi.Output<string>;
  /** The artifact's own address. */
  declare readonly artifactUrl: pulumi.Output<string | undefined>;
  /** The artifact's path in the registry. */
  declare readonly path: pulumi.Output<string | undefined>;
  /** The registry's repository. */
  declare readonly repository: pulumi.Output<string | undefined>;
  /**
   * As declared or as GitHub lists it; `not listed` after a refresh, `not recorded` where it could not be written. Undefined
   * after a `.get` where GitHub's list says none.
   */
  declare readonly status: pulumi.Output<string | undefined>;
  /** The GitHub repository (without owner) that the artifact comes from, as declared. */
  declare readonly githubRepository: pulumi.Output<string | undefined>;
  /** Undefined after a `.get`, which removes nothing. */
  declare readonly onDelete: pulumi.Output<"deleted" | "eol" | undefined>;
  /** GitHub's id of the record: a string, because it can be larger than a JavaScript number can represent. */
  declare readonly recordId: pulumi.Output<string | undefined>;
  /** When GitHub first had the record (ISO 8601). */
  declare readonly createdAt: pulumi.Output<string | undefined>;
  /** When this resource last wrote the record, by GitHub's clock (ISO 8601). */
  declare readonly updatedAt: pulumi.Output<string | undefined>;

  /**
   * Reads a record that is managed elsewhere.
   *
   * @param id `org/digest/registryUrl/repository/path/artifactUrl/name`, each part percent-encoded, empty where the
   * record has none.
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: Partial<StorageRecordArgs>,
    opts?: pulumi.CustomResourceOptions,
  ): StorageRecord {
    return new StorageRecord(name, (state ?? {}) as StorageRecordArgs, {
      ...opts,
      id,
    });
  }

  /** Whether a value is a resource of this class, also one that another copy of this package made. */
  static override isInstance(value: unknown): value is StorageRecord {
    return isEither(forms, value);
  }

  // By the first of the two, the compiler says what is missing; of a union alone it does not.
  constructor(name: string, args: StorageRecordImageArgs, opts?: pulumi.CustomResourceOptions);
  constructor(name: string, args: StorageRecordInputs, opts?: pulumi.CustomResourceOptions);
  constructor(name: string, args: StorageRecordInputs, opts?: pulumi.CustomResourceOptions) {
    const resource = `StorageRecord "${name}"`;
    const form = formOf(forms, resource, opts);
    const options = resourceOptions(resource, opts, ["name", "version", "digest"], storageIdentity.fields);
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

const properties = [
  ...["org", "name", "digest", "version", "registryUrl", "artifactUrl", "path", "repository", "status"],
  ...["githubRepository", "onDelete", "recordId", "createdAt", "updatedAt"],
];

/** What `.get` reads a record with. */
const readInputs = (resource: string, state: object | undefined, form: Form): pulumi.Inputs => ({
  ...refuseSecrets(state ?? {}, { owner: resource, fields: storageIdentity.fields }),
  ...codeInput(form),
});

/**
 * What a new record is registered with: image, registry and org resolved, plus the hidden inputs of `declareOnce`. Plain
 * JavaScript may pass no args; the provider's check then names what is missing.
 */
function registrationInputs(
  name: string,
  given: StorageRecordInputs = {} as StorageRecordArgs,
  form: Form,
): pulumi.Inputs {
  const resource = `StorageRecord "${name}"`;
  const org = orgOf(given.org, form);
  const hasImage = (given.image ?? undefined) !== undefined;
  const image = withImage(resource, "image", given);
  const resolved = { ...image, ...(hasImage && { registryUrl: registryOf(given, image.name) }), org };
  const fromImage = {
    name: "image",
    digest: "image",
    ...(given.registryUrl === undefined && { registryUrl: "image" }),
  };
  const args = refuseSecrets(resolved, {
    owner: resource,
    fields: storageIdentity.fields,
    ...(hasImage && { from: fromImage }),
  });
  const place = [args.registryUrl, args.repository, args.path, args.artifactUrl];
  const parts = [args.org, args.digest, ...place, args.name];
  return {
    ...args,
    ...declareOnce({ resource, kind: "storage", identity: storageIdentity, parts, form }),
  };
}

function registryOf(
  { registryUrl }: { registryUrl?: pulumi.Input<string | undefined> },
  name: pulumi.Input<string>,
): pulumi.Input<string> {
  if (typeof registryUrl === "string") return registryUrl;
  if (registryUrl !== undefined)
    return pulumi.all([registryUrl, name]).apply(([known, image]) => known ?? registryUrlOf(image));
  return typeof name === "string" ? registryUrlOf(name) : pulumi.output(name).apply(registryUrlOf);
}
