"""Other people's tools as their pages embed them; each notes what reaches it."""

from types import MappingProxyType

# As the tools' own instructions have them, without what loads more from the network.
SNIPPETS = MappingProxyType(
    {
        "google": """
          window.dataLayer = window.dataLayer || [];
          function gtag() { dataLayer.push(arguments); }
          gtag("config", "G-1");""",
        "uet": """
          window.uetq = window.uetq || [];
          window.uetq.push("event", "page_view", {});""",
        "clarity": """
          window.clarity = window.clarity || function () {
            (clarity.q = clarity.q || []).push(arguments);
          };
          clarity("set", "page", "1");""",
        "meta": """
          !function (f, n) {
            if (f.fbq) return;
            n = f.fbq = function () {
              n.callMethod ? n.callMethod.apply(n, arguments) : n.queue.push(arguments);
            };
            if (!f._fbq) f._fbq = n;
            n.push = n; n.loaded = !0; n.version = "2.0"; n.queue = [];
          }(window);
          fbq("init", "1");
          fbq("track", "PageView");""",
        "tiktok": """
          var ttq = window.ttq = window.ttq || [];
          for (const name of ["page", "holdConsent", "revokeConsent", "grantConsent"])
            ttq[name] = (...given) => ttq.push([name, ...given]);
          ttq.page();""",
        "matomo": """
          var _paq = window._paq = window._paq || [];
          _paq.push(["trackPageView"]);""",
        "posthog": """
          window.posthog = window.posthog || [];
          posthog.push(["capture", "$pageview"]);""",
    }
)

# What the snippets load: it takes what waits, in order, then hears each call at once.
LIBRARIES = MappingProxyType(
    {
        "google": """
          const kind = (entry) => Object.prototype.toString.call(entry);
          const take = (entry) => {
            const isCall = kind(entry) === "[object Arguments]";
            note("google", ...(isCall ? entry : [entry]));
          };
          dataLayer.forEach(take);
          dataLayer.push = take;""",
        "uet": """
          const waiting = [...window.uetq];
          while (waiting.length) note("uet", ...waiting.splice(0, 3));
          window.uetq = { push: (...call) => note("uet", ...call) };""",
        "clarity": """
          const waiting = window.clarity.q;
          window.clarity = (...call) => note("clarity", ...call);
          waiting.forEach((call) => window.clarity(...call));""",
        "meta": """
          fbq.callMethod = (...call) => note("meta", ...call);
          fbq.queue.splice(0).forEach((call) => fbq.callMethod(...call));""",
        "tiktok": """
          const waiting = [...window.ttq];
          window.ttq = {};
          for (const name of ["page", "holdConsent", "revokeConsent", "grantConsent"])
            window.ttq[name] = (...given) => note("tiktok", name, ...given);
          waiting.forEach(([name, ...given]) => window.ttq[name](...given));""",
        # It sends when it hears a yes, and takes calls of one kind before all others.
        "matomo": """
          let isGiven = true;
          const unsent = [];
          const send = () =>
            isGiven && unsent.splice(0).forEach((it) => note("matomo", it));
          const calls = {
            requireConsent: () => (isGiven = false),
            setConsentGiven: () => (isGiven = true),
            forgetConsentGiven: () => (isGiven = false),
            trackPageView: () => unsent.push("sent"),
          };
          const take = ([name]) => {
            calls[name]();
            if (name !== "trackPageView") note("matomo", name);
            send();
          };
          const isFirst = ([name]) => name.match(/^(require|set)Consent/);
          const waiting = window._paq;
          window._paq = { push: take };
          waiting.filter(isFirst).forEach(take);
          waiting.filter((call) => !isFirst(call)).forEach(take);""",
        # It keeps what it is told, sends unless that is a no, and takes over its name.
        "posthog": """
          const config = {};
          const isOut = () =>
            +(localStorage.posthog ?? !config.opt_out_capturing_by_default) === 0;
          const told = (name, choice) => {
            note("posthog", name);
            localStorage.posthog = choice;
          };
          const posthog = {
            __loaded: true,
            set_config: (more) => Object.assign(config, more),
            has_opted_in_capturing: () => !isOut(),
            has_opted_out_capturing: isOut,
            opt_in_capturing: () => told("opt_in_capturing", 1),
            opt_out_capturing: () => told("opt_out_capturing", 0),
            capture: (name) => isOut() || note("posthog", name),
            push: (call) =>
              call.call ? call.call(posthog) : posthog[call[0]](...call.slice(1)),
          };
          const waiting = window.posthog;
          waiting.filter((call) => call.call).forEach(posthog.push);
          waiting.filter((call) => !call.call).forEach(posthog.push);
          window.posthog = posthog;""",
        "shopify": """
          const known = JSON.parse(sessionStorage.known ?? "{}");
          const customerPrivacy = {
            currentVisitorConsent: () => known,
            setTrackingConsent: (signals, done) => {
              note("shopify", signals);
              for (const name in signals) known[name] = signals[name] ? "yes" : "no";
              sessionStorage.known = JSON.stringify(known);
              done();
            },
          };
          window.Shopify = {
            loadFeatures: ([feature], done) => setTimeout(() => {
              if (feature.name !== "consent-tracking-api") return done(new Error());
              window.Shopify.customerPrivacy = customerPrivacy;
              done();
            }),
          };""",
        "wordpress": """
          const cookie = (name) => `wp_consent_${name}=`;
          window.wp_has_consent = (name) =>
            !window.wp_consent_type || document.cookie.includes(`${cookie(name)}allow`);
          window.wp_set_consent = (name, value) => {
            document.cookie = cookie(name) + value;
            const detail = Object.assign([], { [name]: value });
            const event = new CustomEvent("wp_listen_for_consent_change", { detail });
            document.dispatchEvent(event);
          };
          document.addEventListener("wp_listen_for_consent_change", ({ detail }) =>
            note("wordpress", { ...detail }));""",
    }
)
NOTING = "(window.calls ??= [], window.note ??= (...call) => calls.push(call));"
TOOLS = tuple(LIBRARIES)


def snippet(tool):
    """Return the tag of a tool as a page has it: its snippet, then its library."""
    return tag(SNIPPETS.get(tool, "")) + tag(f"{{ {NOTING}{LIBRARIES[tool]} }}")


def tag(text):
    """Return an inline script."""
    return f"<script>{text}</script>"


def heard(page, tool):
    """Return what reached a tool so far, call by call."""
    calls = page.evaluate("window.calls")
    return [call[1:] for call in calls if call[0] == tool]
