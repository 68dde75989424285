/** Files that start programs, or play for a minute, begin first: begun last, one of them keeps a single core busy. */
const { default: Sequencer } = require("@jest/test-sequencer");

const SLOW = ["/test/engine/", "/test/model/", "/test/packaging/", "/test/acceptance/", "/test/"];
const rank = ({ path }) => SLOW.findIndex((folder) => path.replaceAll("\\", "/").includes(folder));

module.exports = class SlowFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
};
