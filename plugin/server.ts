/** The gRPC server: each call goes to its method, and is answered when what it had to say has arrived. */
import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import { ProviderError } from "../provider/runtime/errors";
import { toStatus } from "./errors";
import { atResource } from "./log";
import type { Log } from "./log";
import type { Methods } from "./methods";
import { channelOptions, grpc, ResourceProviderService } from "./pulumi";

interface Request {
  getUrn?: () => string;
}

type Method = (request: Request) => unknown;

/** @returns the port on the loopback interface */
export async function serve(methods: Methods, log: Log): Promise<number> {
  const server = new grpc.Server(channelOptions);
  const handlers = Object.entries(methods).map(([name, method]) => [name, handler(method as Method, log)]);
  server.addService(watched(), Object.fromEntries(handlers) as UntypedServiceImplementation);
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

/** Requests of which a property was lost. */
const lossy = new WeakSet<object>();

/** A map's key (field 1, 9 bytes). */
const KEY = Buffer.from("\n\t__proto__");
const PROTO_KEY =
  'A property, or a key in a map, has the name "__proto__", which this provider cannot carry. Use another name.';

/** The library for Protocol Buffers drops the key `__proto__` without a word: a deployment, or a tag, would be missing. */
function watched(): typeof ResourceProviderService {
  const { check } = ResourceProviderService;
  return {
    ...ResourceProviderService,
    check: {
      ...check,
      requestDeserialize(bytes) {
        const request = check.requestDeserialize(bytes);
        if (bytes.includes(KEY)) lossy.add(request);
        return request;
      },
    },
  };
}

function handler(method: Method, log: Log) {
  return (call: ServerUnaryCall<Request, unknown>, callback: sendUnaryData<unknown>): void => {
    const { request } = call;
    const answer = async () => {
      if (lossy.has(request)) throw new ProviderError(PROTO_KEY);
      return method(request);
    };
    const finish = async (): Promise<void> => {
      try {
        const response = await atResource(request.getUrn?.() ?? "", answer);
        await log.sent();
        callback(null, response);
      } catch (error) {
        await log.sent();
        callback(toStatus(error));
      }
    };
    void finish();
  };
}
