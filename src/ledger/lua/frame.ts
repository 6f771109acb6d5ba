/**
 * Around every script's own lines. The last string of each reply is when this ledger began, as far as the instance
 * may take it as known: from a script that has written its books, or when it knew nothing before.
 */
export const frameStart = /* lua */ `
local function answer()
`;

export const frameEnd = /* lua */ `
end

local reply = answer()
local known = books and (books.closed or not policy.knownSince) and books.createdAt
reply[#reply + 1] = known and tostring(known) or ''
return reply
`;
