/** A proxy that opens tunnels (CONNECT), on loopback. */
import { createServer } from "node:http";
import type { Server } from "node:http";
import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";

export interface TestProxy {
  port: number;
  /** `api.acme.test:443` of each tunnel that was asked for, in order. */
  tunnels: string[];
  /** The header `Proxy-Authorization` of each. */
  authorizations: (string | undefined)[];
}

const open = new Set<{ server: Server; sockets: Set<Socket> }>();
afterEach(() => {
  for (const { server, sockets } of open) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
  open.clear();
});

/** Every tunnel leads to this port of this machine, whatever name was asked for. */
export async function startProxy(to: () => number, refuse?: string): Promise<TestProxy> {
  const [tunnels, authorizations]: [string[], (string | undefined)[]] = [[], []];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on("connect", (request, client: Socket) => {
    tunnels.push(request.url ?? "");
    authorizations.push(request.headers["proxy-authorization"]);
    sockets.add(client);
    client.on("error", () => undefined);
    if (refuse !== undefined) return client.end(`HTTP/1.1 ${refuse}\r\n\r\n`);
    const target = connect(to(), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      target.pipe(client).pipe(target);
    });
    target.on("error", () => client.destroy());
    sockets.add(target);
  });
  open.add({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, tunnels, authorizations };
}
