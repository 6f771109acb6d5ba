/** The client in a Cloudflare Worker, which purges the URL that it is asked for. */

import { purgeDesk, throughPurgeDesk } from "../../src/client/client.ts";

type Bindings = { readonly url: string; readonly token: string };

export default {
  async fetch(request: Request, { url, token }: Bindings): Promise<Response> {
    const { searchParams, pathname } = new URL(request.url);
    const urls = [searchParams.get("purge") ?? ""];
    const desk = purgeDesk({ url, token });
    if (pathname === "/sdk") {
      const init = { method: "POST", body: JSON.stringify({ url: urls[0] }) };
      return throughPurgeDesk(desk)("https://api.imagekit.io/v1/files/purge", init);
    }
    const plan = await desk.plan({ urls });
    const progress = await desk.wait(await desk.purge({ urls }), { onProgress: () => undefined });
    return Response.json({ units: plan.units, cleared: progress.cleared });
  },
};
