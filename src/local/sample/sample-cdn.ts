import * as z from "zod";
import type { StagedEnd } from "../imagekit/cdn/stage.ts";

/** An image of the simulated account, and the copy of it that the CDN serves. */
export type SampleImage = {
  /** The version that was uploaded last; 0: it was deleted. */
  readonly version: number;
  /** Null: the next visitor gets what was uploaded last. */
  readonly copy: { readonly version: number; readonly madeAt: number } | null;
};

/** The part of the simulated ImageKit's control API that the sample page uses. */
export type SampleCdn = {
  readonly look: (url: string) => Promise<SampleImage>;
  /** Prepares the next purge of this URL to end so. */
  readonly stage: (url: string, end: StagedEnd) => Promise<void>;
  /** A version of the image, as SVG. Not a visit: the CDN makes no copy of it. */
  readonly picture: (url: string, version: number) => Promise<string>;
};

const image = z.object({
  version: z.number(),
  copy: z.object({ version: z.number(), madeAt: z.number() }).nullable(),
});
const picture = z.object({ svg: z.string() });
const withinMs = 5_000;

/** `baseUrl`: that of the simulated ImageKit. */
export function sampleCdn(baseUrl: string): SampleCdn {
  async function call(path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${baseUrl}/_control/cdn${path}`, {
      ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(withinMs),
    });
    if (!answer.ok) throw new Error(`the simulated CDN answered ${answer.status} to ${path}`);
    return answer.json();
  }
  const query = (fields: Readonly<Record<string, string>>) => `?${new URLSearchParams(fields)}`;
  return {
    look: async (url) => image.parse(await call(query({ url }))),
    stage: async (url, end) => void (await call("/stage", { url, end })),
    picture: async (url, version) =>
      picture.parse(await call(`/picture${query({ url, version: String(version) })}`)).svg,
  };
}
