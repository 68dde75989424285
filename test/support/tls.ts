/** The local GitHub server behind TLS, with a certificate that nobody trusts by default. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as forward } from "node:http";
import { createServer } from "node:https";
import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

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

function newCertificate(host: string) {
  const folder = mkdtempSync(join(tmpdir(), "tls-"));
  folders.push(folder);
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const names = `subjectAltName=DNS:${host},DNS:localhost,IP:127.0.0.1`;
  const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const args = ["req", "-x509", ...made, "-subj", `/CN=${host}`, "-addext", names];
  execFileSync("openssl", [...args, "-keyout", key, "-out", certificate], { stdio: "pipe" });
  return { key: readFileSync(key), cert: readFileSync(certificate), authority: certificate };
}

export async function startTls(url: string, host: string): Promise<Tls> {
  const { key, cert, authority } = newCertificate(host);
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
