/** Records and requests as users' tests see them. Takes in nothing: with the package go only such declarations. */

/** A deployment record, as another writer would write it. */
export interface TestDeploymentRecordArgs {
  /** The organisation's login. @default the server's first organisation */
  org?: string;
  /** The artifact's name, 1 to 256 characters. */
  name: string;
  /** `sha256:` and 64 hexadecimal digits in lower case; attested, or with a `githubRepository`. */
  digest: string;
  /** The artifact's version, 1 to 100 characters. */
  version?: string;
  /** Whether the artifact runs there. @default "deployed" */
  status?: "deployed" | "decommissioned";
  /** The stage, 1 to 128 characters. */
  logicalEnvironment: string;
  /** The region, 1 to 128 characters. */
  physicalEnvironment?: string;
  /** The cluster, 1 to 128 characters. */
  cluster?: string;
  /** 1 to 256 characters. */
  deploymentName: string;
  /** Up to 5. Left out, those that the record has are kept. */
  tags?: Record<string, string>;
  /** Up to 4. Left out, those that the record has are kept. */
  runtimeRisks?: string[];
  /** The repository that the artifact comes from, where its digest is not attested. */
  githubRepository?: string;
}

/** A deployment record on the server. */
export interface TestDeploymentRecord extends TestDeploymentRecordArgs {
  /** GitHub's id of the record. */
  id: string;
  /** The organisation's login. */
  org: string;
  /** Whether the artifact runs there. */
  status: "deployed" | "decommissioned";
  /** The tags of the deployment. */
  tags: Record<string, string>;
  /** What the deployment is exposed to. */
  runtimeRisks: string[];
  /** The repository of the attestation, or the one that was given. */
  githubRepository: string;
  /** ISO 8601, in whole seconds. */
  createdAt: string;
  /** ISO 8601, in whole seconds. */
  updatedAt: string;
}

/** A storage record, as another writer would write it. */
export interface TestStorageRecordArgs {
  /** The organisation's login. @default the server's first organisation */
  org?: string;
  /** The artifact's name, 1 to 256 characters. */
  name: string;
  /** `sha256:` and 64 hexadecimal digits in lower case; attested, or with a `githubRepository`. */
  digest: string;
  /** The artifact's version, 1 to 100 characters. */
  version?: string;
  /** The registry's address: https. */
  registryUrl: string;
  /** The artifact's own address: https. */
  artifactUrl?: string;
  /** The artifact's path in the registry. */
  path?: string;
  /** The registry's repository. */
  repository?: string;
  /** What became of the artifact in the registry. @default "active" */
  status?: "active" | "eol" | "deleted";
  /** The repository that the artifact comes from, where its digest is not attested. */
  githubRepository?: string;
}

/** A storage record on the server. */
export interface TestStorageRecord extends TestStorageRecordArgs {
  /** GitHub's id of the record. */
  id: string;
  /** The organisation's login. */
  org: string;
  /** What became of the artifact in the registry. */
  status: "active" | "eol" | "deleted";
  /** The repository of the attestation, or the one that was given. */
  githubRepository: string;
  /** ISO 8601, in whole seconds. */
  createdAt: string;
  /** ISO 8601, in whole seconds. */
  updatedAt: string;
}

/** A request that came to the server. Its credentials are not kept. */
export interface TestRequest {
  /** `GET` or `POST`, for example. */
  method: string;
  /** The path, without the query. */
  path: string;
  /** The JSON that was sent, parsed; undefined where there was none. */
  body: unknown;
  /** The status that was answered; undefined where no answer was sent. */
  status: number | undefined;
}

/** A request that GitHub's OpenAPI description does not allow. It was refused. */
export interface TestViolation {
  /** `GET` or `POST`, for example. */
  method: string;
  /** The path, without the query. */
  path: string;
  /** What is wrong, one sentence each. */
  problems: string[];
}
