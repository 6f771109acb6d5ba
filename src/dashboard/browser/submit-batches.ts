import type { batchView } from "../../http/views.ts";
import { askApi } from "./ask-api.ts";

/** One of several batches that are submitted one after the other. */
export type PartialBatch = {
  readonly urls: readonly string[];
  state:
    | { readonly kind: "waiting" | "submitting" }
    | { readonly kind: "accepted"; readonly id: string; readonly units: number }
    | { readonly kind: "failed"; readonly why: string; readonly isLost: boolean };
};

type SubmitOptions = {
  readonly basePath: string;
  /** The n-th batch is submitted under `<key>-<n>`: trying again gives the batch that exists already. */
  readonly key: string;
  readonly fields: {
    readonly reason?: string;
    readonly changedAt?: string;
    readonly onExhausted: "reject" | "hold";
  };
  readonly onProgress: () => void;
};

/** Submits the batches that have not been accepted, in order, and stops at the first that fails. */
export async function submitBatches(
  batches: readonly PartialBatch[],
  { basePath, key, fields, onProgress }: SubmitOptions,
): Promise<void> {
  for (const [index, batch] of batches.entries()) {
    if (batch.state.kind === "accepted") continue;
    batch.state = { kind: "submitting" };
    onProgress();
    const reply = await askApi<ReturnType<typeof batchView>>("/purges", {
      basePath,
      json: { urls: batch.urls, ...fields },
      headers: { "Idempotency-Key": `${key}-${index + 1}` },
    });
    batch.state =
      reply.kind === "answered"
        ? { kind: "accepted", id: reply.body.id, units: reply.body.units }
        : { kind: "failed", why: reply.why, isLost: reply.kind === "lost" };
    onProgress();
    if (reply.kind !== "answered") return;
  }
}
