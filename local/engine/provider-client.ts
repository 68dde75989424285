/** A provider behind gRPC, as the step logic calls it. */
import { status, type ServiceError } from "@grpc/grpc-js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { nameOf, typeOf } from "./core/urn";
import { fromStruct, toStruct } from "./marshal";
import { call } from "./rpc";
import { PartialFailure, type Checked, type DiffKind, type Protocol, type Provider } from "./types";
import type { CheckCall, DetailedDiff, ProviderChange, ProviderDiff, Urn } from "./types";

const CHANGES = {
  [pb.DiffResponse.DiffChanges.DIFF_UNKNOWN]: "unknown",
  [pb.DiffResponse.DiffChanges.DIFF_NONE]: "none",
  [pb.DiffResponse.DiffChanges.DIFF_SOME]: "some",
} as const;

/** By number: `update-replace` and its like. */
const KINDS = Object.keys(pb.PropertyDiff.Kind).map(
  (name) => name.toLowerCase().replace("_", "-") as DiffKind,
);

type Client = ResourceProviderClient;
type Done<Response> = (error: ServiceError | null, response: Response) => void;

/** The first calls to a provider. Returns undefined if it does not implement the handshake. */
export async function greet(
  client: Client,
  engineAddress: string,
  folder: string,
): Promise<Protocol | undefined> {
  const request = new pb.ProviderHandshakeRequest().setEngineAddress(engineAddress);
  request.setRootDirectory(folder).setProgramDirectory(folder);
  request.setConfigureWithUrn(true).setInvokeWithPreview(true);
  const handshake = call<pb.ProviderHandshakeResponse>((done) => client.handshake(request, done));
  const response = await handshake.catch(rethrow).catch(ifUnimplemented(undefined));
  await call<PluginInfo>((done) => client.getPluginInfo(new Empty(), done));
  return response && { acceptsSecrets: response.getAcceptSecrets(), supportsPreview: true };
}

export function providerClient(
  connect: () => Promise<{ client: Client; protocol?: Protocol }>,
): Required<Provider> {
  const send = async <Response>(
    start: (client: Client, done: Done<Response>) => unknown,
  ): Promise<Response> => {
    const { client } = await connect();
    return call<Response>((done) => start(client, done)).catch(rethrow);
  };
  return {
    async checkConfig(r) {
      const request = toCheckRequest(r);
      const response = send<pb.CheckResponse>((client, done) => client.checkConfig(request, done));
      return response.then(toChecked).catch(ifUnimplemented({ inputs: r.news, failures: [] }));
    },
    async diffConfig(r) {
      const request = toDiffRequest(r);
      const response = send<pb.DiffResponse>((client, done) => client.diffConfig(request, done));
      const unknown: ProviderDiff = { changes: "unknown", replaces: [], deleteBeforeReplace: false };
      return response.then(toProviderDiff).catch(ifUnimplemented(unknown));
    },
    async configure({ urn, id, inputs }) {
      const request = naming(new pb.ConfigureRequest(), urn).setId(id).setArgs(toStruct(inputs));
      request.setAcceptsecrets(true).setAcceptresources(true);
      request.setSendsOldInputs(true).setSendsOldInputsToDelete(true);
      const response = await send<pb.ConfigureResponse>((client, done) => client.configure(request, done));
      const { protocol } = await connect();
      const [acceptsSecrets, supportsPreview] = [response.getAcceptsecrets(), response.getSupportspreview()];
      return protocol ?? { acceptsSecrets, supportsPreview };
    },
    async check(r) {
      const request = toCheckRequest(r);
      return send<pb.CheckResponse>((client, done) => client.check(request, done)).then(toChecked);
    },
    async diff(r) {
      const request = toDiffRequest(r).setId(r.id);
      return send<pb.DiffResponse>((client, done) => client.diff(request, done)).then(toProviderDiff);
    },
    async create({ urn, properties, preview = false }) {
      const request = naming(new pb.CreateRequest(), urn)
        .setProperties(toStruct(properties))
        .setPreview(preview);
      const response = await send<pb.CreateResponse>((client, done) => client.create(request, done));
      return { id: response.getId(), properties: fromStruct(response.getProperties()) };
    },
    async read({ id, urn, properties, inputs }) {
      const request = naming(new pb.ReadRequest(), urn).setId(id);
      request.setProperties(properties && toStruct(properties)).setInputs(inputs && toStruct(inputs));
      const response = await send<pb.ReadResponse>((client, done) => client.read(request, done));
      const read = { id: response.getId(), properties: fromStruct(response.getProperties()) };
      return response.hasInputs() ? { ...read, inputs: fromStruct(response.getInputs()) } : read;
    },
    async update({ id, urn, olds, news, oldInputs, ignoreChanges, preview = false }) {
      const request = naming(new pb.UpdateRequest(), urn).setId(id).setIgnorechangesList(ignoreChanges);
      request.setOlds(toStruct(olds)).setNews(toStruct(news)).setOldInputs(toStruct(oldInputs));
      request.setPreview(preview);
      const response = await send<pb.UpdateResponse>((client, done) => client.update(request, done));
      return { properties: fromStruct(response.getProperties()) };
    },
    async delete({ id, urn, properties, oldInputs }) {
      const request = naming(new pb.DeleteRequest(), urn).setId(id);
      request.setProperties(toStruct(properties)).setOldInputs(toStruct(oldInputs));
      await send<Empty>((client, done) => client.delete(request, done));
    },
    async invoke({ token, args, preview = false }) {
      const request = new pb.InvokeRequest().setTok(token).setArgs(toStruct(args)).setPreview(preview);
      const response = await send<pb.InvokeResponse>((client, done) => client.invoke(request, done));
      return { result: fromStruct(response.getReturn()), failures: toFailures(response) };
    },
    async cancel() {
      await send<Empty>((client, done) => client.cancel(new Empty(), done));
    },
  };
}

interface Naming {
  setUrn(urn: string): Naming;
  setName(name: string): Naming;
  setType(type: string): Naming;
}

/** Says which resource a request is about. */
function naming<Request extends Naming>(request: Request, urn: Urn): Request {
  request.setUrn(urn).setName(nameOf(urn)).setType(typeOf(urn));
  return request;
}

const toCheckRequest = ({ urn, olds, news }: CheckCall) =>
  naming(new pb.CheckRequest(), urn).setOlds(toStruct(olds)).setNews(toStruct(news));

const toFailures = (response: { getFailuresList(): pb.CheckFailure[] }) =>
  response.getFailuresList().map((failure) => failure.toObject());

const toChecked = (response: pb.CheckResponse): Checked => ({
  inputs: fromStruct(response.getInputs()),
  failures: toFailures(response),
});

function toDiffRequest({
  urn,
  olds,
  news,
  oldInputs,
  ignoreChanges,
}: Omit<ProviderChange, "id">): pb.DiffRequest {
  const request = naming(new pb.DiffRequest(), urn).setIgnorechangesList(ignoreChanges);
  return request.setOlds(toStruct(olds)).setNews(toStruct(news)).setOldInputs(toStruct(oldInputs));
}

function toProviderDiff(response: pb.DiffResponse): ProviderDiff {
  const paths = [...response.getDetaileddiffMap().entries()].map(([path, diff]) => [
    path,
    { diffKind: KINDS[diff.getKind()] as DiffKind, inputDiff: diff.getInputdiff() },
  ]);
  return {
    changes: CHANGES[response.getChanges()],
    replaces: response.getReplacesList(),
    ...(response.getHasdetaileddiff() && { detailedDiff: Object.fromEntries(paths) as DetailedDiff }),
    deleteBeforeReplace: response.getDeletebeforereplace(),
  };
}

/** What a provider need not implement. */
function ifUnimplemented<T>(instead: T): (error: Error) => T {
  return (error) => {
    if ((error.cause as Partial<ServiceError> | undefined)?.code === status.UNIMPLEMENTED) return instead;
    throw error;
  };
}

/** The message alone, without the code that grpc-js puts before it; what was done in part keeps its state. */
function rethrow(error: ServiceError): never {
  const [details] = error.metadata.get("grpc-status-details-bin");
  const packed = details instanceof Buffer ? Status.deserializeBinary(details).getDetailsList() : [];
  for (const any of packed) {
    const failed = any.unpack(
      (bytes) => pb.ErrorResourceInitFailed.deserializeBinary(bytes),
      "pulumirpc.ErrorResourceInitFailed",
    );
    if (failed !== null) {
      const properties = fromStruct(failed.getProperties());
      throw new PartialFailure(error.details, failed.getId(), properties, failed.getReasonsList());
    }
  }
  throw new Error(error.details, { cause: error });
}
