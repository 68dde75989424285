/** gRPC with promises: handlers, servers and calls. */
import * as grpc from "@grpc/grpc-js";

/** As the SDK's own: a set with thousands of entries is one message. */
const MAX_MESSAGE = 400 * 1024 * 1024;
export const channelOptions: grpc.ChannelOptions = {
  "grpc.max_receive_message_length": MAX_MESSAGE,
  "grpc.max_send_message_length": MAX_MESSAGE,
};

export function unary<Request, Response>(
  handler: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then(handler)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toStatus(error)),
      );
  };
}

export async function serve(services: [grpc.ServiceDefinition, grpc.UntypedServiceImplementation][]) {
  const server = new grpc.Server(channelOptions);
  for (const [definition, implementation] of services) server.addService(definition, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

/** One call: `call((done) => client.check(request, done))`. */
export function call<Response>(
  start: (done: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    start((error, response) => (error ? reject(error) : resolve(response)));
  });
}

/** An error's number is the code that the caller sees. */
function toStatus(error: unknown): Partial<grpc.StatusObject> {
  const { code, message } = error as { code?: unknown; message?: string };
  return { code: typeof code === "number" ? code : grpc.status.UNKNOWN, details: message ?? String(error) };
}
