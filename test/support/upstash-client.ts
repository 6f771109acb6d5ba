import { Redis } from "@upstash/redis";

/** The real client, set up as production sets it up: sends everything once, gives up after `timeoutMs`, parses nothing. */
export function upstashClient(
  address: { readonly url: string; readonly token: string },
  { timeoutMs = 3000 }: { readonly timeoutMs?: number } = {},
): Redis {
  return new Redis({
    url: address.url,
    token: address.token,
    retry: { retries: 0 },
    signal: () => AbortSignal.timeout(timeoutMs),
    automaticDeserialization: false,
    enableAutoPipelining: false,
    enableTelemetry: false,
  });
}
