import * as z from "zod";
import { sendLane } from "../../src/use-cases/lanes.ts";
import { type Figure, withTarget } from "./figure.ts";
import { shopUrls } from "./shop-urls.ts";
import { median } from "./statistics.ts";
import type { Workbench } from "./workbench.ts";

const rounds = 9;
const urlsOfABatch = 100;
/** Latencies like those from a European function to ImageKit's API, with some slow answers. */
const latency = { medianMs: 150, sigma: 0.5 } as const;

/** How long the CDN takes for an answer. */
const cdnMs = 60;

/** What the CDN does while a batch is sent whose edge is checked. */
type Edge = "not checked" | "answers" | "hangs at one in a hundred" | "hangs always";

const measured: readonly { readonly edge: Edge; readonly atMost: number }[] = [
  { edge: "not checked", atMost: 1.1 },
  { edge: "answers", atMost: 1.15 },
  { edge: "hangs at one in a hundred", atMost: 1.15 },
  { edge: "hangs always", atMost: 1.15 },
];

const hang = { kind: "hang", times: "forever" } as const;

const batch = z.object({ purges: z.array(z.object({ attempts: z.number(), state: z.string() })) });

/** The time of a batch of 100 until all are sent, beside the same calls made with plain `fetch`, as many at once. */
export async function submitting(bench: Workbench): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const { edge, atMost } of measured) figures.push(await submittingWhere(bench, edge, atMost));
  return figures;
}

/** A signed URL is never checked. */
function unsigned(series: string): readonly string[] {
  const urls = shopUrls(2 * urlsOfABatch, series);
  return urls.filter((url) => !url.includes("ik-s")).slice(0, urlsOfABatch);
}

async function submittingWhere(bench: Workbench, edge: Edge, atMost: number): Promise<Figure> {
  const { call } = bench.serve();
  const check = edge !== "not checked";
  await bench.clear();
  await call("/api/purges", { urls: unsigned("warm"), check });
  await bare(bench, unsigned("warm"));

  const times: { readonly bareMs: number; readonly oursMs: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const urls = unsigned(`round-${round}`);
    const again = () => {
      bench.imagekit.control.reset();
      bench.imagekit.control.change({ latencyMs: latency, seed: 1_000 + round });
      const { cdn } = bench.imagekit.control;
      // Another one in each round, from the first URL to the last.
      const hung = urls[Math.floor((round * (urls.length - 1)) / (rounds - 1))];
      if (edge === "hangs at one in a hundred") cdn.addFaults({ ...hang, urlContains: hung });
      if (edge === "hangs always") cdn.addFaults(hang);
      cdn.addFaults({ kind: "headers", headers: {}, delayMs: cdnMs, times: "forever" });
    };
    const ours = async () => {
      again();
      const beganMs = performance.now();
      const reply = batch.parse(await (await call("/api/purges", { urls, check })).json());
      const tookMs = performance.now() - beganMs;
      const sent = reply.purges.filter(({ state }) => state === "pending").length;
      if (sent !== urlsOfABatch)
        throw new Error(`only ${sent} of ${urlsOfABatch} were sent when it answered`);
      return tookMs;
    };
    const plain = async () => {
      again();
      return bare(bench, urls);
    };
    // The two take turns in going first.
    if (round % 2 === 0) times.push({ bareMs: await plain(), oursMs: await ours() });
    else {
      const oursMs = await ours();
      times.push({ bareMs: await plain(), oursMs });
    }
  }
  const ratio = median(times.map(({ bareMs, oursMs }) => oursMs / bareMs));
  const oursMs = median(times.map((one) => one.oursMs)).toFixed(0);
  const bareMs = median(times.map((one) => one.bareMs)).toFixed(0);
  return withTarget(
    `submit of 100 URLs until sent${check ? `, the CDN ${edge}` : ""} : the same calls bare, ${sendLane.concurrency} at once`,
    `${ratio.toFixed(2)} x (${oursMs} : ${bareMs} ms, ${rounds} rounds)`,
    `<= ${atMost.toFixed(2)} x`,
    ratio <= atMost,
  );
}

/** Milliseconds that plain `fetch` calls take, as many at once as the service makes. */
async function bare({ imagekit }: Workbench, urls: readonly string[]): Promise<number> {
  const headers = {
    authorization: `Basic ${btoa(`${imagekit.privateKey}:`)}`,
    "content-type": "application/json",
  };
  const left = [...urls];
  const beganMs = performance.now();
  const worker = async () => {
    for (let url = left.shift(); url !== undefined; url = left.shift()) {
      const body = JSON.stringify({ url });
      const response = await fetch(`${imagekit.url}/v1/files/purge`, { method: "POST", headers, body });
      if (response.status !== 201) throw new Error(`a bare call was answered ${response.status}`);
      await response.json();
    }
  };
  await Promise.all(Array.from({ length: sendLane.concurrency }, worker));
  return performance.now() - beganMs;
}
