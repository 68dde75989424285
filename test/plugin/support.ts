/** The plugin as it is shipped, in a process of its own, called over gRPC as the engine calls it. */
import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { engineService } from "../../local/engine/engine-service";
import { fromStruct, toStruct } from "../../local/engine/marshal";
import { providerClient } from "../../local/engine/provider-client";
import { call, channelOptions, serve } from "../../local/engine/rpc";
import type { EventBody, PropertyMap } from "../../local/engine/types";

const EXECUTABLE = join(__dirname, "..", "..", "dist", "plugin", "pulumi-resource-artifact-metadata");

export const urnOf = (type: string, name = "web") =>
  `urn:pulumi:dev::shop::artifact-metadata:index:${type}::${name}`;

export interface Plugin {
  /** The address of the engine that it was started with. */
  engineAddress: string;
  client: ResourceProviderClient;
  process: ChildProcessWithoutNullStreams;
  exited: Promise<void>;
  /** What it told the engine. */
  logs: { severity: string; message: string; urn?: string }[];
  /** Everything that it printed and answered: no secret may be in it. */
  seen: () => string;
  configure: (args: PropertyMap, provider?: string) => Promise<void>;
  check: (type: string, news: PropertyMap, more?: { name?: string; olds?: PropertyMap }) => Promise<Checked>;
  diff: (type: string, given: { id: string; olds: PropertyMap; news: PropertyMap }) => Promise<Diffed>;
  create: (type: string, news: PropertyMap, isPreview?: boolean) => Promise<Saved>;
  update: (type: string, saved: Saved, news: PropertyMap, isPreview?: boolean) => Promise<Saved>;
  read: (
    type: string,
    id: string,
    properties?: PropertyMap,
    inputs?: PropertyMap,
  ) => Promise<Saved & { inputs: PropertyMap }>;
  remove: (type: string, saved: Saved) => Promise<void>;
  invoke: (name: string, args: PropertyMap) => Promise<{ result: PropertyMap; failures: string[] }>;
}

export interface Checked {
  inputs: PropertyMap;
  failures: { property: string; reason: string }[];
}
export interface Diffed {
  changes: string;
  replaces: string[];
  /** `digest UPDATE`, in the order of their paths. */
  detailed: string[];
}
export interface Saved {
  id: string;
  outputs: PropertyMap;
}

const { DiffChanges } = messages.DiffResponse;
const nameOf = (enumeration: object, value: number) =>
  Object.entries(enumeration).find(([, one]) => one === value)?.[0] ?? "";

export async function startPlugin(
  environment: Record<string, string> = {},
  /** That of another plugin's engine. Default: one of its own. */
  engineAddress?: string,
  executable = EXECUTABLE,
): Promise<Plugin & { stop: () => Promise<void> }> {
  const logs: Plugin["logs"] = [];
  const answers: string[] = [];
  const emit = ({ diagnosticEvent: event }: EventBody) => {
    if (event) logs.push({ severity: event.severity, message: event.message, urn: event.urn });
  };
  const engine = await serve([engineService(emit)]);
  const child = spawn(executable, [engineAddress ?? engine.address], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const printed: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => printed.push(text));
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed.push(text);
      if (printed.join("").includes("\n")) resolve(text.trim());
    });
    void exited.then(() => {
      engine.close();
      reject(new Error(`the plugin has ended: ${printed.join("")}`));
    });
  });
  const client = new ResourceProviderClient(
    `127.0.0.1:${port}`,
    credentials.createInsecure(),
    channelOptions,
  );
  const noted = <T>(answer: T): T => {
    answers.push(JSON.stringify(answer));
    return answer;
  };
  const failed = (error: unknown): never => {
    answers.push(String(error));
    throw error;
  };
  const stop = async () => {
    client.close();
    child.kill("SIGKILL");
    await exited;
    engine.close();
  };
  return {
    ...methods(client, noted, failed),
    ...{ client, process: child, exited, logs, stop, engineAddress: engineAddress ?? engine.address },
    seen: () => [...printed, ...answers, ...logs.map(({ message }) => message)].join("\n"),
  };
}

function methods(
  client: ResourceProviderClient,
  noted: <T>(answer: T) => T,
  failed: (error: unknown) => never,
) {
  const provider = providerClient(async () => ({ client }));
  return {
    async configure(args: PropertyMap, name = "default") {
      const urn = `urn:pulumi:dev::shop::pulumi:providers:artifact-metadata::${name}`;
      const request = new messages.ConfigureRequest()
        .setArgs(toStruct(args))
        .setUrn(urn)
        .setAcceptsecrets(true);
      await call<messages.ConfigureResponse>((done) => client.configure(request, done));
    },
    async check(
      type: string,
      news: PropertyMap,
      { name = "web", olds = {} }: { name?: string; olds?: PropertyMap } = {},
    ) {
      return noted(await provider.check({ urn: urnOf(type, name), olds, news }).catch(failed)) as Checked;
    },
    async diff(type: string, { id, olds, news }: { id: string; olds: PropertyMap; news: PropertyMap }) {
      const request = new messages.DiffRequest().setId(id).setUrn(urnOf(type));
      request.setOlds(toStruct(olds)).setNews(toStruct(news));
      const response = await call<messages.DiffResponse>((done) => client.diff(request, done)).catch(failed);
      const kinds = messages.PropertyDiff.Kind;
      return noted({
        changes: nameOf(DiffChanges, response.getChanges()),
        replaces: response.getReplacesList(),
        detailed: [...response.getDetaileddiffMap().entries()]
          .map(([path, difference]) => `${path} ${nameOf(kinds, difference.getKind())}`)
          .sort(),
      });
    },
    async create(type: string, news: PropertyMap, isPreview = false) {
      const request = new messages.CreateRequest().setUrn(urnOf(type)).setPreview(isPreview);
      request.setProperties(toStruct(news));
      const response = await call<messages.CreateResponse>((done) => client.create(request, done)).catch(
        failed,
      );
      return noted({ id: response.getId(), outputs: fromStruct(response.getProperties()) });
    },
    async update(type: string, { id, outputs }: Saved, news: PropertyMap, isPreview = false) {
      const request = new messages.UpdateRequest().setUrn(urnOf(type)).setId(id).setPreview(isPreview);
      request.setOlds(toStruct(outputs)).setNews(toStruct(news));
      const response = await call<messages.UpdateResponse>((done) => client.update(request, done)).catch(
        failed,
      );
      return noted({ id, outputs: fromStruct(response.getProperties()) });
    },
    async read(type: string, id: string, properties: PropertyMap = {}, inputs: PropertyMap = {}) {
      const answer = await provider.read({ urn: urnOf(type), id, properties, inputs }).catch(failed);
      return noted({ id: answer.id, outputs: answer.properties, inputs: answer.inputs ?? {} });
    },
    async remove(type: string, { id, outputs }: Saved) {
      await provider.delete({ urn: urnOf(type), id, properties: outputs, oldInputs: {} }).catch(failed);
    },
    async invoke(name: string, args: PropertyMap) {
      const request = new messages.InvokeRequest()
        .setTok(`artifact-metadata:index:${name}`)
        .setArgs(toStruct(args));
      const response = await call<messages.InvokeResponse>((done) => client.invoke(request, done)).catch(
        failed,
      );
      const failures = response.getFailuresList().map((failure) => failure.getReason());
      return noted({ result: fromStruct(response.getReturn()), failures });
    },
  };
}

export const cancel = (client: ResourceProviderClient) =>
  call<Empty>((done) => client.cancel(new Empty(), done));

/** The state that came with an error. */
export function partialFailureOf(error: unknown) {
  const [details] = (error as ServiceError).metadata.get("grpc-status-details-bin");
  const [any] = Status.deserializeBinary(details as Buffer).getDetailsList();
  const failed = any?.unpack(
    (bytes) => messages.ErrorResourceInitFailed.deserializeBinary(bytes),
    "pulumirpc.ErrorResourceInitFailed",
  );
  if (!failed) throw new Error("the error has no state");
  return {
    id: failed.getId(),
    properties: fromStruct(failed.getProperties()),
    reasons: failed.getReasonsList(),
  };
}
