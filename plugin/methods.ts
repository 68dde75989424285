/** The methods of the protocol, each from its message to its message. */
import type * as provider from "@pulumi/pulumi/proto/provider_pb";
import { version } from "./package";
import { check } from "./check";
import { decode, encode, isSecret, secret } from "./codec";
import type { Decoded, Secrets, Values } from "./codec";
import { nameOf, normalized, SECRET_KEYS, unknownKeys } from "./configuration";
import { diff } from "./diff";
import { partialFailure } from "./errors";
import { invoke } from "./invoke";
import type { Log } from "./log";
import { Empty, messages, PluginInfo } from "./pulumi";
import { read } from "./read";
import { createSession } from "./session";
import type { Session } from "./session";
import { create, remove, update } from "./write";

export interface MethodOptions {
  engineAddress: string;
  environment: Record<string, string | undefined>;
  log: Log;
  schema: () => string;
}

/** What an answer keeps secret: all that is declared as a secret. Of a read, all that was one in the state. */
const either = (one: Secrets | undefined, other: Secrets | undefined): Secrets | undefined => {
  if (one === undefined || other === undefined || one === true || other === true)
    return one === true ? one : (other ?? one);
  return new Map([
    ...one,
    ...[...other].map(([name, part]) => [name, either(one.get(name), part) ?? part] as const),
  ]);
};

export function createMethods({ engineAddress, environment, log, schema }: MethodOptions) {
  let current: Session | undefined;
  const session = (): Session => {
    // The engine configures a provider before it asks anything else of it.
    if (current === undefined) throw new Error("The provider is not configured.");
    return current;
  };

  return {
    handshake: (_request: provider.ProviderHandshakeRequest) =>
      new messages.ProviderHandshakeResponse().setAcceptSecrets(true),

    getPluginInfo: () => new PluginInfo().setVersion(version),

    getSchema: (_request: provider.GetSchemaRequest) => new messages.GetSchemaResponse().setSchema(schema()),

    checkConfig(request: provider.CheckRequest) {
      const { values: given, secrets } = decode(request.getNews());
      const { values, failures } = normalized(given);
      warnOfUnknownKeys(log, values);
      const marked = SECRET_KEYS.filter((key) => values[key] !== undefined);
      const inputs = Object.entries(values).map(([key, value]) => [
        key,
        (marked as readonly string[]).includes(key) || isSecret(secrets, key) ? secret(value) : value,
      ]);
      return checkResponse(encode(Object.fromEntries(inputs) as Values), failures);
    },

    diffConfig(request: provider.DiffRequest) {
      const olds = normalized(decode(request.getOlds()).values).values;
      const news = normalized(decode(request.getNews()).values).values;
      const names = new Set([...Object.keys(olds), ...Object.keys(news)]);
      const changed = [...names].filter((name) => olds[name] !== news[name]);
      const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
      // Other credentials are no other provider: nothing is replaced.
      return new messages.DiffResponse()
        .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
        .setDiffsList(changed);
    },

    configure(request: provider.ConfigureRequest) {
      const { values } = normalized(decode(request.getArgs()).values);
      current = createSession({
        engineAddress,
        values,
        provider: nameOf(request.getUrn() ?? ""),
        environment,
        log,
      });
      return new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    },

    async check(request: provider.CheckRequest) {
      const olds = decode(request.getOlds()).values;
      const checked = await check(session(), request.getUrn(), olds, decode(request.getNews()));
      return checkResponse(encode(checked.inputs, checked.secrets), checked.failures);
    },

    async diff(request: provider.DiffRequest) {
      const olds = decode(request.getOlds()).values;
      const news = decode(request.getNews()).values;
      const result = await diff(session(), { id: request.getId(), urn: request.getUrn(), olds, news });
      return diffResponse(result);
    },

    async create(request: provider.CreateRequest) {
      const news = decode(request.getProperties());
      const created = await create(session(), {
        urn: request.getUrn(),
        news: news.values,
        isPreview: request.getPreview(),
      }).catch((error: unknown) => {
        throw partialFailure(error, news);
      });
      return new messages.CreateResponse()
        .setId(created.id)
        .setProperties(encode(created.outputs, news.secrets));
    },

    async read(request: provider.ReadRequest) {
      const properties = decode(request.getProperties());
      const inputs = decode(request.getInputs());
      const found = await read(session(), {
        id: request.getId(),
        urn: request.getUrn(),
        properties: properties.values,
        inputs: inputs.values,
      });
      const secrets = either(properties.secrets, inputs.secrets);
      return new messages.ReadResponse()
        .setId(found.id)
        .setProperties(encode(found.properties, secrets))
        .setInputs(encode(found.inputs, secrets));
    },

    async update(request: provider.UpdateRequest) {
      const news = decode(request.getNews());
      const outputs = await update(session(), {
        id: request.getId(),
        urn: request.getUrn(),
        olds: decode(request.getOlds()).values,
        news: news.values,
        isPreview: request.getPreview(),
      }).catch((error: unknown) => {
        throw partialFailure(error, news);
      });
      return new messages.UpdateResponse().setProperties(encode(outputs, news.secrets));
    },

    async delete(request: provider.DeleteRequest) {
      const olds = decode(request.getProperties()).values;
      await remove(session(), { id: request.getId(), urn: request.getUrn(), olds });
      return new Empty();
    },

    async invoke(request: provider.InvokeRequest) {
      const args: Decoded = decode(request.getArgs());
      const { result, failures } = await invoke(session(), request.getTok(), args);
      const answer = new messages.InvokeResponse().setReturn(encode(result, args.secrets && true));
      return answer.setFailuresList(failures.map(toFailure));
    },

    /** Sent on Ctrl-C, and at the normal end of every run. */
    cancel() {
      current?.interrupt();
      return new Empty();
    },
  };
}

export type Methods = ReturnType<typeof createMethods>;

const toFailure = ({ property, reason }: { property: string; reason: string }) =>
  new messages.CheckFailure().setProperty(property).setReason(reason);

const checkResponse = (inputs: ReturnType<typeof encode>, failures: { property: string; reason: string }[]) =>
  new messages.CheckResponse().setInputs(inputs).setFailuresList(failures.map(toFailure));

function diffResponse({
  changes,
  replaces,
  deleteBeforeReplace,
  differences,
}: Awaited<ReturnType<typeof diff>>) {
  const { PropertyDiff, DiffResponse } = messages;
  const response = new DiffResponse()
    .setChanges(changes ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE)
    .setReplacesList(replaces)
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  const detailed = response.getDetaileddiffMap();
  for (const [path, { kind, replaces: isReplaced }] of Object.entries(differences)) {
    const kinds = PropertyDiff.Kind;
    detailed.set(path, new PropertyDiff().setKind(kinds[isReplaced ? (`${kind}_REPLACE` as const) : kind]));
  }
  return response;
}

function warnOfUnknownKeys(log: Log, values: object): void {
  for (const name of unknownKeys(values))
    log.warn(`artifact-metadata:${name} is not a setting of this provider. It has no effect.`);
}
