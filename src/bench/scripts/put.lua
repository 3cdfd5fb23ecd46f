-- Changes 200 services in turn: no request repeats what is stored, so each is a new generation on disk.
local services, first_port = 200, 20000
local count = 0

request = function()
  count = count + 1
  local number = count % services
  local round = math.floor(count / services)
  -- Two runs that follow each other must differ too.
  local grace = (os.time() % 1000) * 60 + round % 60 + 1
  local body = string.format('{"port": %d, "gracePeriod": "%dms"}', first_port + number, grace)
  return wrk.format("PUT", "/services/bench-" .. number, {["Content-Type"] = "application/json"}, body)
end

done = function(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  print(string.format("result %.0f %.1f %.1f %d", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, failed))
end
