import type { Scope } from "../../config.ts";
import type { House } from "../../http/room.ts";
import type { Caller } from "../../submit-purges.ts";

/** What every page of the dashboard is built from. */
export type DashboardContext = House & {
  /** Uses up the code of a one-time sign-in link, and names the token that it stands for. */
  readonly takeSignInCode?: ((code: string) => string | undefined) | undefined;
};

/** Where a page is, below the base path. */
export function linkTo({ basePath }: Pick<DashboardContext, "basePath">, path: `/${string}`): string {
  return path === "/" && basePath !== "" ? basePath : basePath + path;
}

export function can(caller: Caller, scope: Scope): boolean {
  return caller.scopes.includes(scope);
}
