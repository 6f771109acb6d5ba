import { createHash } from "node:crypto";
import { RedisLuaRuntime } from "js-redis-server/core";
import { type LoadOptions, LuaEngine, load } from "lua-redis-wasm";
import * as z from "zod";

/**
 * Given a script, keeps it as a function under a name; without one, runs what is kept. Redis keeps scripts like this, and
 * names them the same in errors. What is kept reads KEYS and ARGV of the call that runs it, and is never replaced.
 */
const keptScript = `
local kept = {}
function keptScript(name, script)
  if not script then return kept[name]() end
  kept[name] = kept[name] or loadstring(script, '@user_script')
  return kept[name] and 'kept'
end`;

const keep = Buffer.from("return keptScript(ARGV[1], ARGV[2])");

type Engine = ConstructorParameters<typeof LuaEngine>[0];
const internals = z.object({
  exports: z.custom<Engine>(),
  handlers: z.custom<{ props: (...args: number[]) => unknown }>(
    (handlers) => handlers instanceof Object && "props" in handlers,
  ),
});

type Reply = ReturnType<RedisLuaRuntime["eval"]>;

class KeepingRuntime extends RedisLuaRuntime {
  /** By the hash of a script, what to run instead. */
  readonly #calls = new Map<string, Buffer>();

  override eval(...[script, keys, args, context, options]: Parameters<RedisLuaRuntime["eval"]>): Reply {
    const name = createHash("sha1").update(script).digest("hex");
    let call = this.#calls.get(name);
    if (call === undefined) {
      const reply = super.eval(keep, [], [Buffer.from(name), script], context);
      // A script that does not compile is not kept: running it gives the error.
      if (reply !== null && !Buffer.isBuffer(reply))
        throw new Error("A script could not be kept.", { cause: reply });
      call = reply === null ? script : Buffer.from(`return keptScript('${name}')`);
      this.#calls.set(name, call);
    }
    return namedAs(name, super.eval(call, keys, args, context, options));
  }
}

/** An error names the script that was sent, not the call that ran it. */
function namedAs(name: string, reply: Reply): Reply {
  if (reply instanceof Object && "meta" in reply && reply.meta) reply.meta.sha = name;
  return reply;
}

/**
 * A Lua engine that compiles each script once, and keeps every script that it has seen for the life of the process. The package does so at every call, and hashes the script's text in
 * JavaScript: two fifths of what a call cost.
 *
 * Once an engine has started, Lua's tables are read-only, and nothing that a script makes outlives it. The engine asks for
 * properties of `redis` just before that. The package has no other way in.
 */
export async function startKeepingLua(
  profile: NonNullable<LoadOptions["profile"]>,
): Promise<RedisLuaRuntime> {
  const module = await load({ profile });
  const { exports, handlers } = internals.parse(module);
  const { props } = handlers;
  handlers.props = (...args) => {
    const reply = new LuaEngine(exports, undefined).eval(keptScript);
    if (reply !== null) throw new Error("Lua refuses the function that keeps scripts.", { cause: reply });
    return props(...args);
  };
  return new KeepingRuntime(module);
}
