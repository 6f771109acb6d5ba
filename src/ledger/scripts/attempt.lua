-- Counts an attempt to sign in.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  bucket (name below `rate:`), rate (perSecond, burst)
-- Replies  'attempt' and the milliseconds until the next one is allowed, or '' when this one was
-- Again    counts twice: an attempt whose reply was lost has happened
--@include caller-rate
--@include run

return run(function()
  return { 'attempt', overRate(input.bucket, input.rate) or '' }
end)
