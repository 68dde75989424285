/**
 * What a user may write in a record, with GitHub's limits.
 *
 * Source of the limits: the OpenAPI description of "Create an artifact deployment record" and "Create artifact
 * metadata storage record" (https://docs.github.com/rest/orgs/artifact-metadata). Lengths are in characters. A message does not repeat
 * the value, which may be a secret: see `plain-values.ts`.
 */
import { z } from "zod";
import { DEPLOYMENT_STATUSES, RUNTIME_RISKS, STORAGE_STATUSES } from "../github/wire";
import { boundedString, problemOf, requiredOr } from "./bounded-string";

/** Not a path segment of its own, and nothing that could end or begin one. */
const oneSegment = {
  pattern: /^(?!\.{1,2}$)[^/%]+$/,
  means: 'must not be "." or "..", and must not contain a slash or a percent sign',
};

export const org = boundedString(
  1,
  100,
  { pattern: /^[A-Za-z0-9_-]+$/, means: "must be an organisation's login: letters, digits, hyphens" },
  "is required: name it here, or for all records with `pulumi config set artifact-metadata:org`",
);
export const artifactName = boundedString(1, 256);
export const digest = z
  .string({ error: requiredOr("a string") })
  .regex(/^sha256:[a-f0-9]{64}$/, 'must be "sha256:" and 64 hexadecimal digits in lower case');
export const version = boundedString(1, 100);
export const deploymentStatus = z.enum(DEPLOYMENT_STATUSES, {
  error: requiredOr('"deployed" or "decommissioned"'),
});
export const logicalEnvironment = boundedString(1, 128);
export const physicalEnvironment = boundedString(1, 128);
export const cluster = boundedString(1, 128, oneSegment);
/** As a part of the request's path, as the calls for a whole cluster have it. */
export const clusterInPath = boundedString(1, 128, {
  pattern: /^(?!\.{1,2}$)[a-zA-Z0-9._-]+$/,
  means: 'must have only letters, digits, ".", "_" and "-", and be neither "." nor ".."',
});
export const deploymentName = boundedString(1, 256);
export const githubRepository = boundedString(1, 100, {
  pattern: /^[A-Za-z0-9._-]+$/,
  means: "must be the repository's name without its owner: letters, digits, `.`, `-` and `_`",
});

export const runtimeRisks = z
  .array(
    z.enum(RUNTIME_RISKS, { error: `must be one of ${RUNTIME_RISKS.map((risk) => `"${risk}"`).join(", ")}` }),
    {
      error: requiredOr("a list"),
    },
  )
  .max(4, "has more than 4 entries; 4 are allowed")
  .refine((list) => new Set(list).size === list.length, "contains a risk twice");

/** GitHub names no length for a tag's key or value; what cannot be carried or shown is refused. */
const tagValue = boundedString(0, Number.MAX_SAFE_INTEGER);
/** zod drops this key without a word. */
const withoutPrototypeKey = z.unknown().check(({ value, issues }) => {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, "__proto__")) return;
  issues.push({ code: "custom", message: "cannot be a tag's key", input: value, path: ["__proto__"] });
});
const tagMap = (max: number) =>
  withoutPrototypeKey.pipe(
    z
      .record(z.string(), tagValue, { error: requiredOr("a map from tag to value") })
      .check(({ value, issues }) => {
        const count = Object.keys(value).length;
        if (count > max)
          issues.push({ code: "custom", message: `has ${count} tags; ${max} are allowed`, input: value });
        for (const key of Object.keys(value)) {
          const problem = key === "" ? "is empty" : problemOf(key, 1, Number.MAX_SAFE_INTEGER);
          if (problem)
            issues.push({ code: "custom", message: `the tag's key ${problem}`, input: value, path: [key] });
        }
      }),
  );
/** Five in the call for one record; the calls for a whole cluster name no limit. */
export const tags = tagMap(5);
export const clusterTags = tagMap(Infinity);

export const storageStatus = z.enum(STORAGE_STATUSES, {
  error: requiredOr('"active", "eol" or "deleted"'),
});
const https = (max: number) =>
  boundedString(1, max, { pattern: /^https:\/\/[^/\s]/, means: "must begin with https://" }).refine(
    (url) => URL.canParse(url),
    "must be a URL",
  );
export const registryUrl = https(256);
export const artifactUrl = https(152);
/** GitHub's description calls it a URI and gives `com/github/bar/libfoo-1.2.3` as example: any text will do. */
export const path = boundedString(1, 512);
export const repository = boundedString(1, 128);

/** What a read puts into the request's path. */
export const inPath = z.object({ org, digest });
