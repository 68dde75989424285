/** A provider behind gRPC, as the step logic calls it. */
import type { ServiceError } from "@grpc/grpc-js";
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  CheckRequest,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  ErrorResourceInitFailed,
  ReadRequest,
  UpdateRequest,
  type CheckResponse,
  type CreateResponse,
  type ReadResponse,
  type UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { fromStruct, toStruct } from "./marshal";
import { call } from "./rpc";
import { PartialFailure, type Provider } from "./types";

const CHANGES = {
  [DiffResponse.DiffChanges.DIFF_UNKNOWN]: "unknown",
  [DiffResponse.DiffChanges.DIFF_NONE]: "none",
  [DiffResponse.DiffChanges.DIFF_SOME]: "some",
} as const;

type Done<Response> = (error: ServiceError | null, response: Response) => void;

export function providerClient(connect: () => Promise<ResourceProviderClient>): Provider {
  const send = async <Response>(
    start: (client: ResourceProviderClient, done: Done<Response>) => unknown,
  ): Promise<Response> => {
    const client = await connect();
    return call<Response>((done) => start(client, done)).catch(rethrow);
  };
  return {
    async check({ urn, olds, news }) {
      const request = new CheckRequest().setUrn(urn);
      request.setOlds(toStruct(olds)).setNews(toStruct(news));
      const response = await send<CheckResponse>((client, done) => client.check(request, done));
      const failures = response.getFailuresList().map((failure) => failure.toObject());
      return { inputs: fromStruct(response.getInputs()), failures };
    },
    async diff({ id, urn, olds, news, oldInputs, ignoreChanges }) {
      const request = new DiffRequest().setId(id).setUrn(urn).setIgnorechangesList(ignoreChanges);
      request.setOlds(toStruct(olds)).setNews(toStruct(news)).setOldInputs(toStruct(oldInputs));
      const response = await send<DiffResponse>((client, done) => client.diff(request, done));
      return {
        changes: CHANGES[response.getChanges()],
        replaces: response.getReplacesList(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
      };
    },
    async create({ urn, properties }) {
      const request = new CreateRequest().setUrn(urn).setProperties(toStruct(properties));
      const response = await send<CreateResponse>((client, done) => client.create(request, done));
      return { id: response.getId(), properties: fromStruct(response.getProperties()) };
    },
    async read({ id, urn, properties, inputs }) {
      const request = new ReadRequest().setId(id).setUrn(urn);
      request.setProperties(toStruct(properties)).setInputs(toStruct(inputs));
      const response = await send<ReadResponse>((client, done) => client.read(request, done));
      const read = { id: response.getId(), properties: fromStruct(response.getProperties()) };
      return response.hasInputs() ? { ...read, inputs: fromStruct(response.getInputs()) } : read;
    },
    async update({ id, urn, olds, news, oldInputs, ignoreChanges }) {
      const request = new UpdateRequest().setId(id).setUrn(urn).setIgnorechangesList(ignoreChanges);
      request.setOlds(toStruct(olds)).setNews(toStruct(news)).setOldInputs(toStruct(oldInputs));
      const response = await send<UpdateResponse>((client, done) => client.update(request, done));
      return { properties: fromStruct(response.getProperties()) };
    },
    async delete({ id, urn, properties, oldInputs }) {
      const request = new DeleteRequest().setId(id).setUrn(urn);
      request.setProperties(toStruct(properties)).setOldInputs(toStruct(oldInputs));
      await send<Empty>((client, done) => client.delete(request, done));
    },
  };
}

/** The message alone, without the code that grpc-js puts before it; what was done in part keeps its state. */
function rethrow(error: ServiceError): never {
  const [details] = error.metadata.get("grpc-status-details-bin");
  const packed = details instanceof Buffer ? Status.deserializeBinary(details).getDetailsList() : [];
  for (const any of packed) {
    const failed = any.unpack(
      (bytes) => ErrorResourceInitFailed.deserializeBinary(bytes),
      "pulumirpc.ErrorResourceInitFailed",
    );
    if (failed !== null) {
      const properties = fromStruct(failed.getProperties());
      throw new PartialFailure(error.details, failed.getId(), properties, failed.getReasonsList());
    }
  }
  throw new Error(error.details, { cause: error });
}
