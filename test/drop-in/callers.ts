/** Everyone who purges with ImageKit's API or its SDK, and whom Purge Desk serves as ImageKit would. */

import { purgeDesk, throughPurgeDesk } from "../../src/client/client.ts";
import { tokens } from "../support/app.ts";
import { type DropInServer, hurriedSdk } from "./drop-in-server.ts";

export type Caller = {
  /** Gives the id of the request, or throws what its user would see: with the `status` of the answer, if one came. */
  readonly purge: (url: string) => Promise<string>;
  readonly status: (id: string) => Promise<string>;
};

type CallerKind = {
  readonly connect: (desk: DropInServer) => Caller;
  /** It asks again automatically when no usable answer came. */
  readonly resends: boolean;
};

export const callers: Readonly<Record<string, CallerKind>> = {
  "the official SDK, by its base URL": {
    resends: true,
    connect: (desk) => callerWith(desk.sdk(tokens.purge)),
  },
  "the official SDK, through the client": {
    resends: true,
    connect: ({ url, fetch }) => {
      const client = purgeDesk({ url, token: tokens.purge, fetch });
      return callerWith(hurriedSdk({ privateKey: "private_real", fetch: throughPurgeDesk(client) }));
    },
  },
  "plain fetch, as ImageKit documents its API": {
    resends: false,
    connect: ({ url, fetch }) => plainFetch(url, fetch),
  },
  "plain fetch that resends, and says so": {
    resends: true,
    connect: ({ url, fetch }) => ({
      ...plainFetch(url, fetch),
      purge: async (purged) => {
        for (let count = 0; ; count += 1) {
          try {
            return await plainFetch(url, fetch, { "X-Stainless-Retry-Count": String(count) }).purge(purged);
          } catch (error) {
            if (count === 2 || (error instanceof Answered && !error.mayBeResent)) throw error;
          }
        }
      },
    }),
  },
};

function callerWith(sdk: ReturnType<DropInServer["sdk"]>): Caller {
  const { invalidation } = sdk.cache;
  return {
    purge: async (url) => (await invalidation.create({ url })).requestId ?? "",
    status: async (id) => (await invalidation.get(id)).status ?? "",
  };
}

/** An answer that is no success. */
class Answered extends Error {
  override readonly name = "Answered";
  readonly status: number;
  readonly mayBeResent: boolean;

  constructor({ status, headers }: Response, text: string) {
    super(`${status} ${text}`);
    this.status = status;
    this.mayBeResent = (status >= 500 || status === 429) && headers.get("x-should-retry") !== "false";
  }
}

function plainFetch(url: string, fetch: typeof globalThis.fetch, more: Record<string, string> = {}): Caller {
  const Authorization = `Basic ${btoa(`${tokens.purge}:`)}`;
  const read = async (answer: Response) => {
    const text = await answer.text();
    if (!answer.ok) throw new Answered(answer, text);
    return JSON.parse(text);
  };
  return {
    purge: async (purged) => {
      const headers = {
        "Content-Type": "application/json",
        Accept: "application/json",
        Authorization,
        ...more,
      };
      const body = JSON.stringify({ url: purged });
      const { requestId } = await read(
        await fetch(`${url}/v1/files/purge`, { method: "POST", headers, body }),
      );
      return requestId;
    },
    status: async (id) => {
      const answer = await fetch(`${url}/v1/files/purge/${id}`, { headers: { Authorization } });
      return (await read(answer)).status;
    },
  };
}
