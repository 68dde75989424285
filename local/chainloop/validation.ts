/** Requests against what is documented of them. */
import type { Json } from "../http/requests";
import { KINDS, STATUSES, UNSPECIFIED } from "./types";

const DIGEST = /^sha256:[a-f0-9]{64}$/;

interface Rule {
  required: boolean;
  /** What a value must be; undefined: any text that is not empty. */
  problem?: (value: string) => string | undefined;
}

const oneOf =
  (allowed: readonly string[]) =>
  (value: string): string | undefined =>
    allowed.includes(value) ? undefined : `must be one of ${allowed.join(", ")}`;

const FIELDS: Record<string, Rule> = {
  environment_name: { required: true },
  artifact_digest: {
    required: true,
    problem: (value) => (DIGEST.test(value) ? undefined : "must be a sha256 digest"),
  },
  kind: { required: true, problem: oneOf(KINDS) },
  artifact_name: { required: true },
  artifact_version: { required: false },
  // What is superseded is the server's to say.
  status: { required: true, problem: oneOf(STATUSES.filter((status) => status !== "SUPERSEDED")) },
  deployment_name: { required: true },
};

export function bodyProblems(body: Json): string[] {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return ["body must be an object"];
  const unknown = Object.keys(body).filter((name) => !Object.hasOwn(FIELDS, name));
  return [
    ...unknown.map((name) => `body ${name} is no field of this request`),
    ...Object.entries(FIELDS).flatMap(([name, rule]) => {
      const problem = fieldProblem(rule, Object.hasOwn(body, name) ? body[name] : undefined);
      return problem === undefined ? [] : [`body ${name} ${problem}`];
    }),
  ];
}

function fieldProblem({ required, problem }: Rule, value: Json | undefined): string | undefined {
  if (value === undefined) return required ? "is required" : undefined;
  if (typeof value !== "string") return "must be a text";
  if (value === "") return "is empty";
  return problem?.(value);
}

const wholeNumber = (least: number) => (value: string) =>
  /^\d{1,9}$/.test(value) && Number(value) >= least ? undefined : `must be a whole number, ${least} or more`;

const notEmpty = (value: string) => (value === "" ? "is empty" : undefined);

const parameters = (firstPage: number): Record<string, (value: string) => string | undefined> => ({
  "pagination.page": wholeNumber(firstPage),
  "pagination.page_size": wholeNumber(1),
  environment_name: notEmpty,
  deployment_name: notEmpty,
  status: oneOf([...STATUSES, UNSPECIFIED]),
});

export function queryProblems(query: URLSearchParams, firstPage = 0): string[] {
  const known = parameters(firstPage);
  return [...query].flatMap(([name, value]) => {
    if (!Object.hasOwn(known, name)) return [`query ${name} is no parameter of this request`];
    if (query.getAll(name).length > 1) return [`query ${name} is given more than once`];
    const problem = known[name]?.(value);
    return problem === undefined ? [] : [`query ${name} ${problem}`];
  });
}

/** The documentation shows `application/json` for both. */
export function headerProblems(headers: Record<string, string>, hasBody: boolean): string[] {
  const json = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;
  return [
    ...(/application\/json|\*\/\*/.test(headers.accept ?? "")
      ? []
      : ["header Accept must be application/json"]),
    ...(!hasBody || json.test(headers["content-type"] ?? "")
      ? []
      : ["header Content-Type must be application/json"]),
  ];
}
