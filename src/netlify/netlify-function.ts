/** What Netlify tells a function about a request. Its `Context` fits. */
export type FunctionContext = {
  readonly requestId?: string | undefined;
  readonly ip?: string | undefined;
  readonly deploy?: { readonly context: string; readonly published: boolean } | undefined;
  waitUntil?(work: Promise<unknown>): void;
};

/** The default export of a Netlify function. */
export type NetlifyFunction = (request: Request, context: FunctionContext) => Promise<Response>;
