/** Requests that are valid, and some that are nearly so. */
import fc from "fast-check";

import { codePoint } from "../support/code-point";
import { clusterCall, DEPLOYMENT, DIGEST, digestOf, entry, jobsOf, OTHER_DIGEST, STORAGE } from "./client";

const text = (minLength: number, maxLength: number) => fc.string({ unit: codePoint, minLength, maxLength });
const few = (maxLength: number, minLength = 0) =>
  fc.oneof(fc.constantFrom("a", "b"), text(minLength, maxLength), text(maxLength, maxLength));
export const anyDigest = () => fc.constantFrom(DIGEST, OTHER_DIGEST, digestOf("0"));
const risks = () =>
  fc.subarray(["critical-resource", "internet-exposed", "lateral-movement", "sensitive-data"]);
const repository = () => fc.stringMatching(/^[A-Za-z0-9.\-_]{1,100}$/);
const tags = () => fc.dictionary(text(0, 20), text(0, 20), { maxKeys: 5 });
const url = (maxLength: number) =>
  fc.webUrl({ validSchemes: ["https"] }).filter((one) => one.length <= maxLength && /^[!-~]*$/.test(one));

const optionalPart = {
  version: few(100, 1),
  tags: tags(),
  runtime_risks: risks(),
  github_repository: repository(),
};

const singleBody = () =>
  fc.record(
    {
      name: few(256, 1),
      digest: anyDigest(),
      status: fc.constantFrom("deployed", "decommissioned"),
      logical_environment: few(128, 1),
      deployment_name: few(256),
      physical_environment: few(128),
      cluster: few(128),
      return_records: fc.boolean(),
      ...optionalPart,
    },
    { requiredKeys: ["name", "digest", "status", "logical_environment", "deployment_name"] },
  );

const oneEntry = () =>
  fc.record(
    {
      name: few(256, 1),
      digest: anyDigest(),
      deployment_name: few(256, 1),
      status: fc.constantFrom("deployed", "decommissioned"),
      ...optionalPart,
    },
    { requiredKeys: ["name", "digest", "deployment_name"] },
  );

const setBody = (more: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc.record(
    {
      logical_environment: few(128, 1),
      deployments: fc.uniqueArray(oneEntry(), { maxLength: 8, selector: (one) => one.deployment_name }),
      physical_environment: few(128),
      ...more,
    },
    { requiredKeys: ["logical_environment", "deployments"] },
  );

const storageBody = () =>
  fc.record(
    {
      name: few(256, 1),
      digest: anyDigest(),
      registry_url: url(256),
      version: few(100, 1),
      artifact_url: url(152),
      path: fc.stringMatching(/^[a-z/.-]{0,512}$/),
      repository: few(128),
      status: fc.constantFrom("active", "eol", "deleted"),
      github_repository: repository(),
      return_records: fc.boolean(),
    },
    { requiredKeys: ["name", "digest", "registry_url"] },
  );

const clusterName = () => fc.stringMatching(/^[a-zA-Z0-9._-]{1,128}$/);

export function validWrite(): fc.Arbitrary<[what: string, body: unknown]> {
  const flags = { partial_success: fc.boolean(), return_records: fc.boolean() };
  return fc.oneof(
    fc.tuple(fc.constant(DEPLOYMENT), singleBody()),
    fc.tuple(clusterName().map(clusterCall), setBody(flags)),
    fc.tuple(clusterName().map(jobsOf), setBody()),
    fc.tuple(fc.constant(STORAGE), storageBody()),
  );
}

/** Bodies with the right keys and anything as their values. */
export function likeABody(): fc.Arbitrary<unknown> {
  const keys = ["name", "digest", "status", "tags", "runtime_risks", "deployments", "registry_url", "path"];
  const known = [DIGEST, "deployed", { a: "b" }, [entry()], [entry(), entry()], "https://a.example"];
  const value = fc.oneof(fc.constantFrom<unknown>(...known), fc.jsonValue());
  return fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom(...keys), value),
    fc
      .tuple(setBody(), fc.dictionary(fc.constantFrom(...keys), value))
      .map((both) => Object.assign({}, ...both) as unknown),
  );
}
