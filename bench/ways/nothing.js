// What Pulumi itself takes: resources with the same inputs, whose provider does nothing.
const { CustomResource } = require("@pulumi/pulumi");

const __provider = "exports.handler = () => require('../ways/nothing-provider').provider";

class Nothing extends CustomResource {
  constructor(name, inputs) {
    super("pulumi-nodejs:dynamic/bench:Nothing", name, { ...inputs, org: "acme", __provider });
  }
}

exports.Nothing = Nothing;
