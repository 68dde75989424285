/** The gRPC server: each call goes to its method, and is answered when what it had to say has arrived. */
import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
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
  server.addService(ResourceProviderService, Object.fromEntries(handlers) as UntypedServiceImplementation);
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

function handler(method: Method, log: Log) {
  return (call: ServerUnaryCall<Request, unknown>, callback: sendUnaryData<unknown>): void => {
    const { request } = call;
    const answer = async () => method(request);
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
