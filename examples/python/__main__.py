"""All deployments of a cluster in one resource, in Python. See README.md for how to run it."""

import pulumi
import pulumi_artifact_metadata as artifact_metadata

prod = artifact_metadata.ClusterDeploymentSet(
    "prod-eu",
    cluster="prod-eu",
    logical_environment="production",
    physical_environment="eu-west-1",
    deployments={
        "shop-web-web": artifact_metadata.ClusterDeploymentArgs(
            image="ghcr.io/acme/web:1.4.2@sha256:1bb1e949e55dcefc6353e7b36c8897d2a107d8e8dca49d4e3c0ea8493fc0bc72",
            runtime_risks=["internet-exposed"],
            tags={"team": "shop"},
        ),
        "shop-cart-app": artifact_metadata.ClusterDeploymentArgs(
            image="ghcr.io/acme/cart:1.0.0@sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
            tags={"team": "shop"},
        ),
    },
)

pulumi.export("records", prod.records)
