// Declares COUNT deployments in the ways that WAYS names (see ../ways); with CHANGED, one of them in another version.
const { declarationsOf } = require("../ways/deployments");

const { WAYS, COUNT, CHANGED } = process.env;
const ways = WAYS.split(",");

for (const way of ways) {
  // Where several ways are declared at once, no two of them write the same record.
  const cluster = ways.length === 1 ? "prod-eu" : way;
  require(`../ways/${way}`).declare(
    declarationsOf({ count: Number(COUNT), changed: CHANGED === "true", cluster }),
  );
}
