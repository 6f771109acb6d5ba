import type { SimulatedImageKit } from "../../../../src/local/imagekit/simulated-imagekit.ts";

export const shoe = "https://ik.imagekit.io/demo/shoes/red.jpg";

/** What the simulated CDN answers for a URL of an image. */
export async function requestAtCdn(
  { url: base }: SimulatedImageKit,
  url: string,
  init: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {},
) {
  const answer = await fetch(`${base}/_cdn/${url.slice("https://".length)}`, {
    ...init,
    redirect: "manual",
  });
  const text = await answer.text();
  const header = (name: string) => answer.headers.get(name) ?? undefined;
  return {
    status: answer.status,
    text,
    header,
    etag: header("etag"),
    age: header("age"),
    cache: header("x-cache"),
  };
}
