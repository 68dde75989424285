/** The local GitHub server behind TLS, with a certificate that nobody trusts by default. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as forward } from "node:http";
import { createServer } from "node:https";
import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";

export interface Tls {
  port: number;
  /** The file of the certificate authority, for NODE_EXTRA_CA_CERTS. */
  authority: string;
}

const folders: string[] = [];
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function newCertificate(host: string) {
  const folder = mkdtempSync(join(tmpdir(), "tls-"));
  folders.push(folder);
  const { private: key, cert } = await generate([{ name: "commonName", value: host }], {
    keyType: "ec",
    extensions: [
      { name: "basicConstraints", cA: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: host },
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  const authority = join(folder, "certificate.pem");
  writeFileSync(authority, cert);
  return { key, cert, authority };
}

export async function startTls(url: string, host: string): Promise<Tls> {
  const { key, cert, authority } = await newCertificate(host);
  const server = createServer({ key, cert }, (incoming, outgoing) => {
    const { method, headers } = incoming;
    const onward = forward(`${url}${incoming.url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, authority };
}
