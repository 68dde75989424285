/** The two operations: a request that is valid and permitted in, an answer out. */
import type { Answer } from "../http/answer";
import { listDeployments, type Store, writeDeployment } from "./store";
import type { ChainloopRules } from "./options";
import {
  type DeploymentBody,
  type DeploymentRecord,
  type Operation,
  type Status,
  UNSPECIFIED,
} from "./types";

export function operationOf(method: string, path: string): Operation | undefined {
  if (path !== "/v1/deployments") return undefined;
  if (method === "POST") return "record-deployment";
  return method === "GET" ? "list-deployments" : undefined;
}

const DEFAULT_PAGE_SIZE = 15;

const answer = ({ rules }: Store, body: object): Answer => ({
  status: 200,
  headers: {},
  body: inForm(rules, body),
});

function inForm(rules: ChainloopRules, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((part) => inForm(rules, part));
  if (typeof value !== "object" || value === null) return value;
  const isEmpty = (part: unknown) => part === "" || part === 0 || (Array.isArray(part) && part.length === 0);
  const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const entries = Object.entries(value).filter(([, part]) => !(rules.omitEmpty && isEmpty(part)));
  const named = entries.map(([name, part]) => [rules.camelCase ? camel(name) : name, inForm(rules, part)]);
  return Object.fromEntries(named);
}

function shown({ rules }: Store, { artifact, ...record }: DeploymentRecord): object {
  const spelled = (prefix: string, value: string) =>
    ({ plain: value, lower: value.toLowerCase(), prefixed: `${prefix}_${value}` })[rules.spellEnums];
  return {
    ...record,
    artifact: { ...artifact, kind: spelled("ARTIFACT_KIND", artifact.kind) },
    status: spelled("DEPLOYMENT_STATUS", rules.showStatusAs ?? record.status),
  };
}

export function recordDeployment(store: Store, body: DeploymentBody): Answer {
  return answer(store, { deployment_record: shown(store, writeDeployment(store, body)) });
}

export function listOfDeployments(store: Store, query: URLSearchParams): Answer {
  const status = query.get("status") ?? UNSPECIFIED;
  const any = status === UNSPECIFIED;
  const filter = {
    environmentName: query.get("environment_name") ?? undefined,
    deploymentName: (store.rules.filterNames && query.get("deployment_name")) || undefined,
    status: any ? (store.rules.listAll ? undefined : "DEPLOYED") : (status as Status),
  } as const;
  const records = listDeployments(store, filter);
  const { firstPage, maxPageSize } = store.rules;
  const page = Number(query.get("pagination.page") ?? firstPage);
  const wanted = Number(query.get("pagination.page_size") ?? DEFAULT_PAGE_SIZE);
  const size = Math.min(wanted, maxPageSize);
  const begin = (page - firstPage) * size;
  return answer(store, {
    deployment_records: records.slice(begin, begin + size).map((record) => shown(store, record)),
    pagination: {
      total_count: records.length,
      page,
      total_pages: Math.ceil(records.length / size),
      page_size: size,
    },
  });
}
