-- For `npm run lint:lua`, which checks the ledger's scripts as they are assembled.
std = "lua51"
read_globals = { "redis", "cjson", "KEYS", "ARGV", "unpack" }
max_line_length = 120
-- A script has its parts' functions in front of it, whether or not it uses each of them.
ignore = { "211", "221", "231" }
