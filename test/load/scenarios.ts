import type { Request } from "autocannon";
import { shopUrls } from "../bench/shop-urls.ts";
import { token } from "../bench/workbench.ts";

export type Scenario = { readonly name: string; readonly request: Request };

const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
const get = (path: string): Request => ({
  method: "GET",
  path,
  headers: { authorization: headers.authorization },
});
const post = (path: string, body: unknown): Request => ({
  method: "POST",
  path,
  headers,
  body: JSON.stringify(body),
});

/** Everyday requests, on a ledger that holds this purge and this batch already. */
export function scenarios(known: {
  readonly purgeId: string;
  readonly batchId: string;
}): readonly Scenario[] {
  let count = 0;
  const submit = post("/api/purges", {});
  const withFreshUrl = (request: Request): Request => {
    count += 1;
    const urls = [`https://ik.imagekit.io/demo/load/${Date.now()}-${count}.jpg`];
    return { ...request, body: JSON.stringify({ urls }) };
  };
  return [
    { name: "submit of 1 URL", request: { ...submit, setupRequest: withFreshUrl } },
    { name: "plan of 20 lines", request: post("/api/plan", { urls: shopUrls(20) }) },
    { name: "read of a purge", request: get(`/api/purges/${known.purgeId}`) },
    { name: "read of a batch of 100", request: get(`/api/batches/${known.batchId}`) },
    { name: "list, a page of 50", request: get("/api/purges") },
    { name: "search, found everywhere", request: get("/api/purges?q=autumn&state=completed") },
    { name: "search, found nowhere", request: get("/api/purges?q=no-such-image") },
  ];
}
