import type { ErrorObject } from "ajv";

export type ProblemPlace = "path" | "query" | "header" | "body";

/** What is wrong with a request, in the terms of GitHub's validation errors. */
export interface Problem {
  in: ProblemPlace;
  /** As a programmer writes it: `deployments[3].digest`. */
  field: string;
  code: "missing_field" | "invalid" | "unprocessable";
  message: string;
}

const PLAIN_KEY = /^[A-Za-z_$][\w$]*$/;

/** Turns a JSON pointer, and a key below it, into the form that a programmer writes. */
function fieldOf(pointer: string, root: string, key?: string): string {
  const keys = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replace(/~1/g, "/").replace(/~0/g, "~"));
  let field = root;
  for (const part of key === undefined ? keys : [...keys, key]) {
    if (/^\d+$/.test(part)) field += `[${part}]`;
    else if (!PLAIN_KEY.test(part)) field += `[${JSON.stringify(part)}]`;
    else field += field === "" ? part : `.${part}`;
  }
  return field;
}

function keyOf(error: ErrorObject): string | undefined {
  const params: { missingProperty?: string; additionalProperty?: string } = error.params;
  return params.missingProperty ?? params.additionalProperty;
}

function messageOf(error: ErrorObject): string {
  const params: { allowedValues?: unknown[] } = error.params;
  switch (error.keyword) {
    case "required":
      return "is required";
    case "additionalProperties":
      return "is not a property of this operation's body";
    case "enum":
      return `must be one of ${(params.allowedValues ?? []).join(", ")}`;
    default:
      return error.message ?? `breaks ${error.keyword}`;
  }
}

/** `root` names what the schema is about where it is not the body: a path parameter's name. */
export function problemsFrom(errors: ErrorObject[], place: ProblemPlace, root = ""): Problem[] {
  return errors.map((error) => ({
    in: place,
    field: fieldOf(error.instancePath, root, keyOf(error)),
    code: error.keyword === "required" ? "missing_field" : "invalid",
    message: messageOf(error),
  }));
}
