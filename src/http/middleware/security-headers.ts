import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { Env } from "../context.ts";

/** Set on every answer, unless the route set another value. netlify.toml sets the same on static files. */
export const securityHeaders = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": contentSecurityPolicy({}),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "Referrer-Policy": "no-referrer",
  "Strict-Transport-Security": "max-age=31536000",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
} as const satisfies Readonly<Record<string, string>>;

/** Forbids everything but what a page says it needs. */
export function contentSecurityPolicy(needs: Readonly<Record<string, string>>): string {
  const directives = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    ...needs,
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
}

export function secure(headers: Readonly<Record<string, string>> = securityHeaders): MiddlewareHandler<Env> {
  return createMiddleware<Env>(async function secure(c, next) {
    await next();
    for (const [name, value] of Object.entries(headers)) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  });
}
