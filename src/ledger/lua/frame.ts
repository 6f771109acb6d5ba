/**
 * Around every script's own lines: the caller's rate before them, and two strings after the reply. The first holds
 * what was written into timelines (JSON, or empty). The last is when this ledger began, as far as the instance may
 * take it as known: from a script that has written its books, or when it knew nothing before.
 */
export const frameStart = /* lua */ `
local function answer()
`;

export const frameEnd = /* lua */ `
end

local reply = chargeCaller() or answer()
local known = books and (books.closed or not policy.knownSince) and books.createdAt
reply[#reply + 1] = #steps > 0 and cjson.encode(steps) or ''
reply[#reply + 1] = known and tostring(known) or ''
return reply
`;
