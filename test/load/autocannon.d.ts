/** What is used of autocannon, which brings no types. */
declare module "autocannon" {
  type Request = {
    readonly method?: "GET" | "POST";
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    /** Called before each request; what it gives is sent. */
    readonly setupRequest?: (request: Request) => Request;
  };

  type Result = {
    /** Milliseconds. */
    readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
    readonly requests: { readonly total: number; readonly average: number };
    readonly errors: number;
    readonly timeouts: number;
    readonly non2xx: number;
    readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>;
  };

  export default function autocannon(options: {
    readonly url: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
    /** Seconds until a request counts as timed out. */
    readonly timeout: number;
    readonly requests: readonly Request[];
  }): Promise<Result>;
}
