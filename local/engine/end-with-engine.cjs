// Loaded first (`node -r`) into the program and the provider host. File descriptor 3 is a pipe whose other end
// only the engine holds: when it closes, the engine is gone, killed perhaps, and this process must not outlive it.
const { Socket } = require("node:net");
const { isMainThread } = require("node:worker_threads");

if (isMainThread) {
  const self = process.execArgv.findIndex((argument) => argument.endsWith("end-with-engine.cjs"));
  // Node processes that this one forks have another file descriptor 3.
  if (self > 0) process.execArgv.splice(self - 1, 2);
  const engine = new Socket({ fd: 3, readable: true, writable: false });
  engine.on("error", () => {});
  engine.on("close", () => process.kill(process.pid, "SIGKILL"));
  engine.resume();
  engine.unref();
}
