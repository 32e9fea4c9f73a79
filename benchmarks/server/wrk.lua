-- Send requests from a file, in turn, and tell what became of them.
-- After it: how many milliseconds a connection pauses at most between two.
local requests, sent = {}, 0
local longest = 0

function init(args)
  for one in assert(io.open(args[1], "rb")):read("*a"):gmatch("%Z+") do
    requests[#requests + 1] = one
  end
  longest = tonumber(args[2] or 0)
  -- Without it wrk does not even look at the clock.
  if longest > 0 then
    function delay() return math.random(0, longest) end
  end
end

function request()
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end

function done(summary, latency)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.stderr:write(string.format(
    '{"answers": %d, "microseconds": %d, "failed": %d, "p50": %d, "p99": %d}',
    summary.requests, summary.duration, failed,
    latency:percentile(50), latency:percentile(99)))
end
