-- Send requests from a file, in turn, and tell what became of them.
local requests, sent = {}, 0

function init(args)
  for one in assert(io.open(args[1], "rb")):read("*a"):gmatch("%Z+") do
    requests[#requests + 1] = one
  end
end

function request()
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end

function done(summary)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.stderr:write(string.format('{"answers": %d, "microseconds": %d, "failed": %d}',
    summary.requests, summary.duration, failed))
end
