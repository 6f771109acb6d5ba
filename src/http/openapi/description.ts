import type { Scope } from "../../domain/caller.ts";
import type { ProblemCode } from "../answers/problem.ts";
import type { headerSchemas } from "../requests/schemas.ts";

/** A route's address and who may use it; `path` is below the base path, in Hono's notation (`:id`, `:name`). */
export type Route = {
  readonly method: "get" | "post" | "put" | "delete";
  readonly path: `/api/${string}` | `/v1/${string}`;
  readonly scope: Scope | "none";
};

/** Names of the answers; src/build/answer-schemas.ts has their schemas, which only the OpenAPI generator needs. */
export type AnswerName =
  | "Plan"
  | "Batch"
  | "Purge"
  | "PurgePage"
  | "Budget"
  | "ProfileList"
  | "StoredProfile"
  | "Learned"
  | "Health"
  | "ImageKitAccepted"
  | "ImageKitStatus"
  | "ImageKitError"
  | "Document"
  | "Page";

type Header = {
  readonly name: keyof typeof headerSchemas;
  readonly text: string;
  readonly example?: string;
};

/**
 * What the OpenAPI document says about a route beyond its schemas. Nothing reads it at run time, so the
 * bundler drops it.
 */
export type Description = {
  readonly route: Route;
  readonly operationId: string;
  readonly tag: "Purges" | "Profiles" | "Budget" | "ImageKit's API" | "Service";
  readonly summary: string;
  readonly text: string;
  /** JSON, or also text for a plan and a submission; the text that profiles are learned from is never JSON. */
  readonly body?:
    | {
        readonly schema: "PlanRequest" | "PurgeRequest" | "Correction" | "Profile" | "ImageKitPurge";
        readonly examples: Examples;
      }
    | { readonly schema: "Text"; readonly text: string; readonly example: string };
  readonly headers?: readonly Header[];
  /** Texts for the query's parameters; the schemas are `listQuery` and `planQuery`. */
  readonly query?: Readonly<Record<string, string>>;
  /** Values of some of the query's parameters, with which the page's examples call the route. */
  readonly queryExamples?: Readonly<Record<string, string>>;
  readonly answers: readonly {
    readonly status: 200 | 201 | 202 | 204 | 400;
    /** Absent: the answer has no body. */
    readonly schema?: AnswerName;
    readonly text: string;
    readonly headers?: Readonly<Record<string, string>>;
  }[];
  /** Besides those that come with a token, a body, or any route. Literals only: esbuild cannot drop a spread. */
  readonly problems: readonly ProblemCode[];
};

type Examples = Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;
