// All deployments of a cluster in one resource, in Go. See README.md for how to run it.
package main

import (
	"example.com/pulumi-artifact-metadata/sdk/go/artifactmetadata"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	webImage  = "ghcr.io/acme/web:1.4.2@sha256:1bb1e949e55dcefc6353e7b36c8897d2a107d8e8dca49d4e3c0ea8493fc0bc72"
	cartImage = "ghcr.io/acme/cart:1.0.0@sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		prod, err := artifactmetadata.NewClusterDeploymentSet(ctx, "prod-eu", &artifactmetadata.ClusterDeploymentSetArgs{
			Cluster:             pulumi.String("prod-eu"),
			LogicalEnvironment:  pulumi.String("production"),
			PhysicalEnvironment: pulumi.String("eu-west-1"),
			Deployments: artifactmetadata.ClusterDeploymentMap{
				"shop-web-web": &artifactmetadata.ClusterDeploymentArgs{
					Image:        pulumi.String(webImage),
					RuntimeRisks: pulumi.ToStringArray([]string{"internet-exposed"}),
					Tags:         pulumi.ToStringMap(map[string]string{"team": "shop"}),
				},
				"shop-cart-app": &artifactmetadata.ClusterDeploymentArgs{
					Image: pulumi.String(cartImage),
					Tags:  pulumi.ToStringMap(map[string]string{"team": "shop"}),
				},
			},
		})
		if err != nil {
			return err
		}
		ctx.Export("records", prod.Records)
		return nil
	})
}
