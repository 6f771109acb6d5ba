import type { Caller, Scope } from "../../domain/caller.ts";
import type { RouteContext } from "../../http/route-group.ts";

/** What every page of the dashboard needs. */
export type DashboardContext = RouteContext & {
  /** Uses up the code of a one-time sign-in link, and gives the name of its token. */
  readonly takeSignInCode?: ((code: string) => string | undefined) | undefined;
  /** Where a person can try out what the checks of the CDN find; only where the CDN is simulated too. */
  readonly samplePath?: `/${string}` | undefined;
};

/** The address of a page, below the base path. */
export function linkTo({ basePath }: Pick<DashboardContext, "basePath">, path: `/${string}`): string {
  return path === "/" && basePath !== "" ? basePath : basePath + path;
}

export function can(caller: Caller, scope: Scope): boolean {
  return caller.scopes.includes(scope);
}
