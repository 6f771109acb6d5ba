import type { PollOutcome, SendOutcome } from "./outcome.ts";

/** Stand-in until the client is merged. */
export type ImageKitClient = {
  readonly purge: (url: string) => Promise<SendOutcome>;
  readonly readStatus: (imagekitRequestId: string) => Promise<PollOutcome>;
};

export function imagekitClient(_options: {
  readonly apiBaseUrl: string;
  readonly privateKey: string;
  readonly fetch: typeof globalThis.fetch;
}): ImageKitClient {
  return {
    purge: async () => ({ outcome: "accepted", status: 201, imagekitRequestId: "598821f949c0a938d57563bd" }),
    readStatus: async () => ({ outcome: "completed" }),
  };
}
