/**
 * Workloads that the program declares itself, some inside a component, recorded by one set; see README.md for how to run
 * it.
 */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ClusterDeploymentSet, collectWorkloads } from "pulumi-artifact-metadata";

// Before the resources, so that it sees them all.
const workloads = collectWorkloads();

const podOf = (name: string, image: string) => ({
  metadata: { labels: { app: name } },
  spec: { containers: [{ name: "app", image }] },
});

/** A shop: its front end, and the job that reports what it sold. */
class Shop extends pulumi.ComponentResource {
  constructor(name: string, images: { web: string; reports: string }) {
    super("acme:index:Shop", name);
    const opts = { parent: this };
    new k8s.apps.v1.Deployment(
      `${name}-web`,
      {
        metadata: {
          name: "web",
          namespace: name,
          annotations: { "metadata.github.com/runtime-risks": "internet-exposed" },
        },
        spec: { selector: { matchLabels: { app: "web" } }, template: podOf("web", images.web) },
      },
      opts,
    );
    new k8s.core.v1.Service(`${name}-web`, { metadata: { name: "web", namespace: name } }, opts);
    new k8s.batch.v1.CronJob(
      `${name}-reports`,
      {
        metadata: { name: "reports", namespace: name },
        spec: {
          schedule: "0 4 * * *",
          jobTemplate: { spec: { template: podOf("reports", images.reports) } },
        },
      },
      opts,
    );
    this.registerOutputs();
  }
}

new Shop("shop", {
  web: "ghcr.io/acme/web:1.4.2@sha256:1bb1e949e55dcefc6353e7b36c8897d2a107d8e8dca49d4e3c0ea8493fc0bc72",
  reports:
    "ghcr.io/acme/reports:0.9.1@sha256:9a1b47f2d1e0d7b1b4d2d3a7c0c7d9fbe7c2b3a4d5e6f708192a3b4c5d6e7f80",
});

new ClusterDeploymentSet("prod-eu", {
  cluster: "prod-eu",
  logicalEnvironment: "production",
  // The sidecar of the service mesh is recorded by the team that runs the mesh.
  deployments: workloads.deployments({ include: ({ container }) => container !== "istio-proxy" }),
});
