/**
 * On GitHub Enterprise Cloud with data residency, an enterprise has an address of its own, `SUBDOMAIN.ghe.com`. It is
 * in the stack's configuration, Pulumi.prod.yaml; the program is as everywhere. See README.md for how to run it.
 */
import { DeploymentRecord } from "pulumi-artifact-metadata";

new DeploymentRecord("web", {
  image:
    "containers.octocorp.ghe.com/acme/web:1.4.2@sha256:1bb1e949e55dcefc6353e7b36c8897d2a107d8e8dca49d4e3c0ea8493fc0bc72",
  logicalEnvironment: "production",
  physicalEnvironment: "germany-west-central",
  cluster: "prod-eu",
  deploymentName: "shop-web-web",
});
