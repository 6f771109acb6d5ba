import { errorAnswer, rateLimitHeaders, type SimulatedAnswer, throttled, words } from "./answers.ts";
import { basicUser } from "./body.ts";
import type { Limits } from "./limits.ts";

/** The answer of the account, once the key and then the rate limit let the request through to it. */
export function admit(
  { privateKey, limits }: { readonly privateKey: string; readonly limits: Limits },
  {
    endpoint,
    authorization,
  }: { readonly endpoint: "send" | "poll"; readonly authorization: string | undefined },
  ask: () => SimulatedAnswer,
): SimulatedAnswer {
  const user = basicUser(authorization);
  if (user === undefined || user === "") return errorAnswer(401, words.noKey);
  if (user !== privateKey) return errorAnswer(403, words.wrongKey);
  const limit = limits.draw(endpoint);
  if (limit === undefined) return ask();
  if (!limit.granted) return throttled(limit.burst, limit.inMs);
  return { ...ask(), headers: rateLimitHeaders(limit.burst, limit.inMs) };
}
