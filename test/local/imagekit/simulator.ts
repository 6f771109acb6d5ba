import { onTestFinished } from "vitest";
import type { Clock } from "../../../src/domain/time.ts";
import {
  type SimulatedImageKit,
  startSimulatedImageKit,
} from "../../../src/local/imagekit/simulated-imagekit.ts";

export const demo = "https://ik.imagekit.io/demo";

/** A simulated ImageKit for one test. */
export async function simulator(options: Parameters<typeof startSimulatedImageKit>[0] = {}) {
  const imagekit = await startSimulatedImageKit(options);
  onTestFinished(() => imagekit.close());
  return imagekit;
}

export function basic(user: string, password = ""): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** A plain request with the right key, told apart only by what is given. */
export async function post(
  { url, privateKey }: SimulatedImageKit,
  body: unknown,
  init: { readonly authorization?: string; readonly signal?: AbortSignal } = {},
) {
  const { authorization = basic(privateKey), signal } = init;
  return readReply(
    await fetch(`${url}/v1/files/purge`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: typeof body === "string" ? body : JSON.stringify(body),
      redirect: "manual",
      ...(signal === undefined ? {} : { signal }),
    }),
  );
}

export async function poll({ url, privateKey }: SimulatedImageKit, id: string, authorization?: string) {
  const headers = { authorization: authorization ?? basic(privateKey) };
  return readReply(await fetch(`${url}/v1/files/purge/${id}`, { headers, redirect: "manual" }));
}

async function readReply(response: Response) {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
}

type Json = { readonly requestId?: unknown; readonly status?: unknown; readonly message?: unknown };

function jsonOf(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Purges and gives the request id. */
export async function purged(imagekit: SimulatedImageKit, url: string): Promise<string> {
  const { json } = await post(imagekit, { url });
  return String(json.requestId);
}

/** An action of the control API, such as `POST /faults`. */
export async function control({ url }: SimulatedImageKit, action: string, body?: unknown) {
  const [method = "GET", path = ""] = action.split(" ");
  const response = await fetch(`${url}/_control${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
}

/** A clock that stands still until it is turned; to sleep takes no time, and is written down. */
export function handClock() {
  let at = Date.UTC(2026, 10, 23);
  const slept: number[] = [];
  const clock: Clock = {
    now: () => at,
    monotonicMs: () => at,
    sleep: async (durationMs) => void slept.push(durationMs),
  };
  const turn = (durationMs: number) => {
    at += durationMs;
  };
  return { clock, slept, turn };
}
