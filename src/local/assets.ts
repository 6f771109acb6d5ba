import { buildAssets } from "../build/assets.ts";

/** Answers requests for the dashboard's files, which Netlify serves from the build; made when first asked for. */
export function serveAssets(): (request: Request) => Promise<Response | undefined> {
  let building: ReturnType<typeof buildAssets> | undefined;
  return async function serveAsset(request) {
    const [, name] = /^\/assets\/([\w.-]+)$/.exec(new URL(request.url).pathname) ?? [];
    if (name === undefined) return undefined;
    building ??= buildAssets();
    const asset = (await building).find((each) => each.name === name);
    if (asset === undefined) return undefined;
    return new Response(new Uint8Array(asset.bytes), {
      headers: {
        "Content-Type": asset.type,
        "Cache-Control": "no-cache",
        "X-Content-Type-Options": "nosniff",
      },
    });
  };
}
