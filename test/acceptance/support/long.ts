/** Tests of what is held in process as well: they run on Pulumi's own engine, and among the long ones. */
export const onLong = process.env.LONG || process.env.PULUMI_ENGINE === "pulumi" ? test : test.skip;
