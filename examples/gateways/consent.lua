-- Asks the consent service about a request, and leaves the verdict in txn.consent_allows.
-- Whatever is no 200 denies, an answer that does not come among it.
local READ = { "consent-token", "cookie", "sec-gpc" }

core.register_action("consent", { "http-req" }, function(txn, address)
  local shown = txn.http:req_get_headers()
  local sent = {}
  for _, name in ipairs(READ) do
    if shown[name] then
      sent[name] = {}
      -- HAProxy counts from 0.
      for place = 0, #shown[name] do
        sent[name][place + 1] = shown[name][place]
      end
    end
  end
  local answer = core.httpclient():get({ url = address, headers = sent, timeout = 2000 })
  txn:set_var("txn.consent_allows", answer ~= nil and answer.status == 200)
end, 1)
