import { ProviderError } from "../runtime/errors";

export type Method = "GET" | "POST";

/** `POST /orgs/{org}/artifacts/metadata/deployment-record`, as the API's description names the operation. */
export type Route = `${Method} /${string}`;

type NamesIn<R extends string> = R extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** A value for each `{name}` of the route. */
export type ParamsOf<R extends string> = Record<NamesIn<R>, string>;

export interface ExpandedRoute {
  method: Method;
  /** With each value percent-encoded. */
  path: string;
  /** Method and path for messages. */
  requestLine: string;
}

/** Values also come from the state and from servers: no value may end its segment or climb out of it. */
const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._:-]{1,256}$/;

/** @throws ProviderError for a value that must not be part of a path */
export function expandRoute<R extends Route>(route: R, params: ParamsOf<R>): ExpandedRoute {
  const values: Record<string, string> = params;
  const expand = (template: string, encode: (value: string) => string) =>
    template.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name] ?? "";
      if (SEGMENT.test(value)) return encode(value);
      throw new ProviderError(
        `${name} ${JSON.stringify(value.slice(0, 100))} cannot be part of the path of ${route}: it must have only ` +
          `letters, digits, ".", "_", "-" and ":", and be neither "." nor "..".`,
      );
    });
  const [method, template] = route.split(" ", 2) as [Method, string];
  return {
    method,
    path: expand(template, encodeURIComponent),
    requestLine: `${method} ${expand(template, (value) => value)}`,
  };
}
