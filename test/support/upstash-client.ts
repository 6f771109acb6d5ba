import { Redis } from "@upstash/redis";

/** The real client, set up as in production: sends everything once, gives up after 3 s or at `signal`, parses nothing. */
export function upstashClient(
  address: { readonly url: string; readonly token: string },
  { signal }: { readonly signal?: AbortSignal } = {},
): Redis {
  return new Redis({
    url: address.url,
    token: address.token,
    retry: { retries: 0 },
    signal: () => signal ?? AbortSignal.timeout(3_000),
    automaticDeserialization: false,
    enableAutoPipelining: false,
    enableTelemetry: false,
  });
}
