import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { sweepLedger } from "../../src/use-cases/sweep.ts";
import { rawServer } from "../imagekit/servers.ts";
import { startApp, tokens } from "../support/app.ts";
import { holdEdgeTimeOuts } from "../support/edge-time-outs.ts";
import { minute, second } from "../support/test-ledger.ts";

const url = "https://ik.imagekit.io/demo/shoe.jpg";

/** What is sent, and what every answer says, when a purge of this URL runs to its end while the CDN answers like this. */
async function story(
  check: boolean,
  edge: (request: Request) => Promise<Response>,
  whenSubmitted: () => void = () => undefined,
) {
  const time = { now: Date.parse("2026-11-15T12:03:00.000Z") };
  const desk = await startApp({ time });
  let polls = 0;
  desk.imagekit.answer = (request) => {
    if (request.url.includes("/_cdn/")) return edge(request);
    if (request.method === "POST") return Response.json({ requestId: "ik1" }, { status: 201 });
    polls += 1;
    return Response.json({ status: polls === 1 ? "Pending" : "Completed" });
  };
  const answers: unknown[] = [];
  const note = async (answer: Promise<{ readonly status: number; readonly text: string }>) => {
    const { status, text } = await answer;
    answers.push(status, JSON.parse(text, withoutCheck));
  };
  const json = { urls: [url, `${url}?tr=w-300`], check, reason: "new photo" };
  const submitted = desk.call("/api/purges", { method: "POST", token: tokens.purge, json });
  await note(submitted);
  whenSubmitted();
  const { id } = (await submitted).body;
  for (const waitMs of [5 * second, 10 * second, minute, 5 * minute, minute]) {
    time.now += waitMs;
    await sweepLedger(desk.services, { deadlineMs: desk.services.clock.monotonicMs() + 25_000 });
    await note(desk.call(`/api/batches/${id}`, { token: tokens.read }));
    await note(desk.call("/api/budget", { token: tokens.read }));
  }
  const sent = [...desk.imagekit.purged];
  await desk.close();
  const nameOf = new Map<string, string>();
  // The random ids, in the order in which they appear.
  const told = JSON.stringify(answers).replace(/\b[pb]_[0-9a-z]{26}/g, (found) => {
    if (!nameOf.has(found)) nameOf.set(found, `id-${nameOf.size}`);
    return nameOf.get(found) ?? "";
  });
  return { sent: sent.sort(), polls, answers: JSON.parse(told) };
}

/** All but what a check itself adds: `edge`, `checked`, and its line of the timeline. */
function withoutCheck(key: string, value: unknown): unknown {
  if (key === "edge" || key === "checked") return undefined;
  if (key !== "timeline" || !Array.isArray(value)) return value;
  return value.filter(({ note }) => !String(note).startsWith("Edge check"));
}

const plain = story(false, () => Promise.reject(new Error("not asked for")));

const servers: readonly { readonly name: string; readonly answer: (socket: Socket) => unknown }[] = [
  { name: "resets every connection", answer: (socket) => socket.resetAndDestroy() },
  { name: "is not an HTTP server", answer: (socket) => socket.end("SSH-2.0-x\r\n") },
  {
    name: "answers 503",
    answer: (socket) => socket.end("HTTP/1.1 503 X\r\ncontent-length: 0\r\n\r\n"),
  },
  {
    name: "answers garbage in every header",
    answer: (socket) =>
      socket.end(
        Buffer.from(
          `HTTP/1.1 200 X\r\ncontent-type: image/\u00ff\u0085\r\nage: NaN\r\netag: ${'"'.repeat(900)}\r\nx-cache: \u009b\r\n\r\n`,
          "latin1",
        ),
      ),
  },
  {
    name: "serves the old copy for ever",
    answer: (socket) =>
      socket.end('HTTP/1.1 200 X\r\ncontent-type: image/webp\r\nage: 86400\r\netag: "v1"\r\n\r\n'),
  },
];

test.each(servers)("a CDN that $name changes no purge, no unit and no answer", async ({ answer }) => {
  const server = await rawServer(answer);
  const checked = await story(true, ({ method, signal }) => fetch(server.url, { method, signal }));
  expect(server.requests.length).toBeGreaterThan(2);
  expect(checked).toEqual(await plain);
});

test("a CDN that refuses every connection changes no purge, no unit and no answer", async () => {
  const server = await rawServer(() => undefined);
  await server.close();
  let asked = 0;
  const checked = await story(true, ({ method, signal }) => {
    asked += 1;
    return fetch(server.url, { method, signal });
  });
  expect(asked).toBeGreaterThan(2);
  expect(checked).toEqual(await plain);
});

test("a fetch that throws whatever it likes changes no purge, no unit and no answer", async () => {
  const thrown: readonly unknown[] = ["text", undefined, null, { message: 7 }, new TypeError("")];
  let asked = 0;
  const checked = await story(true, () => {
    asked += 1;
    return Promise.reject(thrown[asked % thrown.length]);
  });
  expect(asked).toBeGreaterThan(2);
  expect(checked).toEqual(await plain);
});

test("a CDN that hangs changes no purge, no unit and no answer, and a submission does not wait for it", async () => {
  const timeOuts = holdEdgeTimeOuts();
  let asked = 0;
  let askedBesideSends = 0;
  const hang = () => {
    asked += 1;
    return new Promise<Response>(() => undefined);
  };
  try {
    const checked = await story(true, hang, () => {
      askedBesideSends = asked;
      timeOuts.strike();
    });
    expect(askedBesideSends).toBe(2);
    expect(asked).toBe(2 + 2 * 3);
    expect(checked).toEqual(await plain);
  } finally {
    timeOuts.release();
  }
});
