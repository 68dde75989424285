/** Requests against what is documented of them. */
import { z } from "zod";
import type { Json } from "../http/requests";
import { KINDS, STATUSES, UNSPECIFIED } from "./types";

const text = z.string("must be a text").min(1, "is empty");
const oneOf = <const T extends readonly string[]>(allowed: T) =>
  z.enum(allowed, `must be one of ${allowed.join(", ")}`);

const bodyFields = z.strictObject({
  environment_name: text,
  artifact_digest: z.string("must be a text").regex(/^sha256:[a-f0-9]{64}$/, "must be a sha256 digest"),
  kind: oneOf(KINDS),
  artifact_name: text,
  artifact_version: text.optional(),
  // What is superseded is the server's to say.
  status: oneOf(STATUSES.filter((status) => status !== "SUPERSEDED")),
  deployment_name: text,
});

export function bodyProblems(body: Json): string[] {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return ["body must be an object"];
  return problemsOf(bodyFields, body, "body", "field");
}

const wholeNumber = (least: number) => {
  const digits = least === 0 ? /^\d{1,9}$/ : /^[1-9]\d{0,8}$/;
  return z.string().regex(digits, `must be a whole number, ${least} or more`);
};

const parameters = (firstPage: number) =>
  z
    .strictObject({
      "pagination.page": wholeNumber(firstPage),
      "pagination.page_size": wholeNumber(1),
      environment_name: text,
      deployment_name: text,
      status: oneOf([...STATUSES, UNSPECIFIED]),
    })
    .partial();

export function queryProblems(query: URLSearchParams, firstPage = 0): string[] {
  const names = [...new Set(query.keys())];
  const repeated = names.filter((name) => query.getAll(name).length > 1);
  return [
    ...repeated.map((name) => `query ${name} is given more than once`),
    ...problemsOf(parameters(firstPage), Object.fromEntries(query), "query", "parameter"),
  ];
}

function problemsOf(schema: z.ZodType, value: object, place: string, part: string): string[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).flatMap((issue) => {
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((name) => `${place} ${name} is no ${part} of this request`);
    const name = String(issue.path[0]);
    return [`${place} ${name} ${Object.hasOwn(value, name) ? issue.message : "is required"}`];
  });
}

/** The documentation shows `application/json` for both. */
export function headerProblems(headers: Record<string, string>, hasBody: boolean): string[] {
  const isJson = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(headers["content-type"] ?? "");
  const problems: string[] = [];
  if (!/application\/json|\*\/\*/.test(headers.accept ?? ""))
    problems.push("header Accept must be application/json");
  if (hasBody && !isJson) problems.push("header Content-Type must be application/json");
  return problems;
}
