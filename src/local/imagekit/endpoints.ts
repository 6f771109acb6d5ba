import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../domain/time.ts";
import { type Account, urlIn } from "./account.ts";
import { admit } from "./admission.ts";
import { errorAnswer } from "./answers.ts";
import type { Arrivals, OpenArrival } from "./arrivals.ts";
import { parsedJson, readBody } from "./body.ts";
import { faultAnswer } from "./fault-answer.ts";
import type { Fault, Faults } from "./faults.ts";
import type { Limits } from "./limits.ts";
import { reply, resetConnection } from "./reply.ts";

/** What the two endpoints work with. */
export type Behind = {
  readonly privateKey: string;
  readonly account: Account;
  readonly arrivals: Arrivals;
  readonly faults: Faults;
  readonly limits: Limits;
  /** Of the next answer, in milliseconds. */
  readonly latencyMs: () => number;
  readonly clock: Clock;
  /** Aborts when the server closes: nothing waits any longer. */
  readonly closing: AbortSignal;
};

/**
 * One request from its head to its answer. It is counted first, then processed, then kept waiting, then
 * answered: a caller who gives up has spent a unit, as in the worst case at ImageKit.
 */
export async function serveEndpoint(
  behind: Behind,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { arrivals, faults, clock } = behind;
  const { method = "", url: path = "" } = request;
  const route = routeOf(method, path);
  const arrival = arrivals.begin({ at: clock.now(), endpoint: route.endpoint, method, path });
  response.on("close", () => {
    if (!response.writableFinished) arrival.note({ reply: "lost" });
  });
  if (route.endpoint === "other") return reply(response, arrival, errorAnswer(404, "Not found."));

  const early = chosenEarly(behind, route);
  if (early !== "needs-url" && early?.kind === "reset-before-body-is-read") {
    return strike(behind, early, arrival, response);
  }
  const body = await readBody(request);
  if (body === "cut") return arrival.note({ outcome: "lost-before", reply: "lost" });
  if (body === "too-big") return reply(response, arrival, errorAnswer(413, "Payload too large."));

  const asked = askedOf(behind, route, body);
  arrival.note(asked.about);
  const fault = early === "needs-url" ? faults.take(route.endpoint, asked.about.url) : early;
  if (fault?.kind === "reset-before-body-is-read") return strike(behind, fault, arrival, response);

  const { endpoint } = route;
  const { authorization } = request.headers;
  const process = () => admit(behind, { endpoint, authorization }, asked.answer);
  const answer = fault === undefined ? process() : faultAnswer(fault, endpoint, path, process);
  const { outcome, imagekitRequestId = asked.about.imagekitRequestId } = answer;
  arrival.note({ outcome, imagekitRequestId, fault: fault === undefined ? undefined : String(fault.kind) });

  await pause(behind, behind.latencyMs() + (fault?.delayMs ?? (fault?.kind === "slow" ? 1_000 : 0)));
  if (fault?.kind === "hang") return arrival.note({ reply: "lost" });
  if (fault?.kind === "reset-after-processing") return resetConnection(response, arrival);
  reply(response, arrival, answer);
}

type EndpointRoute = { readonly endpoint: "send" } | { readonly endpoint: "poll"; readonly id: string };

function routeOf(method: string, path: string): EndpointRoute | { readonly endpoint: "other" } {
  const [, id] = /^\/v1\/files\/purge(?:\/([^/?]+))?$/.exec(path) ?? [];
  if (method === "POST" && path === "/v1/files/purge") return { endpoint: "send" };
  return method === "GET" && id !== undefined ? { endpoint: "poll", id } : { endpoint: "other" };
}

/** The fault for this request, from its head alone; a poll's URL is known by its id. */
function chosenEarly({ faults, account }: Behind, route: EndpointRoute): Fault | "needs-url" | undefined {
  if (route.endpoint === "poll") return faults.take("poll", account.urlOf(route.id));
  return faults.needUrl("send") ? "needs-url" : faults.take("send", undefined);
}

/** What the request is about, and what the account says to it. */
function askedOf({ account }: Behind, route: EndpointRoute, body: string) {
  if (route.endpoint === "poll") {
    const { id } = route;
    return { about: { url: account.urlOf(id), imagekitRequestId: id }, answer: () => account.status(id) };
  }
  const json = parsedJson(body);
  const url = urlIn(json);
  const about = { url: typeof url === "string" ? url : undefined, imagekitRequestId: undefined };
  return { about, answer: () => account.purge(json) };
}

/** The reset that comes before anything is processed. */
async function strike(
  behind: Behind,
  fault: Fault,
  arrival: OpenArrival,
  response: ServerResponse,
): Promise<void> {
  arrival.note({ outcome: "lost-before", fault: String(fault.kind) });
  await pause(behind, fault.delayMs ?? 0);
  resetConnection(response, arrival);
}

async function pause({ clock, closing }: Behind, durationMs: number): Promise<void> {
  if (durationMs > 0) await clock.sleep(durationMs, closing);
}
