/** Everything that a run of the bench found out. */
import pulumi from "@pulumi/pulumi/package.json";
import { cpus } from "node:os";
import type { HostCost } from "./measure/host";
import type { Loaded, LoadingCost } from "./measure/loading";
import type { Measurements } from "./measure/cases";
import type { RequestCost } from "./measure/requests";

export interface Results extends Measurements {
  about: About;
  requests: RequestCost[];
  hosts: HostCost[];
  loading: Record<Loaded, LoadingCost>;
}

export interface About {
  processor: string;
  cores: number;
  node: string;
  pulumi: string;
  engine: string;
  date: string;
}

export function aboutThisRun(engine: "local" | "pulumi"): About {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    node: process.version,
    pulumi: pulumi.version,
    engine: engine === "pulumi" ? "Pulumi CLI" : "local engine",
    date: new Date().toISOString().slice(0, 10),
  };
}
