import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod";
import { parsedJson, readBody } from "./body.ts";
import { actOnCdn } from "./cdn/cdn-control-api.ts";
import type { Control } from "./control.ts";
import { Fault } from "./faults.ts";
import { SettingsChange } from "./settings.ts";

/** What the control API can do, as it tells its callers. All JSON. */
export const controlUsage = [
  "GET    /_control                            settings, faults, units spent, arrivals counted by outcome",
  "GET    /_control/arrivals                   ?endpoint=send|poll|other&outcome=&url=&after=<number>&limit=1000",
  "GET    /_control/arrivals/by-url            purges counted by URL and outcome",
  "PUT    /_control/settings                   change those named: quota, pendingMs, latencyMs, rateLimit, …",
  'POST   /_control/faults                     one or a list: {"endpoint":"send","kind":500,"times":2}',
  "DELETE /_control/faults                     none any more",
  'POST   /_control/complete                   what is pending is Completed; {"url":"…"} for one URL only',
  "POST   /_control/reset                      as if just started",
  "GET    /_control/cdn                        ?url=… the image behind a URL, and the copy that the CDN has",
  "GET    /_control/cdn/picture                ?url=…&version=1: a version of it, as it is served",
  'POST   /_control/cdn/images                 upload it anew: {"url":"https://…"}',
  'DELETE /_control/cdn/images                 delete it: {"url":"https://…"}',
  'POST   /_control/cdn/stage                  {"url":"https://…","end":"stale"}: so the next purge of it ends',
  'POST   /_control/cdn/copies                 the CDN has an old copy: {"url":"https://…","ageMs":3600000}',
  'DELETE /_control/cdn/copies                 the CDN has none: {"url":"https://…"}',
  "GET    /_control/cdn/arrivals               requests to the CDN",
  'POST   /_control/cdn/faults                 one or a list: {"kind":503,"method":"HEAD","times":2}',
  "DELETE /_control/cdn/faults                 none any more",
] as const;

const ArrivalQuery = z.strictObject({
  endpoint: z.enum(["send", "poll", "other"]).optional(),
  outcome: z.string().optional(),
  url: z.string().optional(),
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100_000).default(1_000),
});
const Completion = z.strictObject({ url: z.string().optional() });

/** One request to the control API; what makes no sense is answered 400 with the reason. */
export async function serveControl(
  control: Control,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const action = `${request.method} ${pathname.slice("/_control".length).replace(/\/$/, "")}`;
  const body = await readBody(request);
  try {
    const query = Object.fromEntries(searchParams);
    const json = body === "" ? {} : parsedJson(body);
    const answer = act(control, action, query, json) ?? actOnCdn(control.cdn, action, query, json);
    if (answer === undefined)
      send(response, 404, { message: `no such action: ${action}`, usage: controlUsage });
    else send(response, 200, answer);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    send(response, 400, { message: z.prettifyError(error) });
  }
}

function act(control: Control, action: string, query: unknown, body: unknown): object | undefined {
  switch (action) {
    case "GET ":
      return overview(control);
    case "GET /arrivals":
      return arrivalPage(control, ArrivalQuery.parse(query));
    case "GET /arrivals/by-url":
      return { urls: Object.fromEntries(control.byUrl()) };
    case "GET /settings":
      return control.settings();
    case "PUT /settings":
      control.change(SettingsChange.parse(body));
      return control.settings();
    case "GET /faults":
      return { faults: control.faults() };
    case "POST /faults":
      control.addFaults(...z.array(Fault).parse(Array.isArray(body) ? body : [body]));
      return { faults: control.faults() };
    case "DELETE /faults":
      control.clearFaults();
      return { faults: [] };
    case "POST /complete":
      return { completed: control.complete(Completion.parse(body).url) };
    case "POST /reset":
      control.reset();
      return overview(control);
    default:
      return undefined;
  }
}

function overview(control: Control): object {
  return {
    settings: control.settings(),
    faults: control.faults(),
    spent: control.spent(),
    arrivals: {
      send: control.totals("send"),
      poll: control.totals("poll"),
      other: control.totals("other"),
      cdn: { total: control.cdn.arrivals().length },
    },
    usage: controlUsage,
  };
}

/** `next` is the `after` that continues; absent at the end. */
function arrivalPage(control: Control, query: z.output<typeof ArrivalQuery>): object {
  const fitting = control
    .arrivals()
    .filter(
      ({ number, endpoint, outcome, url }) =>
        number > query.after &&
        (query.endpoint === undefined || endpoint === query.endpoint) &&
        (query.outcome === undefined || outcome === query.outcome) &&
        (query.url === undefined || url === query.url),
    );
  const arrivals = fitting.slice(0, query.limit);
  return {
    total: fitting.length,
    arrivals,
    ...(fitting.length > arrivals.length ? { next: arrivals.at(-1)?.number } : {}),
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "Content-Type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
}
