/**
 * What a policy pack reports of a program's resources: with Pulumi's own engine by `--policy-pack`, with ours by asking the
 * pack's server about the inputs in the engine's events, as Pulumi does before it creates a resource.
 */
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { AnalyzerResourceOptions, AnalyzeRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import type { CliRunOptions } from "../../../local/cli-stack";
import { startNode } from "../../../local/engine/child";
import { toStruct } from "../../../local/engine/marshal";
import { call } from "../../../local/engine/rpc";
import type { EngineEvent } from "../../../local/engine/types";
import type { Declaration } from "./declarations";
import type { Scene } from "./scene";

/** `production-names-its-cluster web`, for each violation. */
export async function violationsIn(
  { preview }: Scene,
  declarations: Declaration[],
  pack: string,
): Promise<string[]> {
  if (process.env.PULUMI_ENGINE !== "pulumi")
    return askPack(pack, (await preview(declarations)).events.flatMap(createdIn));
  const options: CliRunOptions = { policyPacks: [pack] };
  const { events } = await preview(declarations, { ...options, exitCode: 1 });
  return events.flatMap(({ policyEvent }) =>
    policyEvent === undefined ? [] : [`${policyEvent.policyName} ${nameIn(policyEvent.resourceUrn ?? "")}`],
  );
}

const nameIn = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2);

const createdIn = ({ resourcePreEvent }: EngineEvent) => resourcePreEvent?.metadata.new ?? [];

async function askPack(folder: string, resources: ReturnType<typeof createdIn>[]): Promise<string[]> {
  const { port, stop } = await startPack(folder);
  const client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  try {
    const answers = await Promise.all(
      resources.flat().map(async ({ type, urn, inputs }) => {
        const request = new AnalyzeRequest()
          .setType(type)
          .setUrn(urn)
          .setName(nameIn(urn))
          .setProperties(toStruct(inputs))
          .setOptions(new AnalyzerResourceOptions());
        const answer = await call<{ getDiagnosticsList: () => { getPolicyname: () => string }[] }>((done) =>
          client.analyze(request, done),
        );
        return answer.getDiagnosticsList().map((found) => `${found.getPolicyname()} ${nameIn(urn)}`);
      }),
    );
    return answers.flat();
  } finally {
    client.close();
    await stop();
  }
}

/** The pack prints the port on which it serves. */
async function startPack(folder: string) {
  const lines: string[] = [];
  let stop = async () => {};
  const port = await new Promise<string>((resolve, reject) => {
    const child = startNode({
      script: join(folder, "index.js"),
      args: [],
      cwd: folder,
      env: { PATH: process.env.PATH ?? "" },
      onLine(stream, line) {
        lines.push(line);
        if (stream === "stdout" && /^\d+$/.test(line.trim())) resolve(line.trim());
      },
    });
    stop = child.stop;
    void child.exited.then(() => reject(new Error(lines.join("\n"))));
  });
  return { port, stop };
}
