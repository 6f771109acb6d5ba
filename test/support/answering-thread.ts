import { Worker } from "node:worker_threads";
import { onTestFinished } from "vitest";

/** An HTTP server in its own thread, which keeps running while the test's thread is frozen. */
export type AnsweringThread = {
  readonly url: string;
  /** Requests that have arrived completely. */
  readonly arrivals: () => number;
  /** Blocks this thread and its event loop until every request is answered and the bytes are at our sockets. */
  readonly freezeUntilAnswered: () => void;
};

const [port, arrived, released, answered] = [0, 1, 2, 3];

/** Answers nothing until it is released, then everything at once, and later requests too. `headFirst`: sends everything but the body before. */
const server = `
const { createServer } = require("node:http");
const { workerData } = require("node:worker_threads");
const { state, status, body, headFirst } = workerData;
const [port, arrived, released, answered] = [0, 1, 2, 3];
const count = (index) => { Atomics.add(state, index, 1); Atomics.notify(state, index); };
createServer((request, response) => {
  response.writeHead(status, { "content-type": "application/json", "content-length": body.length });
  if (headFirst) response.flushHeaders();
  request.resume().on("end", async () => {
    count(arrived);
    await Atomics.waitAsync(state, released, 0).value;
    response.end(body, () => count(answered));
  });
}).listen(0, "127.0.0.1", function () {
  Atomics.store(state, port, this.address().port);
  Atomics.notify(state, port);
});
`;

export function answeringThread(answer: {
  readonly status: number;
  readonly body: string;
  readonly headFirst?: boolean;
}): AnsweringThread {
  const state = new Int32Array(new SharedArrayBuffer(16));
  const worker = new Worker(server, { eval: true, workerData: { ...answer, state } });
  onTestFinished(async () => void (await worker.terminate()));
  Atomics.wait(state, port, 0);
  return {
    url: `http://127.0.0.1:${Atomics.load(state, port)}`,
    arrivals: () => Atomics.load(state, arrived),
    freezeUntilAnswered: () => {
      const awaited = Atomics.load(state, arrived);
      Atomics.store(state, released, 1);
      Atomics.notify(state, released);
      for (let done = 0; done < awaited; done = Atomics.load(state, answered))
        Atomics.wait(state, answered, done);
    },
  };
}
